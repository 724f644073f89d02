"""Specs: one entry for each document, with its title, version and epoch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jupyter_speccollab.document.committed import CommittedOperation

from .snapshots import Snapshot
from .usage import Quota


@dataclass(frozen=True, slots=True)
class SpecRecord:
    """A row of ``specifications``.

    ``version`` is the number of committed operations. ``epoch`` identifies this history: a spec that was
    deleted and imported again has the same id and another epoch. ``entry_version`` is the number of changes of
    title, description, type, status and notebook, which is the path of a notebook, or the end of it.
    ``trashed_at`` and ``trashed_by`` are set while the spec is in the trash. ``threads_version`` is the number of
    changes of its threads.
    """

    spec_id: str
    title: str
    description: str
    type: str
    status: str
    version: int
    epoch: str
    access_version: int
    created_by: str
    created_at: datetime
    modified_by: str
    modified_by_name: str
    modified_at: datetime
    entry_version: int = 0
    trashed_at: datetime | None = None
    trashed_by: str | None = None
    notebook: str = ""
    threads_version: int = 0

    @property
    def entry(self) -> Mapping[str, str]:
        """Title, description, type and status."""
        return {
            "title": self.title,
            "description": self.description,
            "type": self.type,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class SpecState:
    """The numbers that a live document compares with its own, to see whether the spec changed elsewhere."""

    version: int
    epoch: str
    access_version: int
    entry_version: int = 0
    threads_version: int = 0


@dataclass(frozen=True, slots=True)
class SpecPage:
    """A page of specs, last modified or deleted first; ``next_cursor`` is opaque, and ``None`` on the last page."""

    specs: Sequence[SpecRecord] = field(default_factory=tuple)
    next_cursor: str | None = None


class SpecOrder(StrEnum):
    """How a list of specs is sorted; by title where what is named is the same."""

    CHANGED = "changed"
    """Last modified first."""
    TITLE = "title"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which specs are listed, and in which order. ``None``: whatever it is.

    ``owned_by``: those whose access list has one of these principals as an owner. ``unread_by``: those of which
    `ReadMarkStore.read_states` tells unread versions for this user.
    """

    order: SpecOrder = SpecOrder.CHANGED
    status: str | None = None
    type: str | None = None
    owned_by: Collection[str] | None = None
    unread_by: str | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many specs have each status, and each type; the most frequent ones first."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)


FACETS = 30
"""The greatest number of different statuses, and types, that are counted."""


class SpecMissing(Exception):
    """No spec has this id; it may have been deleted."""


class SpecIdTaken(Exception):
    """A spec with this id exists already, maybe in the trash."""


class SpecStore(Protocol):
    """The ``specifications`` table."""

    async def create_spec(
        self,
        spec: SpecRecord,
        first: CommittedOperation | None,
        snapshot: Snapshot,
        quota: Quota | None = None,
    ) -> None:
        """Insert a spec, its first operation (if it has content) and its ``created`` snapshot, or nothing.

        The user in ``created_by`` becomes the owner. Raises `SpecIdTaken`, and `QuotaReached` if the user would
        then have more than ``quota``. Law: however many servers create specs of a user at the same time, they never
        exceed the quota together (``contract/test_usage.py::test_concurrent_creations_keep_to_the_quota``).
        """

    async def spec(self, spec_id: str) -> SpecRecord:
        """Return the spec. Raises `SpecMissing`."""

    async def specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        visible_to: Collection[str] | None = None,
        only: str | None = None,
        notebooks: Collection[str] | None = None,
        choice: Choice = Choice(),
    ) -> SpecPage:
        """Return specs whose title, description or text has every term of ``query``.

        Terms are found as `jupyter_speccollab.document.words` says, in texts as they were indexed (`SearchStore`).
        With ``visible_to``, only specs whose access list has an entry for one of these principals; with ``only``,
        only the spec with this id; with ``notebooks``, only specs that name one of them. Raises `InvalidMessage`
        for a cursor that this store did not make.
        """

    async def facets(self, *, visible_to: Collection[str] | None = None, only: str | None = None) -> Facets:
        """Return what can be chosen of; ``visible_to`` and ``only`` as in `specs`."""

    async def states(self, spec_ids: Collection[str]) -> Mapping[str, SpecState]:
        """Return the `SpecState` of each spec among ``spec_ids`` that exists."""

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        """Set any of ``title``, ``description``, ``type``, ``status`` and ``notebook``; returns the spec.

        ``entry_version`` grows by one if any of them changes; other versions and times stay.
        Raises `SpecMissing`, and ValueError for another field.
        """

    async def delete_spec(self, spec_id: str) -> None:
        """Delete the spec with everything that belongs to it, also if it is in the trash. Raises `SpecMissing`."""
