"""Transforms cursors and selections over an operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from .chunks import Chunk, Component
from .operation import Operation

LONG: Final = 500
"""The number of components from which an operation is read in chunks."""

Side = Literal["before", "after"]
"""Where a position ends up when text is inserted at it: before that text, or after it."""


def transform_position(position: int, operation: Operation, side: Side = "after") -> int:
    """*position* (code points from 0) after *operation*.

    It moves right by what is inserted before it, and left by what is deleted before it; inside a deleted
    range it moves to the start of that range. Text inserted exactly at it leaves it on *side*: ``"after"``
    lets the text push it right, as one's own typing does and the protocol wants for everyone's cursor,
    ``"before"`` leaves it where it is.

    Law (``test_positions.py::test_position_moves_as_an_insert_does``): it is where an insert at *position*
    would go with priority ``"right"`` (for ``"after"``) or ``"left"`` (for ``"before"``).
    """
    if len(operation.components) >= LONG:
        return position_over_chunks(position, operation.chunks, side)
    return _moved(position, position, operation.components, side)


def position_over_chunks(position: int, chunks: Iterable[Chunk], side: Side = "after") -> int:
    """As `transform_position`, for an operation in chunks."""
    left, moved = position, position
    for chunk in chunks:
        if left <= chunk.base_length:
            moved = _moved(left, moved, chunk.components, side)
        else:
            moved += chunk.length_change
        left -= chunk.base_length
        if left < 0:
            break
    return moved


def _moved(position: int, moved: int, components: Iterable[Component], side: Side) -> int:
    """*moved*, changed by those *components* that stand at *position* of their base or before it."""
    base = 0
    for component in components:
        if isinstance(component, str):
            if base < position or (base == position and side == "after"):
                moved += len(component)
        else:
            if component < 0:
                moved -= max(0, min(-component, position - base))
            base += abs(component)
        if base > position:
            break
    return moved


def transform_range(
    start: int, end: int, operation: Operation, start_side: Side = "after", end_side: Side = "before"
) -> tuple[int, int]:
    """The half-open range of code points from *start* to *end* after *operation*.

    With the default sides text that is inserted at either of its ends does not become part of it; with
    ``"before"`` and ``"after"`` it does. An empty range stays empty and moves as its start does.
    """
    moved = transform_position(start, operation, start_side)
    if start == end:
        return moved, moved
    return moved, max(moved, transform_position(end, operation, end_side))
