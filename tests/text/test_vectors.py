"""Cases that the TypeScript implementation passes too (``labextension/tests/text/vectors.test.ts``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.errors import InvalidContent, InvalidOperation
from jupyter_speccollab.text import (
    Text,
    apply,
    check_content,
    compose,
    diff,
    from_wire,
    invert,
    merge,
    normalise,
    to_stored,
    to_wire,
    transform,
    transform_position,
)

from .vectors import VECTORS, ottypes_operation, read

CASES = [case for name in ("contract_vectors.jsonl", "text_vectors.jsonl") for case in read(VECTORS / name)]


def cases(kind: str) -> list[dict[str, Any]]:
    found = [case for case in CASES if case["kind"] == kind]
    assert found, kind
    return found


def test_every_kind_of_case_is_known() -> None:
    assert {case["kind"] for case in CASES} == {
        "apply",
        "transform",
        "invalid",
        "stored",
        "position",
        "content",
        "diff",
        "merge",
        "split",  # tests/client/sync/test_split.py
    }
    assert len(CASES) >= 600


@pytest.mark.parametrize("case", cases("apply"))
def test_apply(case: dict[str, Any]) -> None:
    base = case["base"]
    operation = from_wire(case["operations"], len(base))
    assert to_wire(operation) == case["normal"]
    assert from_wire(case["normal"], len(base)) == operation
    assert apply(operation, base) == str(Text.of(base).apply(operation)) == case["text"]


@pytest.mark.parametrize("case", cases("transform"))
@pytest.mark.parametrize("priority", ["left", "right"])
def test_transform(case: dict[str, Any], priority: Any) -> None:
    base = case["base"]
    operation, against = (from_wire(case[name], len(base)) for name in ("operation", "against"))
    moved = normalise(transform(operation, against, priority))
    assert to_wire(moved) == case[priority]
    assert apply(moved, apply(against, base)) == case[f"text_{priority}"]


@pytest.mark.parametrize("case", cases("invalid"))
def test_invalid(case: dict[str, Any]) -> None:
    with pytest.raises((InvalidOperation, InvalidContent)) as raised:
        from_wire(case["operations"], len(case["base"]))
    assert raised.value.code == case["code"]


@pytest.mark.parametrize("case", cases("stored"))
def test_stored(case: dict[str, Any]) -> None:
    base = case["base"]
    operation = from_wire(case["operations"], len(base))
    assert to_stored(operation, Text.of(base)) == case["stored"]
    assert from_wire(case["stored"], len(base)) == operation
    assert to_wire(invert(operation, base)) == case["inverse"]


@pytest.mark.parametrize("case", cases("position"))
def test_position(case: dict[str, Any]) -> None:
    operation = from_wire(case["operations"], len(case["base"]))
    for side in ("before", "after"):
        moved = [transform_position(position, operation, side) for position in range(len(case["base"]) + 1)]  # type: ignore[arg-type]
        assert moved == case[side]


@pytest.mark.parametrize("case", cases("content"), ids=lambda case: ascii(case["content"]))
def test_content(case: dict[str, Any]) -> None:
    if case["valid"]:
        check_content(case["content"])
    else:
        with pytest.raises(InvalidContent):
            check_content(case["content"])


@pytest.mark.parametrize("case", cases("diff"))
def test_diff(case: dict[str, Any]) -> None:
    operation = diff(case["old"], case["new"])
    assert list(operation.components) == case["components"]
    assert apply(operation, case["old"]) == case["new"]


@pytest.mark.parametrize("case", cases("merge"))
def test_merge(case: dict[str, Any]) -> None:
    assert merge(case["base"], case["mine"], case["theirs"]) == case["merged"]


@pytest.mark.shared_data
def test_ottypes_apply(shared_data: Path) -> None:
    for case in read(shared_data / "ot_vectors" / "apply.jsonl"):
        operation = ottypes_operation(case["op"])
        assert apply(operation, case["str"]) == case["result"]
        assert str(Text.of(case["str"]).apply(operation)) == case["result"]
        assert apply(normalise(operation), case["str"]) == case["result"]


@pytest.mark.shared_data
def test_ottypes_transform(shared_data: Path) -> None:
    for case in read(shared_data / "ot_vectors" / "transform.jsonl"):
        operation, against, result = (ottypes_operation(case[name]) for name in ("op", "otherOp", "result"))
        assert transform(operation, against, case["side"]) == result


@pytest.mark.shared_data
def test_ottypes_compose(shared_data: Path) -> None:
    for case in read(shared_data / "ot_vectors" / "compose.jsonl"):
        first, second, result = (ottypes_operation(case[name]) for name in ("op1", "op2", "result"))
        assert compose(first, second) == result
