"""The cursor relay: limits how often each session's cursor and draft are sent to others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from msgspec import Raw

from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.service.presence.session import Session

DRAFTS_PER_SECOND: Final = 10
"""How many drafts of a session others are sent."""

LONG_DRAFTS_PER_SECOND: Final = 2
"""The same, for drafts that are longer than `LONG_DRAFT`."""

LONG_DRAFT: Final = 400
"""The size from which a draft counts as long, in UTF-16 units of JSON."""

SUMMON_EVERY: Final = 2.0
"""Seconds between two times that a session asks everybody to come; what comes earlier is an ordinary cursor."""


@dataclass(frozen=True, slots=True)
class SentCursor:
    """A cursor as a session sent it: it holds at ``version``.

    ``draft`` is JSON that nobody has looked at yet, ``None`` where there is none. ``summon``: everybody is asked to
    come to this cursor.
    """

    cursor: Cursor | None
    version: int
    draft: Raw | None = None
    summon: bool = False


@dataclass(slots=True)
class _Pace:
    """What a session may send when, in seconds of the monotonic clock. ``draft``: others show one of its drafts."""

    next: float = 0.0
    next_draft: float = 0.0
    next_summon: float = 0.0
    last: SentCursor | None = None
    draft: bool = False
    waiting: SentCursor | None = None
    timer: asyncio.TimerHandle | None = None


class CursorRelay:
    """Skips cursors and drafts that are replaced before they may be sent.

    ``send(session, cursor)`` is called at once for the first, then at most ``per_second`` times a second, always
    with the newest; with a draft at most `DRAFTS_PER_SECOND` times. It returns the size of the draft that went with
    the cursor, 0 if none did. The first cursor after a draft that has none ends the draft, and is sent at once.

    Laws (``tests/service/presence/test_cursor_relay.py``): in no second are more drafts sent than that, and the
    newest cursor is always sent in the end.
    """

    def __init__(
        self, per_second: int, monotonic: Callable[[], float], send: Callable[[Session, SentCursor], int]
    ) -> None:
        self._interval = 1.0 / per_second
        self._monotonic = monotonic
        self._send = send
        self._paces: dict[str, _Pace] = {}

    def offer(self, session: Session, sent: SentCursor) -> None:
        """Send this cursor now, or when the session may send the next one."""
        pace, now = self._paces.setdefault(session.session_id, _Pace()), self._monotonic()
        if sent.summon:
            sent = replace(sent, summon=now >= pace.next_summon)
            pace.next_summon = max(pace.next_summon, now + SUMMON_EVERY if sent.summon else 0.0)
        if pace.waiting is not None and pace.waiting.summon:
            sent = replace(sent, summon=True)
        ends = pace.draft and sent.draft is None
        due = now if ends else max(pace.next, 0.0 if sent.draft is None else pace.next_draft)
        if pace.timer is not None:
            pace.timer.cancel()
            pace.timer = None
        if due <= now:
            self._send_now(session, pace, sent)
            return
        pace.waiting = sent
        pace.timer = asyncio.get_running_loop().call_later(due - now, self._send_waiting, session, pace)

    def end_draft(self, session: Session) -> None:
        """Tell others that the session has no draft any more, if they show or would be sent one."""
        pace = self._paces.get(session.session_id)
        if pace is None:
            return
        newest = pace.waiting or pace.last
        if newest is not None and (pace.draft or newest.draft is not None):
            self.offer(session, replace(newest, draft=None))

    def forget(self, session_id: str) -> None:
        """The session has ended: drop its waiting cursor."""
        pace = self._paces.pop(session_id, None)
        if pace is not None and pace.timer is not None:
            pace.timer.cancel()

    def _send_waiting(self, session: Session, pace: _Pace) -> None:
        pace.timer = None
        if pace.waiting is not None:
            self._send_now(session, pace, pace.waiting)

    def _send_now(self, session: Session, pace: _Pace, sent: SentCursor) -> None:
        pace.waiting = None
        size = self._send(session, sent)
        now = self._monotonic()
        pace.last = replace(sent, draft=None, summon=False)
        pace.draft = size > 0
        pace.next = now + self._interval
        if size:
            pace.next_draft = now + 1.0 / (LONG_DRAFTS_PER_SECOND if size > LONG_DRAFT else DRAFTS_PER_SECOND)
