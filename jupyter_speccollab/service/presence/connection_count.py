"""The connection count: the connected sessions of each user on this server, in all specs."""

from __future__ import annotations

from jupyter_speccollab.bus.base import Bus


class ConnectionCount:
    """Counts connected sessions, and tells the other servers by the ``bus``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._sessions: dict[str, set[str]] = {}

    def count(self, user_id: str) -> int:
        """How many connected sessions the user has on this server."""
        return len(self._sessions.get(user_id, ()))

    def opened(self, user_id: str, session_id: str, spec_id: str) -> None:
        """A session has a connection: its first one, or another."""
        self._sessions.setdefault(user_id, set()).add(session_id)
        self._bus.connected(user_id, session_id, spec_id)

    def ended(self, user_id: str, session_id: str) -> None:
        """A session has no connection any more; may be called again."""
        sessions = self._sessions.get(user_id, set())
        sessions.discard(session_id)
        if not sessions:
            self._sessions.pop(user_id, None)
        self._bus.disconnected(user_id, session_id)
