"""Replaying a history, and the histories that are refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.archive.replay import Replay, hash_of
from jupyter_speccollab.store.base import LoggedOperation, Snapshot
from jupyter_speccollab.text import Change, Text, apply, diff, pack, to_stored
from tests.store.values import ADA, START, a_snapshot, an_id
from tests.text.strategies import law


def a_row(version: int, changes: Sequence[Change] | None) -> LoggedOperation:
    return LoggedOperation(version, an_id("operation", version), ADA.user_id, None, changes, START, "ab")


def replayed(*steps: LoggedOperation | Snapshot) -> Replay:
    replay = Replay()
    for step in steps:
        if isinstance(step, Snapshot):
            replay.revise(step)
        else:
            replay.operate(step)
    return replay


@law
@given(st.lists(st.text(st.sampled_from("ab🎈\n"), max_size=12), max_size=8))
def test_every_history_of_normal_operations_passes(texts: list[str]) -> None:
    replay, before = Replay(), ""
    replay.revise(a_snapshot(0, ""))
    for version, text in enumerate(texts, 1):
        operation = diff(before, text)
        assert apply(operation, before) == text
        replay.operate(a_row(version, pack(to_stored(operation, Text(before)))))
        replay.revise(a_snapshot(version, text))
        before = text
    assert replay.end(len(texts)) == hash_of(before)


def test_a_revision_gives_the_text_after_folded_operations() -> None:
    folded = [a_row(1, None), a_row(2, None)]
    replay = replayed(*folded, a_snapshot(2, "ab"), a_row(3, [(1, "b", "c")]), a_snapshot(3, "ac"))
    assert replay.end(3) == hash_of("ac")
    replay = replayed(*folded, a_snapshot(2, "ab"))
    assert replay.end(2) == hash_of("ab")
    replay = replayed(
        a_row(1, None), a_snapshot(1, "a"), a_row(2, None), a_row(3, [(5, "", "c")]), a_snapshot(3, "c")
    )
    assert replay.end(3) == hash_of("c"), "after an interrupted compaction"


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([a_row(2, [])], "version 2 is where version 1 should be"),
        ([a_row(1, []), a_row(1, [])], "version 1 is where version 2"),
        ([a_row(1, [(0, "", "a")]), a_row(3, [])], "version 3 is where"),
        ([a_row(1, [(1, "", "a")])], "does not fit"),
        ([a_row(1, [(-1, "", "a")])], "normal form"),
        ([a_row(1, [(0, "a", "b")])], "does not fit"),
        ([a_row(1, [(0, "", "abc")]), a_row(2, [(1, "x", "")])], "does not fit"),
        ([a_row(1, [(0, "", "abc")]), a_row(2, [(0, "a", ""), (2, "c", "")])], "normal form"),
        ([a_row(1, [(0, "", "abc")]), a_row(2, [(1, "b", ""), (0, "a", "")])], "normal form"),
        ([a_row(1, [(0, "", "")])], "normal form"),
        ([a_snapshot(1, "a")], "revision of version 1 is at version 0"),
        ([a_row(1, []), a_snapshot(0, "")], "revision of version 0 is at version 1"),
        ([a_snapshot(0, ""), a_snapshot(0, "")], "revision of version 0"),
        ([a_row(1, [(0, "", "a")]), a_snapshot(1, "b")], "not the text that its operations make"),
        ([a_row(1, []), a_row(2, None)], "version 2 is folded, but version 1 is not"),
        ([a_row(1, None), a_row(2, []), a_row(3, None)], "version 3 is folded, but version 2 is not"),
        ([a_row(1, None), a_row(2, [(0, "", "")])], "normal form"),
    ],
)
def test_a_history_that_does_not_agree_is_refused(steps: list[LoggedOperation | Snapshot], told: str) -> None:
    replayed(*steps[:-1])
    with pytest.raises(Flaw, match=told):
        replayed(*steps)


def test_a_text_that_does_not_match_its_hash_is_refused() -> None:
    snapshot = a_snapshot(0, "")
    with pytest.raises(Flaw, match="does not match its hash"):
        replayed(
            Snapshot(
                **{**{n: getattr(snapshot, n) for n in Snapshot.__slots__}, "content_hash": hash_of("a")}
            )
        )


def test_an_end_at_another_version_is_refused() -> None:
    with pytest.raises(Flaw, match="ends at version 1, not at 2"):
        replayed(a_row(1, [])).end(2)
    for steps in ([a_row(1, None)], [a_row(1, None), a_snapshot(1, "a"), a_row(2, None)]):
        with pytest.raises(Flaw, match=f"no revision holds the text of version {steps[-1].version}"):
            replayed(*steps).end(steps[-1].version)
