"""A submission on its way from its base version to the current one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.transformation import LONG, MOST_COMPONENTS, Transformation
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import OperationOutgrown
from jupyter_speccollab.text import Operation, normalise, transform
from tests.text.strategies import edits, law

ADA = User("ada", "ada", "Ada")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def submission(operation: Operation, cursor: Cursor | Offsets | None = None) -> Submission:
    return Submission("mine", ADA, 0, operation, "", "session", cursor)


def committed(operations: list[Operation]) -> list[CommittedOperation]:
    return [
        CommittedOperation(version, str(version), "bo", "Bo", None, operation, [], NOW, "")
        for version, operation in enumerate(operations, 1)
    ]


def concurrent(operations: list[Operation]) -> list[CommittedOperation]:
    """Operations on one text as they are committed one after the other."""
    made: list[Operation] = []
    for operation in operations:
        moved = operation
        for earlier in made:
            moved = normalise(transform(moved, earlier, "left"))
        made.append(moved)
    return committed(made)


@law
@given(
    edits(count=5),
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
    st.integers(0, 20),
    st.sampled_from([1, 4, LONG]),
    st.booleans(),
)
def test_interrupting_it_changes_nothing(
    made: tuple[str, *tuple[Operation, ...]], pieces: list[int], head: int, long: int, copied: bool
) -> None:
    """In chunks or not, in parts or not, over one version after the other: always the same."""
    _, mine, *others = made
    log = concurrent(others)
    moved, cursor = mine, Offsets(head, (0, head))
    for one in log:
        cursor = cursor.after(normalise(transform(one.operation, moved, "right")))
        moved = normalise(transform(moved, one.operation, "left"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_speccollab.document.transformation.LONG", long)
        patch.setattr("jupyter_speccollab.text.long_transform.STEP", 1)
        patch.setattr("jupyter_speccollab.text.chunks.CHUNK", 2)
        patch.setattr("jupyter_speccollab.text.chunks.SMALL", 1)
        transformation = Transformation(submission(mine, Offsets(head, (0, head))))
        turn = 0
        while transformation.version < len(log):
            transformation.over(log[transformation.version :], pieces[turn % len(pieces)])
            turn += 1
            if copied and turn < 50:
                transformation = transformation.copy()
                pieces = [*pieces, 1_000]
    assert transformation.submission.operations == moved
    assert transformation.submission.cursor == cursor
    assert transformation.submission.base_version == len(log)


def test_its_work_is_bounded_by_what_it_is_given() -> None:
    words = Operation(tuple([3, "a", -1] * 6_000))
    transformation = Transformation(submission(Operation(tuple([2, "b", -2] * 6_000))))
    read = []
    while transformation.version < 1:
        read.append(transformation.over(committed([words]), 1_000))
    assert len(read) > 10
    assert max(read) < 2_000


def test_a_copy_goes_its_own_way() -> None:
    """What is staged on a version that is then lost leaves nothing in the original."""
    transformation = Transformation(submission(Operation.of(5, "x")))
    transformation.copy().over(committed([Operation.of("never committed")]))
    assert transformation.version == 0
    assert transformation.submission.operations == Operation.of(5, "x")


def test_an_operation_that_grows_too_long_ends() -> None:
    """A delete of everything is split by every insert of others."""
    everything = Operation.of(-100_000)
    letters = Operation(tuple([5, "x"] * 15_000))
    transformation = Transformation(submission(everything))
    transformation.over(committed([letters]))
    assert len(transformation.submission.operations.components) == 30_001  # type: ignore[attr-defined]
    more = Operation(tuple([7, "y"] * 15_000))
    with pytest.raises(OperationOutgrown, match="too many places"):
        transformation.over(committed([letters, more])[1:])
    assert MOST_COMPONENTS < 60_000
