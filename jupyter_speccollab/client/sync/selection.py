"""The client's own selection: its caret in the text that it shows, and where the selection began."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab.text import Operation, Text, normalise, transform_position

Selection = tuple[int, int]
"""Head and anchor; equal where nothing is selected."""


def moved(caret: Selection, operation: Operation) -> Selection:
    """Where it stands after somebody else's ``operation``."""
    return transform_position(caret[0], operation, "after"), transform_position(caret[1], operation, "after")


def end_of_last_edit(operation: Operation) -> int | None:
    """Where a caret stands that did ``operation``; ``None`` where it changes nothing."""
    position, end = 0, None
    for component in normalise(operation).components:
        if isinstance(component, str):
            position += len(component)
            end = position
        elif component < 0:
            end = position
        else:
            position += component
    return end


def to_wire(caret: Selection, text: Text) -> dict[str, Any]:
    """The protocol's cursor object."""
    head, anchor = caret
    selection = None
    if head != anchor:
        start, end = sorted(caret)
        selection = {"start": _place(text, start), "end": _place(text, end)}
    return {**_place(text, head), "selection": selection}


def _place(text: Text, offset: int) -> dict[str, int]:
    line, column = text.line_column_of(offset)
    return {"line": line, "column": column}
