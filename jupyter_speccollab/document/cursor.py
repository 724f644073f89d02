"""A cursor: the caret of a session, with its selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_speccollab.text import Operation, Text, transform_position
from jupyter_speccollab.text.chunks import Chunk
from jupyter_speccollab.text.positions import position_over_chunks


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text: ``line`` and ``column`` from 0, the column in code points."""

    line: int
    column: int

    def to_wire(self) -> dict[str, int]:
        return {"line": self.line, "column": self.column}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Caret at ``head``; ``selection`` is ``(start, end)``, in order, or ``None``.

    It is valid for one text. `Offsets` is the same cursor counted from the start of the text, the form that
    operations can move.
    """

    head: Position
    selection: tuple[Position, Position] | None = None

    def to_wire(self) -> dict[str, Any]:
        """The protocol's cursor object."""
        selection = self.selection
        return {
            "line": self.head.line,
            "column": self.head.column,
            "selection": None
            if selection is None
            else {"start": selection[0].to_wire(), "end": selection[1].to_wire()},
        }

    def offsets(self, text: Text) -> Offsets:
        """The cursor as offsets in ``text``; positions outside the text are clamped."""
        selection = self.selection
        return Offsets(
            text.offset_of(self.head.line, self.head.column),
            None
            if selection is None
            else (
                text.offset_of(selection[0].line, selection[0].column),
                text.offset_of(selection[1].line, selection[1].column),
            ),
        )


@dataclass(frozen=True, slots=True)
class Offsets:
    """A cursor in code points from the start of a text."""

    head: int
    selection: tuple[int, int] | None = None

    def after(self, operation: Operation) -> Offsets:
        """The cursor after ``operation``; an insert at its position moves it right."""
        return self._moved(lambda position: transform_position(position, operation, "after"))

    def after_chunks(self, chunks: Sequence[Chunk]) -> Offsets:
        """As `after`, for an operation in chunks."""
        return self._moved(lambda position: position_over_chunks(position, chunks, "after"))

    def _moved(self, move: Callable[[int], int]) -> Offsets:
        selection = self.selection
        return Offsets(
            move(self.head), None if selection is None else (move(selection[0]), move(selection[1]))
        )

    def cursor(self, text: Text) -> Cursor:
        """The cursor as lines and columns of ``text``; offsets outside the text are clamped."""
        selection = self.selection
        return Cursor(
            _position(text, self.head),
            None if selection is None else (_position(text, selection[0]), _position(text, selection[1])),
        )


def _position(text: Text, offset: int) -> Position:
    line, column = text.line_column_of(min(max(offset, 0), len(text)))
    return Position(line, column)
