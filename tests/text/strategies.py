"""Random texts and operations for property tests, and a simple model of operations to compare with."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from jupyter_speccollab.text import Builder, Operation, normalise

law = settings(max_examples=200, deadline=None, print_blob=True)
"""Prints a failing example with the decorator that replays it."""

contents = st.text(alphabet="ab \n字é😀🤖", max_size=6)
texts = st.text(alphabet="abc \n字é😀🤖", max_size=20)
long_texts = st.builds(
    lambda unit, times, end: unit * times + end,
    st.text("ab\n字😀", min_size=1, max_size=30),
    st.integers(0, 400),
    texts,
)


@st.composite
def operations_on(draw: st.DrawFn, length: int) -> Operation:
    """An operation for a text of *length* code points, often not in normal form."""
    components: list[int | str] = []
    left = length
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["retain", "insert", "delete"]))
        if kind == "insert":
            components.append(draw(contents))
        else:
            count = draw(st.integers(0, min(left, 6)))
            components.append(count if kind == "retain" else -count)
            left -= count
    return Operation(tuple(components))


@st.composite
def edits(draw: st.DrawFn, count: int = 1, normal: bool = True) -> tuple[Any, ...]:
    """A text and *count* concurrent operations on it."""
    text = draw(texts)
    made = [draw(operations_on(len(text))) for _ in range(count)]
    return (text, *(normalise(operation) if normal else operation for operation in made))


@st.composite
def wire_lists(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A text and a valid list of wire components for it; some components have a position."""
    text = draw(texts)
    length, cursor = len(text), 0
    components: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 8))):
        component: dict[str, Any] = {"type": draw(st.sampled_from(["insert", "delete", "retain"]))}
        if draw(st.booleans()):
            component["position"] = cursor = draw(st.integers(0, length))
        if component["type"] == "insert":
            component["content"] = content = draw(contents)
            length, cursor = length + len(content), cursor + len(content)
        else:
            component["length"] = count = draw(st.integers(0, length - cursor))
            if component["type"] == "retain":
                cursor += count
            else:
                length -= count
        components.append(component)
    return text, components


Gaps = tuple[dict[int, str], set[int]]
"""The effect of an operation: the text inserted into each gap of the base, and the deleted code points."""


def meaning_of(operation: Operation, length: int) -> Gaps:
    """The effect of *operation* on *length* code points. Inserts into a deleted range move to its left end."""
    inserted: dict[int, str] = {}
    deleted: set[int] = set()
    position = 0
    for component in operation.components:
        if isinstance(component, str):
            inserted[position] = inserted.get(position, "") + component
        else:
            if component < 0:
                deleted |= set(range(position, position - component))
            position += abs(component)
    assert position <= length
    return _moved_left(inserted, deleted)


def _moved_left(inserted: dict[int, str], deleted: set[int]) -> Gaps:
    moved: dict[int, str] = {}
    for gap in sorted(inserted):
        target = gap
        while target - 1 in deleted:
            target -= 1
        if inserted[gap]:
            moved[target] = moved.get(target, "") + inserted[gap]
    return moved, deleted


def meaning_of_wire(components: list[dict[str, Any]], length: int) -> Gaps:
    """The effect of a wire list, found by applying each component to a list of numbered code points."""
    marked: list[int | str] = list(range(length))
    cursor = 0
    for component in components:
        cursor = component.get("position", cursor)
        assert cursor <= len(marked)
        match component["type"]:
            case "insert":
                marked[cursor:cursor] = component["content"]
                cursor += len(component["content"])
            case "delete":
                assert cursor + component["length"] <= len(marked)
                del marked[cursor : cursor + component["length"]]
            case "retain":
                cursor += component["length"]
    deleted = set(range(length)) - {item for item in marked if isinstance(item, int)}
    inserted: dict[int, str] = {}
    gap = 0
    for item in marked:
        if isinstance(item, str):
            inserted[gap] = inserted.get(gap, "") + item
        else:
            gap = item + 1
    return _moved_left(inserted, deleted)


def operation_of(meaning: Gaps, length: int) -> Operation:
    """The normal form of a *meaning*, one code point after the other."""
    inserted, deleted = meaning
    builder = Builder()
    for position in range(length + 1):
        builder.insert(inserted.get(position, ""))
        if position < length:
            builder.add(-1 if position in deleted else 1)
    return builder.build()


def transformed(operation: Gaps, against: Gaps, length: int, priority: str) -> Operation:
    """The transform that the protocol describes in base positions, one code point after the other."""
    inserted, deleted = operation
    other_inserted, other_deleted = against
    builder = Builder()
    for position in range(length + 1):
        other = len(other_inserted.get(position, ""))
        builder.retain(other if priority == "right" else 0)
        builder.insert(inserted.get(position, ""))
        builder.retain(other if priority == "left" else 0)
        if position < length and position not in other_deleted:
            builder.add(-1 if position in deleted else 1)
    return normalise(builder.build())
