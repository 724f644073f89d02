"""Sittings in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from jupyter_speccollab.document.sitting import Sitting
from jupyter_speccollab.store.base import Measure, Snapshot, StoredSitting
from jupyter_speccollab.store.statements import sittings as rows

from .transactions import SqlTransactions


class SqlSittings(SqlTransactions):
    """Implements `SittingStore`."""

    async def sittings(
        self, spec_id: str, before: int | None = None, limit: int = 20
    ) -> Sequence[StoredSitting]:
        return await self._read(lambda connection: rows.below(connection, spec_id, before, limit))

    async def next_sitting(self, spec_id: str, after: int) -> Sitting | None:
        return await self._read(lambda connection: rows.following(connection, spec_id, after))

    async def add_sittings(self, spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
        return await self._write(lambda connection: rows.add(connection, spec_id, before, found))

    async def set_measure(self, spec_id: str, sitting: Sitting, measure: Measure) -> None:
        await self._write(lambda connection: rows.set_measure(connection, spec_id, sitting, measure))

    async def set_subjects(self, spec_id: str, sitting: Sitting, subjects: Sequence[str]) -> None:
        await self._write(lambda connection: rows.set_subjects(connection, spec_id, sitting, subjects))

    async def commit_times(self, spec_id: str, after: int, limit: int) -> Sequence[tuple[int, datetime]]:
        return await self._read(lambda connection: rows.commit_times(connection, spec_id, after, limit))

    async def kept_revisions(self, spec_id: str, after: int, until: int) -> Sequence[Snapshot]:
        return await self._read(lambda connection: rows.kept_revisions(connection, spec_id, after, until))

    async def contributions(self, spec_id: str, after: int, until: int) -> Mapping[str, int]:
        return await self._read(lambda connection: rows.contributions(connection, spec_id, after, until))
