"""The cursor relay: passes cursors on, the newest of each session, so many a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.service.presence.session import Session


class CursorRelay:
    """Coalesces what each session says of its cursor.

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
        """Pass this cursor on, now or when the session's turn comes."""
        key = session.session_id
        wait = self._next.get(key, 0.0) - self._monotonic()
        if wait <= 0 and key not in self._timers:
            self._pass_on(session, cursor, version)
            return
        self._waiting[key] = (session, cursor, version)
        if key not in self._timers:
            self._timers[key] = asyncio.get_running_loop().call_later(wait, self._turn, key)

    def forget(self, session_id: str) -> None:
        """The session is gone; nothing of it is passed on any more."""
        if timer := self._timers.pop(session_id, None):
            timer.cancel()
        self._waiting.pop(session_id, None)
        self._next.pop(session_id, None)

    def _turn(self, key: str) -> None:
        del self._timers[key]
        self._pass_on(*self._waiting.pop(key))

    def _pass_on(self, session: Session, cursor: Cursor | None, version: int) -> None:
        self._next[session.session_id] = self._monotonic() + self._interval
        self._send(session, cursor, version)
