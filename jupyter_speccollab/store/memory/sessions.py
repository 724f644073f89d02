"""Sessions in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.store.base import SessionRecord

from .state import MemoryState


class MemorySessions(MemoryState):
    """Implements `SessionStore`."""

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        for session in sessions:
            self._stored(session.spec_id)
        self._require_users({session.user_id for session in sessions})
        replaced = {(session.spec_id, session.socket_id) for session in sessions}
        self._sessions = {
            key: row for key, row in self._sessions.items() if (row.spec_id, row.socket_id) not in replaced
        }
        self._sessions.update({session.session_id: session for session in sessions})

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        of_server = [key for key, row in self._sessions.items() if row.socket_id.startswith(server)]
        for key in of_server:
            self._sessions[key] = replace(self._sessions[key], last_activity=at)
        for session in moved:
            if stored := self._sessions.get(session.session_id):
                self._sessions[session.session_id] = replace(stored, cursor_position=session.cursor_position)
        return len(of_server)

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        for session_id in session_ids:
            self._sessions.pop(session_id, None)

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        found = [row for row in self._sessions.values() if row.spec_id in spec_ids]
        found.sort(key=lambda row: (row.joined_at, row.session_id))
        return tuple(replace(row, user_name=self._users[row.user_id].name) for row in found)

    async def sweep_sessions(self, idle_since: datetime) -> int:
        idle = [key for key, row in self._sessions.items() if row.last_activity < idle_since]
        await self.remove_sessions(idle)
        return len(idle)
