"""Splitting an operation, and the size of a message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.client.sync.frame import size
from jupyter_speccollab.client.sync.split import split
from jupyter_speccollab.text import Operation, apply, normalise, to_wire
from tests.text.strategies import operations_on, texts
from tests.text.vectors import VECTORS, read

CASES = [case for case in read(VECTORS / "text_vectors.jsonl") if case["kind"] == "split"]


def parts_of(operation: Operation, budget: int) -> list[Operation]:
    parts, rest = [], operation
    while rest is not None:
        part, rest = split(rest, budget)
        assert rest is None or normalise(rest) is rest
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


@pytest.mark.parametrize("case", CASES)
def test_cuts_where_the_browser_does(case: dict[str, Any]) -> None:
    """``labextension/tests/sync/split.test.ts`` passes the same cases."""
    parts = parts_of(Operation.of(*case["operation"]), case["budget"])
    assert [list(part.components) for part in parts] == case["parts"]


def test_where_nothing_fits_a_part_holds_one_code_point() -> None:
    assert [part.components for part in parts_of(Operation.of("ab"), 1)] == [("a",), (1, "b")]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_size_is_that_of_javascript(content: str) -> None:
    escaped = json.dumps({"content": content}, ensure_ascii=False, separators=(",", ":"))
    assert size({"content": content}) == len(escaped.encode("utf-16-le")) // 2
