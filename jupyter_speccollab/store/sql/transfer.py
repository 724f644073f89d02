"""Export and import in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from jupyter_speccollab.store.base import LoggedOperation, Part
from jupyter_speccollab.store.statements import transfer as statements

from .transactions import SqlTransactions


class SqlTransfer(SqlTransactions):
    """Implements `TransferStore`."""

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        return await self._read(
            lambda connection: statements.rows(connection, spec_id, after, until, limit, characters)
        )

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        await self._write(lambda connection: statements.add(connection, parts()))
