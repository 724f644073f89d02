"""A cursor: the caret of a session, with its selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_speccollab.text import Operation, Text, transform_position


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
        selection = self.selection
        return Offsets(
            transform_position(self.head, operation, "after"),
            None
            if selection is None
            else (
                transform_position(selection[0], operation, "after"),
                transform_position(selection[1], operation, "after"),
            ),
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
