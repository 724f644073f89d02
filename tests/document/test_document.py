"""Staging, the window, and cursors of a document."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.cursor import Cursor, Position
from jupyter_speccollab.document.document import Document, Stage, Staged
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.document.window import OPERATIONS, TEXTS
from jupyter_speccollab.errors import DocumentTooLarge, InvalidOperation, VersionConflict
from jupyter_speccollab.text import Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADA = User("00000000-0000-5000-8000-00000000000a", "ada", "Ada")


def document(content: str) -> Document:
    return Document("00000000-0000-4000-8000-000000000001", "epoch", 0, Text.of(content))


def submission(number: int, base: int, *components: object, cursor: Cursor | None = None) -> Submission:
    return Submission(f"op-{number}", ADA, base, list(components), str(number), cursor=cursor)


def insert(position: int, content: str) -> dict[str, object]:
    return {"type": "insert", "position": position, "content": content}


def add(stage: Stage, one: Submission) -> Staged:
    """Both halves of staging a submission."""
    return stage.take(stage.transform(one), NOW)


def commit(target: Document, stage: Stage) -> None:
    for staged in stage.staged:
        target.advance(staged.committed, staged.text)


edits = st.lists(
    st.tuples(
        st.integers(0, 5),  # how many versions behind
        st.floats(0, 1),  # where
        st.sampled_from(["a", "😀b", "\n", ""]),
        st.integers(0, 3),  # how much is deleted
    ),
    max_size=12,
)


def made(drawn: list[tuple[int, float, str, int]], content: str) -> list[Submission]:
    """Submissions that are valid at their base versions, made by committing them one by one."""
    played = document(content)
    texts = [content]
    found = []
    for number, (behind, where, text, length) in enumerate(drawn):
        base = max(0, played.version - behind)
        size = len(texts[base])
        position = round(where * size)
        removed = min(length, size - position)
        one = submission(
            number, base, {"type": "delete", "position": position, "length": removed}, insert(position, text)
        )
        found.append(one)
        stage = Stage(played, 10_000)
        add(stage, one)
        commit(played, stage)
        texts.append(str(played.text))
    return found


@given(edits, st.text("xyz😀\n", max_size=10), st.integers(1, 5))
def test_a_group_gives_the_same_text_as_its_members_one_by_one(
    drawn: list[tuple[int, float, str, int]], content: str, size: int
) -> None:
    submissions = made(drawn, content)
    singly, grouped = document(content), document(content)
    for one in submissions:
        stage = Stage(singly, 10_000)
        add(stage, one)
        commit(singly, stage)
    for start in range(0, len(submissions), size):
        stage = Stage(grouped, 10_000)
        for one in submissions[start : start + size]:
            add(stage, one)
        commit(grouped, stage)
    assert str(grouped.text) == str(singly.text)
    assert grouped.version == singly.version == len(submissions)


def test_a_refused_submission_leaves_the_stage_as_it_was() -> None:
    stage = Stage(document("abc"), 5)
    for bad, error in [
        (submission(1, 0, insert(4, "x")), InvalidOperation),
        (submission(2, 0, insert(0, "long")), DocumentTooLarge),
        (submission(3, 1, insert(0, "x")), VersionConflict),
        (Submission("op", ADA, 0, "no list", ""), InvalidOperation),
    ]:
        with pytest.raises(error):
            add(stage, bad)
    assert (stage.version, str(stage.text), stage.staged) == (0, "abc", [])


def test_the_window_is_bounded() -> None:
    target = document("")
    for number in range(OPERATIONS + 50):
        stage = Stage(target, 10_000)
        add(stage, submission(number, number, insert(0, "x")))
        commit(target, stage)
    assert target.window.start == 50
    assert target.window.since(49) is None
    assert len(target.window.since(50) or ()) == OPERATIONS
    assert target.window.find("op-49") is None
    assert target.window.find("op-50") is not None
    assert str(target.window.text_at(target.version)) == str(target.text)
    assert target.window.text_at(50) is None


def test_a_window_of_large_operations_is_bounded_by_their_text() -> None:
    target = document("")
    for number in range(6):
        stage = Stage(target, 10_000_000)
        add(stage, submission(number, number, insert(0, "x" * 1_000_000)))
        commit(target, stage)
    assert target.window.start >= 2


def test_the_cursor_of_an_operation_is_transformed_over_later_operations() -> None:
    target = document("one\ntwo\n")
    stage = Stage(target, 1_000)
    add(stage, submission(1, 0, insert(0, "zero\n")))
    staged = add(stage, submission(2, 0, insert(7, "!"), cursor=Cursor(Position(1, 4))))
    assert str(stage.text) == "zero\none\ntwo!\n"
    assert staged.cursor == Cursor(Position(2, 4))


def test_the_cursor_of_a_very_old_operation_is_only_clamped() -> None:
    target = document("one\ntwo\n")
    for number in range(TEXTS + 1):
        stage = Stage(target, 1_000)
        add(stage, submission(number, number, insert(0, "x")))
        commit(target, stage)
    cursors = [Cursor(Position(1, 2)), Cursor(Position(99, 99))]
    stage = Stage(target, 1_000)
    staged = [add(stage, submission(500 + at, 0, insert(8, "!"), cursor=cursors[at])) for at in range(2)]
    assert [one.cursor for one in staged] == [Cursor(Position(1, 2)), Cursor(Position(2, 2))]


def test_an_old_cursor_is_transformed_to_the_current_version_and_clamped() -> None:
    target = document("one\ntwo\n")
    stage = Stage(target, 1_000)
    add(stage, submission(1, 0, insert(4, "x\n")))
    commit(target, stage)
    selection = (Position(1, 0), Position(1, 3))
    assert target.cursor_at(Cursor(Position(1, 3), selection), 0) == Cursor(
        Position(2, 3), (Position(2, 0), Position(2, 3))
    )
    assert target.cursor_at(Cursor(Position(99, 99)), 1) == Cursor(Position(3, 0))
