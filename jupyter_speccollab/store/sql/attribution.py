"""Attribution in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jupyter_speccollab.store.base import StoredAttribution
from jupyter_speccollab.store.statements import attribution as rows
from jupyter_speccollab.text import Change

from .transactions import SqlTransactions


class SqlAttribution(SqlTransactions):
    """Implements `AttributionStore`."""

    async def attribution(self, spec_id: str, at: int | None = None) -> StoredAttribution | None:
        return await self._read(lambda connection: rows.newest(connection, spec_id, at))

    async def set_attribution(self, spec_id: str, epoch: str, attribution: StoredAttribution) -> None:
        await self._write(lambda connection: rows.store(connection, spec_id, epoch, attribution))

    async def unattributed(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[int]:
        return await self._read(
            lambda connection: rows.unattributed(connection, spec_id, after, until, limit)
        )

    async def byline_pages(self, spec_id: str) -> Sequence[bytes]:
        return await self._read(lambda connection: rows.pages(connection, spec_id))

    async def add_byline_page(self, spec_id: str, epoch: str, number: int, page: bytes) -> None:
        await self._write(lambda connection: rows.add_page(connection, spec_id, epoch, number, page))

    async def changes(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[tuple[int, Sequence[Change] | None]]:
        return await self._read(
            lambda connection: rows.changes(connection, spec_id, after, until, limit, characters)
        )

    async def made_by(self, spec_id: str, after: int, until: int) -> Sequence[tuple[str, datetime]]:
        return await self._read(lambda connection: rows.made_by(connection, spec_id, after, until))
