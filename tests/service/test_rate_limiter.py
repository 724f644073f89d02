"""The rate limiter: a number of operations in any minute, however fast they come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.service.rate_limiter import RateLimiter, share
from tests.text.vectors import VECTORS, read


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more_than_the_limit_and_none_is_refused_below_it(
    pauses: list[float], limit: int
) -> None:
    limiter = RateLimiter(limit)
    now = 0.0
    taken: list[float] = []
    for pause in pauses:
        now += pause
        in_window = [moment for moment in taken if moment + 60 > now]
        reset = max(0.0, in_window[0] + 60 - now) if in_window else 0.0
        assert limiter.remaining("a", now) == (limit - len(in_window), reset)
        assert limiter.take("a", now) is (len(in_window) < limit)
        if len(in_window) < limit:
            taken.append(now)


@pytest.mark.parametrize("case", read(VECTORS / "limiter_vectors.jsonl"), ids=lambda case: case["limit"])
def test_the_limiter_counts_like_that_of_the_browser_tests(case: dict[str, Any]) -> None:
    limiter = RateLimiter(case["limit"])
    for step in case["steps"]:
        now = step["at"] / 1000
        assert limiter.take("a", now) is step["allowed"]
        assert limiter.remaining("a", now) == (step["remaining"], step["resetMs"] / 1000)


def test_users_do_not_share_their_minute() -> None:
    limiter = RateLimiter(1)
    assert limiter.take("a", 0)
    assert limiter.take("b", 0)
    assert not limiter.take("a", 59.9)
    assert limiter.take("a", 60)


def test_giving_back_undoes_a_take() -> None:
    limiter = RateLimiter(1)
    assert limiter.take("a", 0)
    limiter.give_back("a")
    assert limiter.take("a", 1)
    limiter.forget_idle(61)
    limiter.give_back("a")
    assert limiter.remaining("a", 61)[0] == 1


async def test_a_user_has_one_limit_on_all_servers() -> None:
    hub = MemoryHub(lambda: 0.0)
    buses, limiters = [MemoryBus(hub), MemoryBus(hub)], [RateLimiter(10), RateLimiter(10)]
    for bus in buses:
        await bus.open()

    async def all_share(now: float) -> None:
        for bus, limiter in zip(buses, limiters, strict=True):
            await share({"operations": limiter}, bus, lambda: now)

    one, other = limiters
    assert all(one.take("a", 0) for _ in range(7))
    assert other.take("a", 0)
    await all_share(0)
    await all_share(0)
    left = (one.remaining("a", 1), other.remaining("a", 1), other.remaining("b", 1))
    assert [remaining for remaining, _ in left] == [2, 2, 10]
    one.give_back("a")
    await all_share(1)
    assert [other.take("a", 2) for _ in range(4)] == [True, True, True, False]
    assert other.remaining("a", 2)[1] == 58
    assert other.take("a", 60)
