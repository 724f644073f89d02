"""The wire form, compared with a model that applies one component after the other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from jupyter_speccollab.errors import InvalidContent, InvalidOperation
from jupyter_speccollab.text import (
    EMPTY,
    Operation,
    Text,
    apply,
    from_wire,
    normalise,
    to_sent,
    to_stored,
    to_wire,
)

from .strategies import edits, law, meaning_of_wire, operation_of, wire_lists


@law
@given(wire_lists())
def test_from_wire_is_one_after_the_other(made: tuple[str, list[dict[str, Any]]]) -> None:
    text, components = made
    expected = operation_of(meaning_of_wire(components, len(text)), len(text))
    assert from_wire(components, len(text)) == expected


@law
@given(edits(normal=False))
def test_the_wire_form_is_read_back(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert from_wire(to_wire(operation), len(text)) == normalise(operation)
    assert from_wire(to_stored(operation, Text.of(text)), len(text)) == normalise(operation)


@law
@given(edits(normal=False))
def test_the_wire_form_means_the_same_in_turn_and_at_once(made: tuple[str, Operation]) -> None:
    text, operation = made
    wire = to_wire(operation)
    at_once = list(text)
    for component in wire:
        position = component["position"]
        if component["type"] == "delete":
            at_once[position : position + component["length"]] = [""] * component["length"]
        else:
            at_once[position:position] = [component["content"]]
    assert "".join(at_once) == apply(operation, text)
    assert all(component.get("content", "x") and component.get("length", 1) for component in wire)
    places = [(component["position"], component["type"]) for component in wire]
    assert places == sorted(places, key=lambda place: (-place[0], place[1]))
    assert len(set(places)) == len(places)


@law
@given(edits(normal=False))
def test_to_sent_of_stored_is_to_wire(made: tuple[str, Operation]) -> None:
    text, operation = made
    assert to_sent(to_stored(operation, Text.of(text))) == to_wire(operation)


@law
@given(edits(normal=False))
def test_a_stored_delete_holds_the_deleted_text(made: tuple[str, Operation]) -> None:
    text, operation = made
    stored = to_stored(operation, Text.of(text))
    for component in stored:
        if component["type"] == "delete":
            start = component["position"]
            assert component["content"] == text[start : start + component["length"]]
    bare = [
        {key: value for key, value in component.items() if component["type"] != "delete" or key != "content"}
        for component in stored
    ]
    assert bare == to_wire(operation)


REFUSED: list[Any] = [
    [{"type": "insert", "position": 4, "content": "x"}],
    [{"type": "insert", "position": 4, "content": ""}],
    [{"type": "insert", "position": -1, "content": "x"}],
    [{"type": "insert", "position": 1.0, "content": "x"}],
    [{"type": "insert", "position": True, "content": "x"}],
    [{"type": "insert", "position": None, "content": "x"}],
    [{"type": "insert", "position": "1", "content": "x"}],
    [{"type": "insert", "position": 1}],
    [{"type": "insert", "position": 1, "content": 5}],
    [{"type": "insert", "position": 1, "content": None}],
    [{"type": "delete", "position": 1}],
    [{"type": "delete", "position": 1, "length": -1}],
    [{"type": "delete", "position": 1, "length": False}],
    [{"type": "delete", "position": 1, "length": 1.5}],
    [{"type": "delete", "position": 1, "length": "1"}],
    [{"type": "delete", "position": 1, "length": 3}],
    [{"type": "delete", "position": 0, "length": 1}, {"type": "delete", "position": 0, "length": 3}],
    [{"type": "delete", "position": 4, "length": 0}],
    [{"type": "retain", "length": 4}],
    [{"type": "retain", "length": 2}, {"type": "retain", "length": 2}],
    [{"type": "retain"}],
    [{"type": "retain", "position": 1}],
    [{"type": "retain", "length": -1}],
    [{"type": "replace", "position": 1, "length": 1, "content": "x"}],
    [{"type": 3}],
    [{"position": 1, "content": "x"}],
    [{}],
    ["x"],
    [3],
    [None],
    [[]],
    [{"type": "insert", "content": "x"}, {"type": "retain", "length": 4}],
]


@pytest.mark.parametrize("components", REFUSED)
def test_invalid_components_are_refused(components: list[Any]) -> None:
    with pytest.raises(InvalidOperation, match=r"^Component \d"):
        from_wire(components, 3)


@pytest.mark.parametrize("content", ["a\0", "\r\n", "\ud83d"])
def test_forbidden_characters_are_refused(content: str) -> None:
    with pytest.raises(InvalidContent):
        from_wire([{"type": "insert", "position": 0, "content": content}], 3)


def test_components_without_effect_are_valid() -> None:
    nothing = [
        {"type": "insert", "position": 3, "content": ""},
        {"type": "delete", "position": 3, "length": 0},
        {"type": "retain", "position": 0, "length": 3},
        {"type": "retain", "length": 0},
    ]
    assert from_wire([], 0) == from_wire(nothing, 3) == EMPTY
    assert to_wire(EMPTY) == []


def test_unknown_fields_are_ignored() -> None:
    assert from_wire(
        [{"type": "delete", "position": 1, "length": 1, "content": "\r", "why": {}}], 3
    ) == Operation((1, -1))


def test_text_is_inserted_and_deleted_again_without_a_trace() -> None:
    components = [
        {"type": "insert", "position": 1, "content": "xyz"},
        {"type": "delete", "position": 1, "length": 3},
        {"type": "insert", "content": "!"},
    ]
    assert from_wire(components, 2) == Operation((1, "!"))


def test_thousands_of_components_in_any_order_are_one_operation() -> None:
    """Scattered, descending and retaining lists of 5,000 components."""
    length = 1_000_000
    scattered = [
        {"type": "insert", "position": index * 7919 % length, "content": "ab"} for index in range(5000)
    ]
    descending = sorted(scattered, key=lambda component: -component["position"])  # type: ignore[operator]
    operation = from_wire(scattered, length)
    assert operation.length_change == 10_000
    assert to_wire(from_wire(descending, length)) == descending
    retaining = [
        part
        for _ in range(5000)
        for part in ({"type": "retain", "length": 9}, {"type": "insert", "content": "x"})
    ]
    assert from_wire(retaining, length) == Operation.of(*([9, "x"] * 5000))
