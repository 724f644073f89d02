"""Splits an operation that is too long for one message."""

from __future__ import annotations

from jupyter_speccollab.client.sync.frame import size
from jupyter_speccollab.text import Builder, Component, Operation, normalise


def split(operation: Operation, budget: int) -> tuple[Operation, Operation | None]:
    """Split off as much from the left of ``operation`` as fits; the rest applies to the text after that part.

    ``budget`` is the length, in UTF-16 units, of the JSON of the wire's list of components without its
    brackets. Cuts are made between components and inside a long insert. The rest is one operation, so that it
    can be transformed and composed like any other buffer until it is sent. A part is never empty: where not
    even one code point fits, the part holds one, and the server decides whether to accept it.

    Law (``test_split.py``): composing the parts gives the operation, and all of them fit. The cuts are the same
    as in the browser's client (``test_split.py::test_cuts_where_the_browser_does``).
    """
    components = normalise(operation).components
    head = Builder()
    room, position, length = budget, 0, 0
    for index, component in enumerate(components):
        taken, left = _taken(component, room, position, is_first=room == budget)
        head.add(taken)
        length += len(taken) if isinstance(taken, str) else max(0, taken)
        if left:
            # Put together without a look at each component: a long buffer is split as often as it has parts.
            before: tuple[Component, ...] = (length,) if length else ()
            return head.build(), Operation((*before, left, *components[index + 1 :]))
        room -= _wire_size(component, position)
        position += 0 if isinstance(component, str) else abs(component)
    return head.build(), None


def _taken(component: Component, room: int, position: int, is_first: bool) -> tuple[Component, Component]:
    """The beginning of ``component`` that fits, and the rest; only a text is cut."""
    if isinstance(component, str):
        count = _fitting(component, room - _wire_size("", position))
        count = max(1, count) if is_first else count
        return component[:count], component[count:]
    if is_first or _wire_size(component, position) <= room:
        return component, 0
    return 0, component


def _wire_size(component: Component, position: int) -> int:
    """The length of the component's JSON and a comma; a retain is not sent."""
    if isinstance(component, str):
        return size({"type": "insert", "position": position, "content": component}) + 1
    if component > 0:
        return 0
    return size({"type": "delete", "position": position, "length": -component}) + 1


def _fitting(content: str, room: int) -> int:
    """How many of the first code points have a JSON of at most ``room`` units more than that of an empty text."""
    low, high = 0, max(0, min(len(content), room))
    if high and size(content[:high]) - 2 <= room:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if size(content[:middle]) - 2 <= room:
            low = middle
        else:
            high = middle - 1
    return low
