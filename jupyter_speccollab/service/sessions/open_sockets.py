"""The open WebSockets of this server: counted from the handshake, limited for each user and in all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import ServerFull, TooManySessions
from jupyter_speccollab.service.presence.connection_count import NOT_JOINED, ConnectionCount
from jupyter_speccollab.service.sessions.shortage import Shortage

JOIN_WITHIN: Final = 30.0
"""Seconds that a WebSocket may be open without a session."""

TAKE_OVER_WITHIN: Final = 5.0
"""The same for one above its user's limit: it may only take over a session, which adds none."""

NEVER_JOINED: Final = 4408
"""The close code of a WebSocket that was open without a session for too long."""

MAX_REFUSED: Final = 64
"""How many refused WebSockets are given time to read why; further ones are closed at once."""

FREE: Final = 0.1
"""The part of a limit that must be free again before the log says that it is no longer reached."""

logger = logging.getLogger(__name__)


class OpenSockets:
    """Admits WebSockets. ``most``: how many this server takes; ``most_per_user``: how many of one user.

    Laws: never more than ``most`` WebSockets are open here, apart from `MAX_REFUSED` that are being closed, so that
    file descriptors remain for everything else. A user has at most ``most_per_user`` for longer than
    `TAKE_OVER_WITHIN`, on all servers together, apart from what a race between two servers allows
    (``tests/handlers/socket/test_open_sockets.py``).
    """

    def __init__(self, most: int, most_per_user: int, connections: ConnectionCount) -> None:
        self.most = most
        self.most_per_user = most_per_user
        self.connections = connections
        self.count = 0
        self.refused = 0
        self._server = Shortage(logger)
        self._users: dict[str, Shortage] = {}

    def open(self) -> OpenSocket:
        """Count a new handshake. Nothing about it is known yet; `OpenSocket.check_server` says whether to go on."""
        return OpenSocket(self)

    def check_server(self) -> None:
        """Raises `ServerFull` if this server has more than ``most``."""
        if self.count > self.most:
            self._server.refuse(f"this server has {self.most} open WebSockets, as many as sockets_per_server")
            raise ServerFull(
                f"This server has {self.most} open connections, as many as it takes. Try again in a minute, or ask "
                "its admin to raise the limit."
            )

    async def check_user(self, user: User) -> float:
        """The seconds within which one more WebSocket of a user has to join. Raises `TooManySessions`."""
        elsewhere = await self.connections.elsewhere(user.user_id)
        here, waiting_here = self.connections.count(user.user_id), self.connections.waiting(user.user_id)
        waiting = waiting_here + sum(spec_id == NOT_JOINED for spec_id in elsewhere.values())
        total = here + len(elsewhere)
        if total < self.most_per_user:
            return JOIN_WITHIN
        if total - self.most_per_user < total - waiting:  # each session may be taken over by one WebSocket
            return TAKE_OVER_WITHIN
        shortage = self._users.setdefault(user.user_id, Shortage(logger))
        shortage.refuse(
            f"user {user.user_id} has {total} open WebSockets, as many as sessions_per_user_in_all"
        )
        raise TooManySessions(
            f"You have {total} connections open, as many as you may have. Close some of them."
        )

    def closed(self, user_id: str | None) -> None:
        """A WebSocket is no longer open, so a limit may no longer be reached."""
        if self._server.is_on and self.count <= self.most * (1 - FREE):
            self._server.end("open WebSockets of this server")
        shortage = self._users.get(user_id or "")
        if shortage and self.connections.count(user_id or "") <= self.most_per_user * (1 - FREE):
            shortage.end(f"open WebSockets of user {user_id}")
            del self._users[user_id or ""]


class OpenSocket:
    """One WebSocket, from its handshake on. Without a session, it counts itself as one of its user's."""

    def __init__(self, sockets: OpenSockets) -> None:
        self.socket_id = str(uuid4())
        self._sockets = sockets
        self._user_id: str | None = None
        self._seconds = JOIN_WITHIN
        self._is_refused = False
        self._is_closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._close: Callable[[int, str], None] = lambda code, reason: None
        sockets.count += 1

    def check_server(self) -> None:
        """Raises `ServerFull`."""
        self._sockets.check_server()

    async def admit(self, user: User) -> None:
        """Count this WebSocket as one of a user's. Raises `TooManySessions`."""
        self._seconds = await self._sockets.check_user(user)
        if not self._is_closed:
            self._user_id = user.user_id
            self._sockets.connections.opened(user.user_id, self.socket_id, NOT_JOINED)

    def refuse(self) -> bool:
        """This WebSocket is about to be closed, and takes nobody's place. Whether it may wait for the client."""
        if not self._is_refused:
            self._is_refused = True
            self._sockets.count -= 1
            self._sockets.refused += 1
        self._leave()
        return self._sockets.refused <= MAX_REFUSED

    def wait(self, close: Callable[[int, str], None]) -> None:
        """Start to wait for a session; ``close`` is called if none is joined in time."""
        self._close = close
        self._start_timer()

    def joining(self) -> None:
        """A session is being joined: however long that takes, it does not count."""
        self._stop_timer()

    def joined(self) -> None:
        """There is a session, which counts itself."""
        self._leave()

    def without_session(self) -> None:
        """There is no session, or none any more: start to wait for one."""
        if self._user_id is not None and not self._is_closed:
            self._sockets.connections.opened(self._user_id, self.socket_id, NOT_JOINED)
            self._start_timer()

    def close(self) -> None:
        """The WebSocket is closed."""
        if self._is_closed:
            return
        self._is_closed = True
        self._leave()
        if self._is_refused:
            self._sockets.refused -= 1
        else:
            self._sockets.count -= 1
        self._sockets.closed(self._user_id)

    def _leave(self) -> None:
        self._stop_timer()
        if self._user_id is not None:
            self._sockets.connections.ended(self._user_id, self.socket_id)

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end)
        self._seconds = JOIN_WITHIN

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._close(NEVER_JOINED, "You did not join the session in time. Connect again to join.")
