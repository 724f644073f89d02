"""So many in any minute, as fast as they come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.service.limiter import Limiter


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more_than_the_limit_and_none_is_refused_below_it(
    pauses: list[float], limit: int
) -> None:
    limiter = Limiter(limit)
    now = 0.0
    taken: list[float] = []
    for pause in pauses:
        now += pause
        in_window = [moment for moment in taken if moment + 60 > now]
        assert limiter.remaining("a", now) == limit - len(in_window)
        assert limiter.reset_seconds("a", now) == (max(0.0, in_window[0] + 60 - now) if in_window else 0.0)
        assert limiter.take("a", now) is (len(in_window) < limit)
        if len(in_window) < limit:
            taken.append(now)


def test_users_do_not_share_their_minute() -> None:
    limiter = Limiter(1)
    assert limiter.take("a", 0)
    assert limiter.take("b", 0)
    assert not limiter.take("a", 59.9)
    assert limiter.take("a", 60)


def test_what_is_given_back_was_never_taken() -> None:
    limiter = Limiter(1)
    assert limiter.take("a", 0)
    limiter.give_back("a")
    assert limiter.take("a", 1)
    limiter.forget_idle(61)
    limiter.give_back("a")
    assert limiter.remaining("a", 61) == 1
