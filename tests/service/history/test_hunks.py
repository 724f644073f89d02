"""Hunks: equal to those that a plain, slow way finds; their cost grows with what was changed."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.history.hunks import encoded, hunks, hunks_without_steps
from jupyter_speccollab.service.history.steps import Steps
from jupyter_speccollab.text import Operation, apply, normalise, to_stored
from jupyter_speccollab.text import Text as Rope
from tests.service.history.reference import reference
from tests.store.values import START
from tests.text.strategies import law, operations_on, texts

History = tuple[str, str, list[CommittedOperation]]
"""The text before operations, the text after them, and the operations."""


def made(version: int, by: str, text: str, operation: Operation) -> CommittedOperation:
    return CommittedOperation(
        version, str(version), by, by.title(), None, operation, to_stored(operation, Rope(text)), START, ""
    )


def steps_of(operations: Sequence[CommittedOperation]) -> Steps:
    steps = Steps()
    for committed in operations:
        steps.add(committed)
    sent: Steps = pickle.loads(pickle.dumps(steps))
    return sent


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[CommittedOperation]]:
    """A text, and operations of several people one after the other."""
    first = text = draw(texts)
    operations = []
    for version in range(1, draw(st.integers(0, 9)) + 1):
        operation = normalise(draw(operations_on(len(text))))
        operations.append(made(version, draw(st.sampled_from(["ada", "bob", "cy"])), text, operation))
        text = apply(operation, text)
    return first, operations


@law
@given(histories())
def test_hunks_are_those_of_every_single_code_point(history: tuple[str, list[CommittedOperation]]) -> None:
    old, operations = history
    new, expected = reference(old, operations)
    assert hunks(old, new, steps_of(operations)) == expected


@law
@given(histories(), st.booleans())
def test_hunks_lead_from_one_text_to_the_other(
    history: tuple[str, list[CommittedOperation]], backwards: bool
) -> None:
    old, operations = history
    new, _ = reference(old, operations)
    here, there = (new, old) if backwards else (old, new)
    for hunk in reversed(json.loads(encoded(old, new, steps_of(operations), backwards))):
        position, removed = hunk["position"], hunk["removed"]
        assert here[position : position + len(removed)] == removed
        assert hunk["authors"]
        here = here[:position] + hunk["added"] + here[position + len(removed) :]
    assert here == there


def lines_run(act: Callable[[], Any]) -> int:
    """How many lines of Python ``act`` runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def every_second_line_replaced(lines: int) -> History:
    old = "one line\n" * lines
    operation = Operation.of(*(9, "changed\n", -9) * (lines // 2))
    return old, apply(operation, old), [made(1, "ada", old, operation)]


def many_edits_all_over(count: int) -> History:
    old = text = "a word " * 2 * count
    operations = []
    for version in range(1, count + 1):
        place = version * 7919 % (len(text) - 3)
        operation = Operation.of(place, "new", -2)
        operations.append(made(version, "ada" if version % 2 else "bob", text, operation))
        text = apply(operation, text)
    return old, text, operations


@pytest.mark.parametrize("history", [every_second_line_replaced, many_edits_all_over])
def test_twice_the_changes_cost_about_twice_the_steps(history: Callable[[int], History]) -> None:
    costs = []
    for count in (400, 800, 1_600):
        old, new, operations = history(count)
        steps = steps_of(operations)
        costs.append(lines_run(lambda old=old, new=new, steps=steps: hunks(old, new, steps)))  # type: ignore[misc]
    assert costs[1] < 2.4 * costs[0]
    assert costs[2] < 2.4 * costs[1]


def test_without_steps_there_is_one_hunk_where_the_names_would_be_too_many() -> None:
    old, new = "a\n" * 3_000, "a\nb\n" * 1_500
    few = {"1": "Ada", "2": "Bob"}
    assert len(hunks_without_steps(old, new, few)) == 1_500
    many = {str(number): f"Somebody {number}" for number in range(200)}
    (hunk,) = hunks_without_steps("x" + old + "end", "x" + new + "end", many)
    assert hunk.authors == many
    text = "x" + old + "end"
    end = hunk.position + len(hunk.removed)
    assert text[hunk.position : end] == hunk.removed
    assert text[: hunk.position] + hunk.added + text[end:] == "x" + new + "end"
