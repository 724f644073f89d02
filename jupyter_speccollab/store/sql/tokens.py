"""Revoked tokens in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.store.statements import tokens as rows

from .transactions import SqlTransactions


class SqlTokens(SqlTransactions):
    """Implements `TokenStore`."""

    async def revoke(self, subject: str, at: datetime) -> None:
        try:
            await self._write(lambda connection: rows.revoke(connection, subject, at))
        except IntegrityError:  # another server has inserted the subject at the same time
            await self._write(lambda connection: rows.revoke(connection, subject, at))

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        if not subjects:
            return {}
        return await self._read(lambda connection: rows.find(connection, subjects))
