"""Sessions in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.store.base import SessionRecord
from jupyter_speccollab.store.statements import sessions as rows

from .transactions import SqlTransactions


class SqlSessions(SqlTransactions):
    """Implements `SessionStore`."""

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        if not sessions:
            return
        try:
            await self._write(lambda connection: rows.add(connection, sessions))
        except IntegrityError:
            for spec_id in {session.spec_id for session in sessions}:
                await self._require_spec(spec_id)
            await self._require_users({session.user_id for session in sessions})
            raise

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        return await self._write(lambda connection: rows.touch(connection, server, at, moved))

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        if session_ids:
            await self._write(lambda connection: rows.remove(connection, session_ids))

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        if not spec_ids:
            return ()
        return await self._read(lambda connection: rows.of_specs(connection, spec_ids))

    async def sweep_sessions(self, idle_since: datetime) -> int:
        return await self._write(lambda connection: rows.sweep(connection, idle_since))
