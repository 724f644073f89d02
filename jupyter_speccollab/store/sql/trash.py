"""The trash in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.store.base import SpecPage, SpecRecord, Usage
from jupyter_speccollab.store.paging import page_of, place_in_trash, place_of
from jupyter_speccollab.store.statements import trash as rows

from .transactions import SqlTransactions


class SqlTrash(SqlTransactions):
    """Implements `TrashStore`."""

    async def trash_spec(self, spec_id: str, by: str, at: datetime) -> None:
        await self._write(lambda connection: rows.put(connection, spec_id, by, at))

    async def trashed(self, spec_id: str) -> SpecRecord:
        return await self._read(lambda connection: rows.one(connection, spec_id))

    async def trashed_access(self, spec_id: str) -> AccessList:
        return await self._read(lambda connection: rows.access(connection, spec_id))

    async def trashed_specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        owned_by: Collection[str] | None = None,
        only: str | None = None,
    ) -> SpecPage:
        place = place_of(cursor)
        if "\0" in query:  # no spec contains one, and PostgreSQL takes none
            return SpecPage()
        found = await self._read(
            lambda connection: rows.page(connection, query, place, limit + 1, owned_by, only)
        )
        return page_of(found, limit, place_in_trash)

    async def undelete_spec(self, spec_id: str) -> SpecRecord:
        return await self._write(lambda connection: rows.take_out(connection, spec_id))

    async def end_trashed(self, spec_id: str, until: datetime) -> bool:
        return await self._write(lambda connection: rows.end(connection, spec_id, until))

    async def expired(self, until: datetime, limit: int) -> Sequence[str]:
        return await self._read(lambda connection: rows.expired(connection, until, limit))

    async def trash_usage(self) -> Usage:
        return await self._read(rows.usage)
