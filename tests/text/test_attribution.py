"""Attribution: equal to what noting the version at each letter gives; vectors that the browser has too."""

from __future__ import annotations

import json
from array import array
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.text import Operation, apply, from_wire, normalise
from jupyter_speccollab.text.attribution import CHUNK, NONE, SMALL, Attribution, BadAttribution
from jupyter_speccollab.text.parts import parts_of, total

from .letters import noted, runs_of
from .strategies import law, operations_on

VECTORS = Path(__file__).parents[1] / "vectors" / "attribution.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


@st.composite
def logs(draw: st.DrawFn, most: int = 12) -> list[Operation]:
    """Operations that follow each other, from the empty text on."""
    length = 0
    made: list[Operation] = []
    for _ in range(draw(st.integers(0, most))):
        operation = draw(operations_on(length))
        made.append(normalise(operation) if draw(st.booleans()) else operation)
        length += operation.length_change
    return made


@pytest.mark.parametrize("case", CASES)
def test_vectors(case: dict[str, Any]) -> None:
    text = ""
    attribution = NONE
    for entry in case["log"]:
        operation = from_wire(entry["operations"], len(text))
        text = apply(operation, text)
        attribution = attribution.apply(operation, entry["version"])
    assert text == case["text"]
    assert [list(run) for run in attribution] == case["runs"]


@law
@given(logs())
def test_one_by_one_is_letter_by_letter(log: list[Operation]) -> None:
    attribution, versions = NONE, []
    for version, operation in enumerate(log, 1):
        attribution = attribution.apply(operation, version)
        versions = noted(versions, operation, version)
        assert list(attribution) == runs_of(versions)
        assert attribution.length == len(versions)


@law
@given(logs(), st.data())
def test_combined_is_one_by_one(log: list[Operation], data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(log)))
    start = NONE
    for version, operation in enumerate(log[:begin], 1):
        start = start.apply(operation, version)
    one_by_one = start
    for version, operation in enumerate(log[begin:], begin + 1):
        one_by_one = one_by_one.apply(operation, version)
    combined = total(parts_of(operation, version) for version, operation in enumerate(log[begin:], begin + 1))
    assert start.after(combined) == one_by_one


@law
@given(st.data(), st.integers(0, 4 * CHUNK), st.integers(1, 3))
def test_many_runs(data: st.DataObject, count: int, longest: int) -> None:
    """Chunks are split and joined: the runs are right, neighbours differ, no chunk is too long, few are short."""
    versions = [version for number in range(count) for version in [number % 7] * (1 + number % longest)]
    attribution = Attribution.of(runs_of(versions))
    for newest in range(7, 7 + data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(versions)))
        gone = data.draw(st.sampled_from([0, 1, 3, 100, CHUNK, len(versions)]))
        operation = Operation.of(
            start, data.draw(st.sampled_from(["", "x", "xy"])), -min(gone, len(versions) - start)
        )
        version = data.draw(st.sampled_from([newest, newest % 7]))
        attribution = attribution.apply(operation, version)
        versions = noted(versions, operation, version)
        assert list(attribution) == runs_of(versions)
        assert all(one[1] != next_[1] for one, next_ in pairwise(attribution))
        assert all(len(chunk.lengths) == len(chunk.versions) <= 2 * CHUNK for chunk in attribution.chunks)
        assert sum(len(chunk.lengths) < SMALL for chunk in attribution.chunks) <= 2


@law
@given(logs())
def test_stored_form(log: list[Operation]) -> None:
    attribution = NONE
    for version, operation in enumerate(log, 1):
        attribution = attribution.apply(operation, version)
    stored = attribution.to_bytes()
    assert Attribution.from_bytes(stored, attribution.length) == attribution
    with pytest.raises(BadAttribution):
        Attribution.from_bytes(stored, attribution.length + 1)


@law
@given(st.binary(max_size=40), st.integers(0, 20))
def test_other_bytes_are_no_stored_form(stored: bytes, length: int) -> None:
    try:
        attribution = Attribution.from_bytes(b"\1\1\0\0\0" + stored, length)
    except BadAttribution:
        return
    assert attribution.length == length


def test_a_bomb_is_not_unpacked() -> None:
    huge = Attribution.of([(1, 1 + number % 2) for number in range(1_000_000)]).to_bytes()
    assert len(huge) < 50_000
    with pytest.raises(BadAttribution):
        Attribution.from_bytes(huge, 10)


def test_an_operation_beyond_the_text_is_refused() -> None:
    with pytest.raises(InvalidOperation):
        Attribution.of([(3, 1)]).apply(Operation.of(4, "x"), 2)
    with pytest.raises(InvalidOperation):
        Attribution.of([(3, 1)]).apply(Operation.of(2, -2), 2)


def test_it_is_a_value() -> None:
    one = Attribution.of([(2, 1), (1, 1), (0, 5), (3, 2)])
    assert list(one) == [(3, 1), (3, 2)]
    one.apply(Operation.of(1, "x", -4), 3)
    assert one == Attribution.of([(3, 1), (3, 2)])
    assert hash(one) == hash(Attribution.of([(3, 1), (3, 2)]))
    assert one.versions == array("I", [1, 2])


def test_what_is_not_touched_is_not_copied() -> None:
    attribution = Attribution.of((1, version) for version in range(1, 100 * CHUNK))
    after = attribution.apply(Operation.of(50 * CHUNK, "x"), 100 * CHUNK)
    kept = {id(chunk) for chunk in attribution.chunks} & {id(chunk) for chunk in after.chunks}
    assert len(kept) >= len(attribution.chunks) - 2
