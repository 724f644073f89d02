"""Whose turn it is: nobody waits for somebody else's flood, and nobody's edits change places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.live.fair_queue import CHEAP, FULL, GROUP, NEAR, FairQueue
from jupyter_speccollab.service.live.queued import QueuedSubmission

ADA = User("00000000-0000-5000-8000-00000000000a", "ada", "Ada")


def entry(session: str, behind: int, number: int = 0) -> QueuedSubmission:
    submission = Submission(f"{session}{number}", ADA, behind, [], "", session_id=session)
    return QueuedSubmission(submission, Caller(ADA), lambda outcome: None)


def turns(*entries: QueuedSubmission) -> FairQueue:
    """Entries that wait; the base version of each stands for its distance."""
    waiting = FairQueue(lambda one: one.version)
    for one in entries:
        waiting.add(one)
    return waiting


def ids(group: list[QueuedSubmission]) -> list[str]:
    return [one.submission.operation_id for one in group]


def test_sessions_take_turns() -> None:
    waiting = turns(*(entry("a", 0, number) for number in range(100)), entry("b", 0), entry("c", 0))
    first = waiting.take_group()
    assert ids(first)[:4] == ["a0", "b0", "c0", "a1"]
    assert len(first) < 30
    waiting.add(entry("d", 0))
    assert ids(waiting.take_group())[:2] == ["a" + str(len(first) - 2), "d0"]


def test_whoever_was_not_served_comes_first_in_the_next_group() -> None:
    names = [f"s{number}" for number in range(90)]
    waiting = turns(*(entry(name, 40, number) for name in names for number in range(2)))
    first = waiting.take_group()
    assert ids(waiting.take_group())[0] == f"s{len(first)}0"


def test_one_far_off_holds_back_its_own_session_only() -> None:
    far = entry("a", NEAR + 1)
    waiting = turns(far, entry("a", 0, 1), entry("b", 0))
    assert ids(waiting.take_group()) == ["b0"]
    assert waiting.take_group() == []
    assert waiting.next_distant() is far


def test_nobody_waits_after_clearing() -> None:
    waiting = turns(entry("a", 0), entry("b", 99))
    assert len(waiting.clear()) == 2
    assert not waiting


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, NEAR)), max_size=60))
def test_everybody_is_served_once_and_in_order(drawn: list[tuple[str, int]]) -> None:
    waiting = turns(*(entry(name, behind, number) for number, (name, behind) in enumerate(drawn)))
    served: list[QueuedSubmission] = []
    while waiting:
        group = waiting.take_group()
        steps = sum(1 + one.version + place for place, one in enumerate(group))
        alone = len({one.author for one in group}) == len(group)
        assert 0 < len(group) <= GROUP
        assert len(group) == 1 or steps <= (FULL if alone else max(CHEAP, 3 * (NEAR + 3)))
        served += group
    for name in "abc":
        expected = [f"{name}{number}" for number, (other, _) in enumerate(drawn) if other == name]
        assert [one for one in ids(served) if one[0] == name] == expected
