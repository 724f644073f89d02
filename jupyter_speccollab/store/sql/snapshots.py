"""Snapshots in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.store.base import Snapshot
from jupyter_speccollab.store.checks import check_hash
from jupyter_speccollab.store.statements import snapshots as rows

from .transactions import SqlTransactions


class SqlSnapshots(SqlTransactions):
    """Implements `SnapshotStore`."""

    async def save_snapshot(
        self, spec_id: str, snapshot: Snapshot, attribution: bytes | None = None
    ) -> Snapshot:
        def save(connection: Connection) -> Snapshot:
            return rows.save(connection, spec_id, snapshot, attribution)

        try:
            return await self._write(save)
        except IntegrityError:
            await self._require_spec(spec_id)
            await self._require_users({snapshot.created_by})
            return await self._write(save)  # another server has inserted one at the same time

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        def load(connection: Connection) -> Snapshot | None:
            found = rows.newest(connection, spec_id, at)
            return found and check_hash(found)

        return await self._read(load)

    async def revisions(
        self,
        spec_id: str,
        before: int | None = None,
        limit: int = 20,
        content: bool = True,
        most_bytes: int | None = None,
    ) -> Sequence[Snapshot]:
        def read(connection: Connection) -> Sequence[Snapshot]:
            start = None
            if content and most_bytes is not None:
                start = rows.start_of_page(connection, spec_id, before, limit, most_bytes)
            return rows.below(connection, spec_id, before, limit, content, start)

        return await self._read(read)

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        if not versions:
            return 0
        return await self._write(lambda connection: rows.thin(connection, spec_id, versions))

    async def remove_label(self, spec_id: str, version: int) -> None:
        await self._write(lambda connection: rows.remove_label(connection, spec_id, version))

    async def set_summary(self, spec_id: str, version: int, summary: str) -> None:
        await self._write(lambda connection: rows.set_summary(connection, spec_id, version, summary))

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        return await self._read(lambda connection: rows.nearest(connection, spec_id, version))
