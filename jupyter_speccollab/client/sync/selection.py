"""The client's own selection in the text that it shows."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab.text import Operation, Text, normalise, transform_position

Selection = tuple[int, int]
"""Head (the caret) and anchor (where the selection began), as offsets. Equal if nothing is selected."""


def moved(selection: Selection, operation: Operation) -> Selection:
    """The selection after another user's ``operation``."""
    head, anchor = selection
    return transform_position(head, operation, "after"), transform_position(anchor, operation, "after")


def end_of_last_edit(operation: Operation) -> int | None:
    """The offset at the end of the last edit in ``operation``; ``None`` if it changes nothing."""
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


def to_wire(selection: Selection, text: Text) -> dict[str, Any]:
    """The protocol's cursor object."""
    head, anchor = selection
    if head == anchor:
        return {**_place(text, head), "selection": None}
    start, end = sorted(selection)
    return {**_place(text, head), "selection": {"start": _place(text, start), "end": _place(text, end)}}


def _place(text: Text, offset: int) -> dict[str, int]:
    line, column = text.line_column_of(offset)
    return {"line": line, "column": column}
