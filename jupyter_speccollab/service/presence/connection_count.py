"""The connection count: what each user has open on this server, in all specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jupyter_speccollab.bus.base import Bus

NOT_JOINED: Final = "-"
"""In place of a spec: a WebSocket that is open and in no session."""


class ConnectionCount:
    """Counts connected sessions, and WebSockets without a session; tells the other servers by the ``bus``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._opened: dict[str, dict[str, str]] = {}

    def count(self, user_id: str, without: str | None = None) -> int:
        """How many the user has on this server, apart from the one with the id ``without``."""
        opened = self._opened.get(user_id, {})
        return len(opened) - (without in opened)

    def waiting(self, user_id: str) -> int:
        """How many of them are WebSockets without a session."""
        return sum(spec_id == NOT_JOINED for spec_id in self._opened.get(user_id, {}).values())

    async def elsewhere(self, user_id: str) -> Mapping[str, str]:
        """The same of the other servers: the spec of each, or `NOT_JOINED`, by its id."""
        return await self._bus.connections_elsewhere(user_id)

    def opened(self, user_id: str, connection_id: str, spec_id: str) -> None:
        """A session has a connection: its first one, or another. Or a WebSocket is open: `NOT_JOINED`."""
        self._opened.setdefault(user_id, {})[connection_id] = spec_id
        self._bus.connected(user_id, connection_id, spec_id)

    def ended(self, user_id: str, connection_id: str) -> None:
        """A session has no connection any more, or a WebSocket is closed or has joined; may be called again."""
        opened = self._opened.get(user_id, {})
        if opened.pop(connection_id, None) is None:
            return
        if not opened:
            del self._opened[user_id]
        self._bus.disconnected(user_id, connection_id)
