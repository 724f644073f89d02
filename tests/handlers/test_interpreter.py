"""What the extension sets for the whole process."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from jupyter_speccollab.app import TURN, share_the_interpreter


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize(("before", "after"), [(0.005, TURN), (0.0001, 0.0001)])
def test_threads_take_short_turns(before: float, after: float) -> None:
    sys.setswitchinterval(before)
    share_the_interpreter()
    assert sys.getswitchinterval() == pytest.approx(after, rel=0.05)  # it is kept in whole microseconds
