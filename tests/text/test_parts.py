"""Parts: what operations together added and removed, equal to following each letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, Text, normalise, pack, to_stored
from jupyter_speccollab.text.parts import (
    Range,
    RunningTotal,
    added,
    parts_of,
    parts_of_changes,
    removed,
    total,
)

from .strategies import edits, law, operations_on

Letter = tuple[int, int]
"""The version that inserted it (0: it is of the earlier text), and its number there."""


def letters(ranges: list[Range]) -> list[tuple[int, int]]:
    """Each letter of these ranges: its place, and the number of its range."""
    return [(place, by) for start, end, by in ranges for place in range(start, end)]


@law
@given(st.data(), st.integers(0, 12), st.integers(0, 8))
def test_added_and_removed_are_those_of_each_letter(data: st.DataObject, length: int, count: int) -> None:
    text: list[Letter] = [(0, number) for number in range(length)]
    gone: dict[int, int] = {}
    log: list[Operation] = []
    for version in range(1, count + 1):
        operation = data.draw(operations_on(len(text)))
        log.append(operation)
        position = 0
        after: list[Letter] = []
        for component in operation.components:
            if isinstance(component, str):
                after += [(version, number) for number in range(len(component))]
                continue
            part = text[position : position + abs(component)]
            if component > 0:
                after += part
            else:
                gone |= {number: version for born, number in part if not born}
            position += abs(component)
        text = after + text[position:]
    parts = total(parts_of(operation, version) for version, operation in enumerate(log, 1))
    new = [(place, born) for place, (born, _) in enumerate(text) if born]
    assert letters(list(added(parts))) == new
    assert letters(list(removed(parts))) == sorted(gone.items())


@law
@given(st.data(), st.integers(0, 12), st.integers(0, 20))
def test_running_total(data: st.DataObject, length: int, count: int) -> None:
    running, log = RunningTotal(), []
    for version in range(1, count + 1):
        operation = data.draw(operations_on(length))
        length += operation.length_change
        log.append(parts_of(operation, version))
        running.add(log[-1])
        whole, expected = running.parts(), total(log)
        assert letters(list(added(whole))) == letters(list(added(expected)))
        assert letters(list(removed(whole))) == letters(list(removed(expected)))
        assert len(running._lists) <= version.bit_length()


@law
@given(edits())
def test_stored_changes_have_the_same_parts(made: tuple[str, Operation]) -> None:
    text, operation = made
    changes = pack(to_stored(operation, Text.of(text)))
    assert parts_of_changes(changes, 7) == parts_of(normalise(operation), 7)
