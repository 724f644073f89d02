"""Trash: specs that were deleted, and can be restored for a while with everything that belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.document.access_list import AccessList

from .specs import SpecPage, SpecRecord
from .usage import Usage


class TrashStore(Protocol):
    """The columns ``trashed_at`` and ``trashed_by`` of ``specifications``.

    For the methods of all other nouns that look for a spec, one in the trash does not exist: `SpecMissing`. Its id
    stays taken, and it counts as before for the user who created it. Law: whatever was stored before is there again
    after `undelete_spec` (``contract/test_trash.py::test_it_comes_back_with_everything``).
    """

    async def trash_spec(self, spec_id: str, by: str, at: datetime) -> None:
        """Put the spec into the trash. Raises `SpecMissing`, also if it is there already.

        Increments ``access_version``, so that no commit that is under way succeeds.
        """

    async def trashed(self, spec_id: str) -> SpecRecord:
        """Return the spec. Raises `SpecMissing` if it is not in the trash."""

    async def trashed_access(self, spec_id: str) -> AccessList:
        """Return its access list. Raises `SpecMissing` if it is not in the trash."""

    async def trashed_specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        owned_by: Collection[str] | None = None,
        only: str | None = None,
    ) -> SpecPage:
        """Return the specs in the trash, last deleted first; ``query`` and ``only`` as in `SpecStore.specs`.

        With ``owned_by``, only specs that one of these principals owns.
        """

    async def undelete_spec(self, spec_id: str) -> SpecRecord:
        """Take the spec out of the trash; returns it. Raises `SpecMissing` if it is not in the trash."""

    async def end_trashed(self, spec_id: str, until: datetime) -> bool:
        """Delete the spec for good if it is in the trash since ``until`` or longer; returns whether it was."""

    async def expired(self, until: datetime, limit: int) -> Sequence[str]:
        """Return at most ``limit`` ids of specs that are in the trash since ``until`` or longer, oldest first."""

    async def trash_usage(self) -> Usage:
        """Return what the specs in the trash store together."""
