"""Compaction in SQL."""

from __future__ import annotations

from datetime import datetime

from jupyter_speccollab.store.base import Size
from jupyter_speccollab.store.statements import compaction as rows

from .transactions import SqlTransactions


class SqlCompaction(SqlTransactions):
    """Implements `CompactionStore`."""

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        return await self._read(lambda connection: rows.version_before(connection, spec_id, moment))

    async def folded(self, spec_id: str) -> int:
        return await self._read(lambda connection: rows.folded(connection, spec_id))

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        await self._write(lambda connection: rows.fold(connection, spec_id, after, until, base))

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        return await self._read(lambda connection: rows.size(connection, spec_id, until))
