"""Pacing against a server that counts."""

from __future__ import annotations

from collections import deque

import pytest

from jupyter_speccollab.client.sync.pacing import LONGEST, Pacing


class Counting:
    """The server's limit over a sliding minute."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken: deque[float] = deque()

    def refuses(self, now: float) -> bool:
        while self.taken and self.taken[0] + 60 <= now:
            self.taken.popleft()
        return len(self.taken) >= self.limit

    def take(self, now: float) -> tuple[int, float]:
        """Count an operation; returns how many are left, and the seconds until one comes back."""
        assert not self.refuses(now), f"refused at {now}"
        self.taken.append(now)
        return self.limit - len(self.taken), self.reset(now)

    def reset(self, now: float) -> float:
        return self.taken[0] + 60 - now


@pytest.mark.parametrize("limit", [60, 100, 1_000])
def test_half_an_hour_without_a_pause_meets_no_refusal(limit: int) -> None:
    server, now = Counting(limit), 0.0
    pace, waits = Pacing.start(limit, now), []
    while now < 1_800:
        waits.append(pace.wait(now))
        now += waits[-1]
        remaining, reset = server.take(now)
        pace = pace.sent(now)
        now += 0.03
        pace = pace.acknowledged(remaining, reset, now)
    assert max(waits) <= max(LONGEST, 60 / (limit * 0.8)) + 1e-9
    assert max(waits[:10]) <= 0.1


def test_two_sessions_of_one_user_share_the_limit() -> None:
    """Both edit without a pause. Together they may exceed the limit a little; then one of them waits."""
    server, now, refusals = Counting(100), 0.0, 0
    paces = [Pacing.start(100, now), Pacing.start(100, now)]
    due = [0.0, 0.01]
    while now < 600:
        who = due.index(min(due))
        now = max(now, due[who])
        wait = paces[who].wait(now)
        if wait > 0:
            due[who] = now + max(wait, 0.001)
            continue
        paces[who] = paces[who].sent(now)
        due[who] = now + 0.03
        if server.refuses(now):
            refusals += 1
            paces[who] = paces[who].refused(server.reset(now), now)
        else:
            paces[who] = paces[who].acknowledged(*server.take(now), now + 0.02)
    assert refusals <= 30


def test_a_refusal_holds_everything_back_and_a_raised_limit_nothing() -> None:
    assert Pacing.start(100, 0).refused(5, 1).wait(2) == 4
    pace = Pacing.start(1_000_000, 0)
    for _ in range(1_000):
        pace = pace.sent(0)
    assert pace.wait(0) == 0
