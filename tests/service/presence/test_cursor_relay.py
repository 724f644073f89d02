"""The cursor relay: how often cursors and drafts are sent, and in which order. Time is counted, not waited for."""

from __future__ import annotations

from random import Random
from typing import Any, cast

import pytest
from msgspec import Raw

from jupyter_speccollab.document.cursor import Cursor, Position
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.presence import cursor_relay
from jupyter_speccollab.service.presence.cursor_relay import CursorRelay, SentCursor
from jupyter_speccollab.service.presence.session import Session
from tests.service.faults import somebody

SHORT, LONG = Raw(b"short"), Raw(b"long")
SIZES = {b"short": 50, b"long": 900}
A_MOMENT = 1e-6


class Timer:
    def __init__(self, at: float, act: Any) -> None:
        self.at, self.act, self.is_cancelled = at, act, False

    def cancel(self) -> None:
        self.is_cancelled = True


class Clock:
    """Stands in for the event loop."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def call_later(self, delay: float, act: Any, *arguments: Any) -> Timer:
        timer = Timer(self.now + delay, lambda: act(*arguments))
        self.timers.append(timer)
        return timer

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if not timer.is_cancelled and timer.at <= end]:
            timer = min(due, key=lambda each: each.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            timer.act()
        self.now = end


class Sent:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.all: list[tuple[float, SentCursor]] = []

    def __call__(self, session: Session, sent: SentCursor) -> int:
        self.all.append((self.clock.now, sent))
        return 0 if sent.draft is None else SIZES[bytes(sent.draft)]

    @property
    def last(self) -> SentCursor:
        return self.all[-1][1]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("asyncio.get_running_loop", lambda: clock)
    return clock


@pytest.fixture
def sent(clock: Clock) -> Sent:
    return Sent(clock)


@pytest.fixture
def relay(clock: Clock, sent: Sent) -> CursorRelay:
    return CursorRelay(20, lambda: clock.now, sent)


def session() -> Session:
    return Session("one", somebody("ada"), Role.OWNER, None, "remote_cursor", 0)


def cursor(column: int, draft: Raw | None = None, *, summon: bool = False) -> SentCursor:
    return SentCursor(Cursor(Position(0, column)), 1, draft, summon)


@pytest.mark.parametrize("seed", range(20))
def test_no_second_has_more_drafts_than_allowed_and_the_newest_is_sent(
    seed: int, clock: Clock, sent: Sent, relay: CursorRelay
) -> None:
    rng, ada = Random(seed), session()
    for number in range(2_000):
        relay.offer(ada, cursor(number, rng.choice([SHORT, SHORT, LONG, None])))
        clock.run(rng.choice([0.0, 0.01, 0.05, 0.3]))
    clock.run(1)
    assert cast(Cursor, sent.last.cursor).head.column == 1_999
    for draft, most in ((SHORT, 10), (LONG, 2)):
        times = [at for at, each in sent.all if each.draft == draft]
        for first, later in zip(times, times[most:], strict=False):
            assert later - first >= 1 - A_MOMENT
    columns = [cast(Cursor, each.cursor).head.column for _, each in sent.all]
    assert columns == sorted(columns)


def test_the_end_of_a_draft_is_sent_at_once_and_not_twice(
    clock: Clock, sent: Sent, relay: CursorRelay
) -> None:
    ada = session()
    relay.offer(ada, cursor(1, SHORT))
    relay.offer(ada, cursor(2, SHORT))
    relay.offer(ada, cursor(3))
    assert [(each.draft, cast(Cursor, each.cursor).head.column) for _, each in sent.all] == [
        (SHORT, 1),
        (None, 3),
    ]
    relay.end_draft(ada)
    clock.run(1)
    assert len(sent.all) == 2


def test_a_draft_that_waits_is_ended_as_well(clock: Clock, sent: Sent, relay: CursorRelay) -> None:
    ada = session()
    relay.offer(ada, cursor(1))
    relay.offer(ada, cursor(2, SHORT))
    relay.end_draft(ada)
    clock.run(1)
    assert [each.draft for _, each in sent.all] == [None, None]
    assert sent.last == cursor(2)


def test_nothing_is_ended_where_there_was_no_draft(clock: Clock, sent: Sent, relay: CursorRelay) -> None:
    ada = session()
    relay.end_draft(ada)
    relay.offer(ada, cursor(1))
    relay.end_draft(ada)
    clock.run(1)
    assert len(sent.all) == 1


def test_a_session_that_has_ended_sends_nothing_more(clock: Clock, sent: Sent, relay: CursorRelay) -> None:
    ada = session()
    relay.offer(ada, cursor(1, LONG))
    relay.offer(ada, cursor(2, LONG))
    relay.forget("one")
    clock.run(5)
    assert len(sent.all) == 1


def test_a_summons_is_not_lost_among_cursors_and_is_rare(
    clock: Clock, sent: Sent, relay: CursorRelay
) -> None:
    ada = session()
    relay.offer(ada, cursor(0))
    for number in range(1, 300):
        relay.offer(ada, cursor(number, summon=number % 3 == 1))
        clock.run(0.01)
    clock.run(1)
    times = [at for at, each in sent.all if each.summon]
    assert len(times) == 2
    assert times[1] - times[0] >= cursor_relay.SUMMON_EVERY - 0.1
