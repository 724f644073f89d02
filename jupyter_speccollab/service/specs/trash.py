"""Trash: deletes specs, keeps them for a while, restores them, and ends them when their time is over."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecNotFound, StoreUnavailable
from jupyter_speccollab.service.access.roles import Access, check, not_found
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.specs.entry import entry_of
from jupyter_speccollab.service.specs.specs import Specs
from jupyter_speccollab.store.base import ReadState, SpecMissing, SpecRecord

DAYS: Final = 30
"""How long a deleted spec can be restored, unless it is configured."""

EVERY: Final = 3600.0
"""Seconds between two looks for specs whose time is over."""

RETRY: Final = 60.0
"""Seconds until the next look after one that failed."""

AT_ONCE: Final = 20
"""How many specs are looked for at a time."""

PAUSE: Final = 1.0
"""Seconds after each spec that was ended, in which the database serves others."""

logger = logging.getLogger(__name__)


class Trash:
    """What becomes of a spec that its owner deletes.

    It stays for ``days`` days in the trash: for everybody as if it did not exist, but its owners can restore it
    with its history. It counts for the quotas as before. With 0 days it is ended at once. Law: each transaction
    ends one spec, and others are served in between (``tests/service/specs/test_trash.py``).
    """

    def __init__(self, documents: Documents, access: Access, specs: Specs, days: int = DAYS) -> None:
        self.days = days
        self._documents = documents
        self._store = documents.store
        self._access = access
        self._specs = specs
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to end specs whose time is over, in the background."""
        self._sweeping = in_background(self._sweep_again(), "end specs in the trash")

    async def close(self) -> None:
        """Stop that."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)

    async def delete(self, caller: Caller, spec_id: str, *, permanently: bool = False) -> None:
        """Put a spec into the trash, or end it, and end its sessions. Raises `SpecNotFound`, `Forbidden`.

        ``permanently`` ends also one that is in the trash.
        """
        ends = permanently or self.days == 0
        if permanently:
            check(self._access.role(caller, await self._any_list(spec_id)), Role.OWNER)
        else:
            await self._access.require(caller, spec_id, Role.OWNER)
        try:
            if ends:
                await self._store.delete_spec(spec_id)
            else:
                await self._store.trash_spec(spec_id, caller.user.user_id, self._documents.clock())
        except SpecMissing:
            raise not_found() from None
        self._access.audit.record("spec-deleted", caller, spec_id, permanently=ends)
        self._documents.spec_deleted(spec_id)
        if ends:
            await self._count_again()

    async def page(self, caller: Caller, query: str, cursor: str | None, limit: int) -> dict[str, Any]:
        """The specs in the trash that ``caller`` owns, last deleted first.

        A page may be shorter than ``limit`` though there are more. Raises `InvalidMessage` for an invalid cursor.
        """
        owns_all = max(self._access.default_role, caller.default) is Role.OWNER
        owned_by = None if owns_all else caller.principals
        page = await self._store.trashed_specs(query, cursor, limit, owned_by=owned_by, only=caller.only)
        roles = await self._access.roles(caller, [record.spec_id for record in page.specs])
        mine = [record for record in page.specs if roles[record.spec_id] is Role.OWNER]
        people = await self._store.users({record.trashed_by or "" for record in mine} - {""})
        reads = await self._store.read_states(caller.user.user_id, [record.spec_id for record in mine])
        threads = await self._store.thread_counts([each.spec_id for each in mine], caller.user.user_id)
        entries = [
            self._entry(
                record,
                people.get(record.trashed_by or ""),
                reads.get(record.spec_id, ReadState()),
                threads.get(record.spec_id, (0, 0)),
            )
            for record in mine
        ]
        return {"specs": entries, "nextCursor": page.next_cursor}

    async def undelete(self, caller: Caller, spec_id: str) -> dict[str, Any]:
        """Take a spec out of the trash; returns its entry, also if it is out already.

        Raises `SpecNotFound`, `Forbidden`, `RateLimited`.
        """
        check(self._access.role(caller, await self._any_list(spec_id)), Role.OWNER)
        self._documents.writes.count(caller.user)
        with suppress(SpecMissing):  # it is out already, or was ended at this moment
            await self._store.undelete_spec(spec_id)
            self._access.audit.record("spec-undeleted", caller, spec_id)
        return await self._specs.get(caller, spec_id)

    async def sweep(self) -> int:
        """End the specs whose time is over; returns how many this server has ended."""
        ended = 0
        until = self._documents.clock() - timedelta(days=self.days)
        while found := await self._store.expired(until, AT_ONCE):
            for spec_id in found:
                if await self._store.end_trashed(spec_id, until):
                    ended += 1
                    self._access.audit.expired(spec_id)
                await asyncio.sleep(PAUSE)
        if ended:
            logger.info("%d specs were deleted for good, after %d days in the trash", ended, self.days)
            await self._count_again()
        return ended

    async def _sweep_again(self) -> None:
        while True:
            pause = RETRY
            try:
                await self.sweep()
                pause = EVERY
            except StoreUnavailable:
                logger.debug("the database is away: the trash is looked through later")
            except Exception:
                logger.exception("could not look through the trash")
            await asyncio.sleep(pause)

    async def _any_list(self, spec_id: str) -> AccessList:
        """The access list of a spec, in the trash or not. Raises `SpecNotFound`."""
        with suppress(SpecNotFound):
            return await self._access.list_of(spec_id)
        try:
            return await self._store.trashed_access(spec_id)
        except SpecMissing:
            raise not_found() from None

    async def _count_again(self) -> None:
        with suppress(StoreUnavailable):  # then the numbers are read later
            await self._documents.quotas.look_again()

    def _entry(
        self, record: SpecRecord, deleted_by: User | None, read: ReadState, threads: tuple[int, int]
    ) -> dict[str, Any]:
        assert record.trashed_at is not None
        return {
            **entry_of(Role.OWNER, record, (), read, threads),
            "deletedAt": iso(record.trashed_at),
            "deletedBy": record.trashed_by,
            "deletedByName": deleted_by.name if deleted_by else "",
            "endsAt": iso(_end(record.trashed_at, self.days)),
        }


def _end(trashed_at: datetime, days: int) -> datetime:
    return trashed_at + timedelta(days=days)
