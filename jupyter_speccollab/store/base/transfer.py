"""Transfer: reading a spec row by row for an export, and inserting it for an import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import Change

from .access import Grant
from .attachments import Attachment, AttachmentPart
from .attribution import StoredAttribution
from .snapshots import Snapshot
from .specs import SpecRecord
from .threads import DeletedThread, StoredThread


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """A row of ``document_operations`` as it is stored, without the name of the user.

    ``changes`` (see `jupyter_speccollab.text.changes`) is ``None`` if the operation is folded. ``author_id`` and
    ``thread_id`` are those of an accepted suggestion.
    """

    version: int
    operation_id: str
    user_id: str
    session_id: str | None
    changes: Sequence[Change] | None
    applied_at: datetime
    fingerprint: str
    author_id: str | None = None
    thread_id: str | None = None


Part = (
    User
    | SpecRecord
    | Grant
    | Snapshot
    | StoredAttribution
    | Attachment
    | AttachmentPart
    | StoredThread
    | DeletedThread
    | Sequence[LoggedOperation]
)
"""A part of a spec with its history.

Operations come in groups, an attribution after its snapshot, and after an attachment all of its parts.
"""


class PartRefused(Exception):
    """A part of an import can't be stored: it names an unknown user, or contains an id that is stored already."""


class TransferStore(Protocol):
    """The part of a store that export and import need."""

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        """Return versions in ``(after, until]``, ascending, at most ``limit``.

        Beyond the first one, only as many as contain ``characters`` in total, as the database counts them.
        """

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        """Insert a spec with everything that belongs to it, or nothing: its `SpecRecord`, then the other ``parts``.

        Nothing is inserted if ``parts`` raises; the exception is passed on. A known `User` is not changed. A
        user that a part names must be known or come before it. ``parts`` may be called again if the transaction
        is repeated, and may run in another thread. Raises `SpecIdTaken`, `PartRefused`.
        """
