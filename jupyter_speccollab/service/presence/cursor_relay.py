"""The cursor relay: limits how often each session's cursor is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.service.presence.session import Session


class CursorRelay:
    """Skips cursors that are replaced before they may be sent.

    ``send(session, cursor, version)`` is called at once for the first, then at most ``per_second`` times a
    second, always with the newest.
    """

    def __init__(
        self,
        per_second: int,
        monotonic: Callable[[], float],
        send: Callable[[Session, Cursor | None, int], None],
    ) -> None:
        self._interval = 1.0 / per_second
        self._monotonic = monotonic
        self._send = send
        self._next: dict[str, float] = {}
        self._waiting: dict[str, tuple[Session, Cursor | None, int]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def offer(self, session: Session, cursor: Cursor | None, version: int) -> None:
        """Send this cursor now, or when the session may send the next one."""
        key = session.session_id
        wait = self._next.get(key, 0.0) - self._monotonic()
        if wait <= 0 and key not in self._timers:
            self._send_now(session, cursor, version)
            return
        self._waiting[key] = (session, cursor, version)
        if key not in self._timers:
            self._timers[key] = asyncio.get_running_loop().call_later(wait, self._send_waiting, key)

    def forget(self, session_id: str) -> None:
        """The session has ended: drop its waiting cursor."""
        if timer := self._timers.pop(session_id, None):
            timer.cancel()
        self._waiting.pop(session_id, None)
        self._next.pop(session_id, None)

    def _send_waiting(self, key: str) -> None:
        del self._timers[key]
        self._send_now(*self._waiting.pop(key))

    def _send_now(self, session: Session, cursor: Cursor | None, version: int) -> None:
        self._next[session.session_id] = self._monotonic() + self._interval
        self._send(session, cursor, version)
