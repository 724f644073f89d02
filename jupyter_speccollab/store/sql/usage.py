"""Usage in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Usage
from jupyter_speccollab.store.statements import usage as rows

from .transactions import SqlTransactions


class SqlUsage(SqlTransactions):
    """Implements `UsageStore`."""

    async def usage(self, user_ids: Collection[str]) -> Mapping[str, Usage]:
        if not user_ids:
            return {}
        return await self._read(lambda connection: rows.of_users(connection, user_ids))

    async def total_usage(self) -> Usage:
        return await self._read(rows.total)

    async def largest_usage(self, limit: int) -> Sequence[tuple[User, Usage]]:
        return await self._read(lambda connection: rows.largest(connection, limit))

    async def recount_usage(self, spec_id: str) -> None:
        await self._write(lambda connection: rows.recount(connection, spec_id))
