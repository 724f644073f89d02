"""Splitting an operation, and how long a message is."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.client.sync.frame import size
from jupyter_speccollab.client.sync.split import split
from jupyter_speccollab.text import Operation, apply, normalise, to_wire
from tests.text.strategies import operations_on, texts


def parts_of(operation: Operation, budget: int) -> list[Operation]:
    parts, rest = [], operation
    while rest is not None:
        part, rest = split(rest, budget)
        parts.append(part)
    return parts


@given(st.data(), st.integers(60, 300))
def test_the_parts_make_the_operation_and_fit(data: st.DataObject, budget: int) -> None:
    text = data.draw(texts)
    operation = normalise(data.draw(operations_on(len(text))))
    result = text
    for part in parts_of(operation, budget):
        assert size(to_wire(part)) - 2 <= budget
        result = apply(part, result)
    assert result == apply(operation, text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=200, max_size=3_000))
def test_a_long_insert_is_cut_where_the_budget_ends(content: str) -> None:
    parts = parts_of(Operation.of(3, content), 500)
    sizes = [size(to_wire(part)) - 2 for part in parts]
    assert all(length <= 500 for length in sizes)
    assert all(length > 480 for length in sizes[:-1])
    text = "abc"
    for part in parts:
        text = apply(part, text)
    assert text == "abc" + content


def test_where_nothing_fits_a_part_holds_one_code_point() -> None:
    assert [part.components for part in parts_of(Operation.of("ab"), 1)] == [("a",), (1, "b")]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_size_is_that_of_javascript(content: str) -> None:
    escaped = json.dumps({"content": content}, ensure_ascii=False, separators=(",", ":"))
    assert size({"content": content}) == len(escaped.encode("utf-16-le")) // 2
