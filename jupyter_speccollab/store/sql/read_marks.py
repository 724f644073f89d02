"""Read marks in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.store.base import ReadState
from jupyter_speccollab.store.statements import read_marks as rows

from .transactions import SqlTransactions


class SqlReadMarks(SqlTransactions):
    """Implements `ReadMarkStore`."""

    async def mark_read(self, spec_id: str, user_id: str, version: int) -> int:
        try:
            return await self._write(lambda connection: rows.mark(connection, spec_id, user_id, version))
        except IntegrityError:
            await self._require_users({user_id})
            raise

    async def read_states(self, user_id: str, spec_ids: Collection[str]) -> Mapping[str, ReadState]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: rows.states(connection, user_id, spec_ids))
