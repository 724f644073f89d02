"""The fair queue: a flood from one session does not delay the others, and each session's edits stay in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.live.fair_queue import (
    FIRST_ROUND_STEPS,
    GROUP_SIZE,
    LATER_ROUND_STEPS,
    MAX_DISTANCE,
    FairQueue,
)
from jupyter_speccollab.service.live.queued import QueuedSubmission

ADA = User("00000000-0000-5000-8000-00000000000a", "ada", "Ada")


def entry(session: str, behind: int, number: int = 0) -> QueuedSubmission:
    submission = Submission(f"{session}{number}", ADA, behind, [], "", session_id=session)
    return QueuedSubmission(submission, Caller(ADA), lambda outcome: None)


def queue_of(*entries: QueuedSubmission) -> FairQueue:
    """A queue of these entries, with the base version of each as its distance."""
    queue = FairQueue(lambda one: one.version)
    for one in entries:
        queue.add(one)
    return queue


def ids(group: list[QueuedSubmission]) -> list[str]:
    return [one.submission.operation_id for one in group]


def test_sessions_take_turns() -> None:
    queue = queue_of(*(entry("a", 0, number) for number in range(100)), entry("b", 0), entry("c", 0))
    first = queue.take_group()
    assert ids(first)[:4] == ["a0", "b0", "c0", "a1"]
    assert len(first) < 30
    queue.add(entry("d", 0))
    assert ids(queue.take_group())[:2] == ["a" + str(len(first) - 2), "d0"]


def test_a_session_left_out_of_a_group_comes_first_in_the_next() -> None:
    names = [f"s{number}" for number in range(90)]
    queue = queue_of(*(entry(name, 40, number) for name in names for number in range(2)))
    first = queue.take_group()
    assert ids(queue.take_group())[0] == f"s{len(first)}0"


def test_a_distant_submission_delays_only_its_own_session() -> None:
    distant = entry("a", MAX_DISTANCE + 1)
    queue = queue_of(distant, entry("a", 0, 1), entry("b", 0))
    assert ids(queue.take_group()) == ["b0"]
    assert queue.take_group() == []
    assert queue.next_distant() is distant


def test_clear_empties_the_queue() -> None:
    queue = queue_of(entry("a", 0), entry("b", 99))
    assert len(queue.clear()) == 2
    assert not queue


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, MAX_DISTANCE)), max_size=60))
def test_every_submission_is_taken_once_and_in_order(drawn: list[tuple[str, int]]) -> None:
    queue = queue_of(*(entry(name, behind, number) for number, (name, behind) in enumerate(drawn)))
    served: list[QueuedSubmission] = []
    while queue:
        group = queue.take_group()
        steps = sum(1 + one.version + place for place, one in enumerate(group))
        alone = len({one.author for one in group}) == len(group)
        assert 0 < len(group) <= GROUP_SIZE
        assert len(group) == 1 or steps <= (
            FIRST_ROUND_STEPS if alone else max(LATER_ROUND_STEPS, 3 * (MAX_DISTANCE + 3))
        )
        served += group
    for name in "abc":
        expected = [f"{name}{number}" for number, (other, _) in enumerate(drawn) if other == name]
        assert [one for one in ids(served) if one[0] == name] == expected
