"""The wire form of operations: lists of ``insert``, ``delete`` and ``retain`` objects.

The components of a list are applied one after the other, each to the result of the previous ones, at a cursor. A
``position`` sets the cursor; inserts and retains move it. A list may use positions, retains, or both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import InvalidOperation
from ._tree import LEAF_LENGTH
from .compose import compose
from .content import check_content
from .operation import EMPTY, Builder, Operation, normalise
from .rope import Text

Edit = tuple[int, int, str]
"""Offset, length, text: delete so many code points at the offset, then insert the text.

The offset counts in the result of the previous edits.
"""


def from_wire(components: Iterable[Mapping[str, Any]], base_length: int) -> Operation:
    """Convert a list of wire *components* for a text of *base_length* code points to an operation in normal form.

    Unknown fields, such as the ``content`` of a stored delete, are ignored. The cost is about proportional to the
    number of components, in whatever order they come.

    Raises :exc:`InvalidOperation` for a wrong type, a missing field, a negative or fractional number, and a
    component that reaches outside the text; :exc:`InvalidContent` for an insert with forbidden characters.

    Law (``test_wire.py::test_from_wire_is_one_after_the_other``): applying the operation gives the same text as
    applying the components one after the other.
    """
    edits = _edits(components, base_length)
    if not edits:
        return EMPTY
    if len(edits) == 1:
        return _of_one(edits[0])
    operations: list[Operation] = []
    done = 0
    while done < len(edits):
        forward, backward = _forward_run(edits, done), _backward_run(edits, done)
        run = edits[done : max(forward, backward)]
        operations.append(_of_forward(run) if forward >= backward else _of_backward(run))
        done += len(run)
    return normalise(_composed(operations))


def to_wire(operation: Operation) -> list[dict[str, Any]]:
    """Convert *operation* to the wire form that the server sends: a list of components with positions.

    Positions descend. A delete comes before an insert at the same position. The list has no retains and no empty
    components. It therefore has the same effect whether positions refer to the base text or to the result of the
    previous components.
    """
    return _written(operation, None)


def to_stored(operation: Operation, text: Text) -> list[dict[str, Any]]:
    """As :func:`to_wire`, and each delete also has the deleted text as ``content``. *text* is the base text.

    Shapes: ``operation.base_length <= len(text)``.
    """
    return _written(operation, text)


def to_sent(stored: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Convert the result of :func:`to_stored` to that of :func:`to_wire`, for the same operation.

    Law: ``to_sent(to_stored(a, text)) == to_wire(a)`` (``test_wire.py``).
    """
    return [
        {"type": "delete", "position": component["position"], "length": component["length"]}
        if component["type"] == "delete"
        else component
        for component in stored
    ]


def _written(operation: Operation, text: Text | None) -> list[dict[str, Any]]:
    wire: list[dict[str, Any]] = []
    position = 0
    components = normalise(operation).components
    if text is None:
        base: str | Text = ""
    elif len(components) > 4 + len(text) // LEAF_LENGTH:
        base = str(text)  # then one string is read faster than that many slices of a tree
    else:
        base = text
    for component in components:
        if isinstance(component, str):
            wire.append({"type": "insert", "position": position, "content": component})
        elif component > 0:
            position += component
        else:
            delete: dict[str, Any] = {"type": "delete", "position": position, "length": -component}
            if text is not None:
                delete["content"] = base[position : position - component]
            wire.append(delete)
            position -= component
    wire.reverse()
    return wire


def _edits(components: Iterable[Mapping[str, Any]], length: int) -> list[Edit]:
    """The components that change the text, as edits at checked offsets."""
    edits: list[Edit] = []
    cursor = 0
    for number, component in enumerate(components):
        if not isinstance(component, Mapping):
            raise InvalidOperation(f"Component {number} is not an object.")
        if "position" in component:
            cursor = _count(component, "position", number)
            if cursor > length:
                raise _outside(number, f"stands at position {cursor}", length)
        match component.get("type"):
            case "insert":
                content = _content(component, number)
                if content:
                    edits.append((cursor, 0, content))
                    cursor += len(content)
                    length += len(content)
            case "delete":
                deleted = _count(component, "length", number)
                if cursor + deleted > length:
                    raise _outside(number, f"deletes {deleted} at position {cursor}", length)
                if deleted:
                    edits.append((cursor, deleted, ""))
                    length -= deleted
            case "retain":
                cursor += _count(component, "length", number)
                if cursor > length:
                    raise _outside(number, f"moves the cursor to position {cursor}", length)
            case _:
                raise InvalidOperation(f'Component {number} has no type of "insert", "delete" or "retain".')
    return edits


def _count(component: Mapping[str, Any], field: str, number: int) -> int:
    value = component.get(field)
    if type(value) is not int or value < 0:
        raise InvalidOperation(f"Component {number} needs a whole number from 0 as its {field}.")
    return value


def _content(component: Mapping[str, Any], number: int) -> str:
    content = component.get("content")
    if not isinstance(content, str):
        raise InvalidOperation(f"Component {number} needs a text as its content.")
    check_content(content)
    return content


def _outside(number: int, what: str, length: int) -> InvalidOperation:
    return InvalidOperation(f"Component {number} {what}, but the text has {length} code points there.")


def _forward_run(edits: list[Edit], first: int) -> int:
    """The end of the longest run from *first* in which no edit begins before the end of the previous one."""
    index = first
    cursor = 0
    while index < len(edits) and (index == first or edits[index][0] >= cursor):
        cursor = edits[index][0] + len(edits[index][2])
        index += 1
    return index


def _backward_run(edits: list[Edit], first: int) -> int:
    """The end of the longest run from *first* in which each edit ends where the previous one starts, or before."""
    index = first
    while index < len(edits) and (index == first or edits[index][0] + edits[index][1] <= edits[index - 1][0]):
        index += 1
    return index


def _of_one(edit: Edit) -> Operation:
    """The operation of one edit. It is in normal form, because an edit either deletes or inserts."""
    position, deleted, content = edit
    change = content or -deleted
    return Operation((position, change) if position else (change,))


def _of_forward(edits: list[Edit]) -> Operation:
    builder = Builder()
    cursor = 0
    for position, deleted, content in edits:
        builder.retain(position - cursor)
        builder.delete(deleted)
        builder.insert(content)
        cursor = position + len(content)
    return builder.build()


def _of_backward(edits: list[Edit]) -> Operation:
    builder = Builder()
    behind = 0
    for position, deleted, content in reversed(edits):
        builder.retain(position - behind)
        builder.delete(deleted)
        builder.insert(content)
        behind = position + deleted
    return builder.build()


def _composed(operations: list[Operation]) -> Operation:
    """Compose all *operations*, in pairs, so that the cost does not grow with the square of their number."""
    while len(operations) > 1:
        pairs = [compose(a, b) for a, b in zip(operations[::2], operations[1::2], strict=False)]
        operations = pairs + operations[len(pairs) * 2 :]
    return operations[0]
