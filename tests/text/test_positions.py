"""Cursors and selections, transformed over operations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import (
    Operation,
    Side,
    apply,
    transform,
    transform_position,
    transform_range,
)
from jupyter_speccollab.text.chunks import chunked
from jupyter_speccollab.text.positions import position_over_chunks

from .strategies import edits, law


@pytest.mark.parametrize(
    ("position", "operation", "before", "after"),
    [
        (2, Operation((1, "xx")), 4, 4),
        (2, Operation((2, "xx")), 2, 4),
        (2, Operation((3, "xx")), 2, 2),
        (4, Operation((1, -2)), 2, 2),
        (2, Operation((1, -5)), 1, 1),
        (2, Operation((1, "xx", -5)), 3, 3),
        (1, Operation((1, "xx", -5)), 1, 3),
        (0, Operation(()), 0, 0),
    ],
)
def test_a_position_moves(position: int, operation: Operation, before: int, after: int) -> None:
    assert transform_position(position, operation, "before") == before
    assert (
        transform_position(position, operation, "after") == transform_position(position, operation) == after
    )


@law
@given(edits(normal=False), st.integers(0, 20))
def test_position_moves_as_an_insert_does(made: tuple[str, Operation], position: int) -> None:
    text, operation = made
    position = min(position, len(text))
    marked = Operation.of(position, "|")
    for side, priority in (("after", "right"), ("before", "left")):
        moved = transform(marked, operation, priority)  # type: ignore[arg-type]
        expected = moved.components[0] if isinstance(moved.components[0], int) else 0
        assert transform_position(position, operation, side) == expected  # type: ignore[arg-type]


@law
@given(edits(normal=False), st.integers(0, 20), st.sampled_from(["before", "after"]))
def test_a_position_moves_alike_over_chunks(made: tuple[str, Operation], position: int, side: Side) -> None:
    _, operation = made
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_speccollab.text.chunks.CHUNK", 2)
        chunks = chunked(operation.components)
    assert position_over_chunks(position, chunks, side) == transform_position(position, operation, side)


@law
@given(edits(), st.integers(0, 20), st.sampled_from(["before", "after"]))
def test_a_position_keeps_its_neighbour(made: tuple[str, Operation], position: int, side: str) -> None:
    """A surviving code point's own offset after the operation still finds that code point."""
    text, operation = made
    marked = [str(index) + "," for index in range(len(text))]
    survivors = apply_to_list(operation, marked)
    if position < len(text) and marked[position] in survivors:
        assert survivors[transform_position(position, operation, "after")] == marked[position]
    assert 0 <= transform_position(min(position, len(text)), operation, side) <= len(survivors)  # type: ignore[arg-type]


def apply_to_list(operation: Operation, items: list[str]) -> list[str]:
    """As ``apply``, for a list whose items stand for code points."""
    result: list[str] = []
    position = 0
    for component in operation.components:
        if isinstance(component, str):
            result += component
        else:
            result += items[position : position + max(component, 0)]
            position += abs(component)
    return result + items[position:]


def test_a_range_does_not_take_in_what_is_typed_at_its_ends() -> None:
    both_ends = Operation((2, "xx", 3, "yy"))
    assert apply(both_ends, "ab[c]de") == "abxx[c]yyde"
    assert transform_range(2, 5, both_ends) == (4, 7)
    assert transform_range(2, 5, both_ends, "before", "after") == (2, 9)


def test_an_empty_range_stays_empty() -> None:
    assert transform_range(2, 2, Operation((2, "xx"))) == (4, 4)
    assert transform_range(2, 2, Operation((2, "xx")), "before", "after") == (2, 2)


def test_a_range_that_is_deleted_becomes_empty() -> None:
    assert transform_range(2, 5, Operation((1, "new", -6))) == (4, 4)
    assert transform_range(2, 5, Operation((2, "new", -3))) == (5, 5)
