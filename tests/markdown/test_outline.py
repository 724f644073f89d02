"""The outline of a text: headings, requirements and tasks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.markdown.outline import encoded, whole_hash

VECTORS = Path(__file__).parent.parent / "vectors" / "outline.jsonl"

CASES: list[dict[str, Any]] = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[json.dumps(case["text"])[:60] for case in CASES])
def test_the_shared_vectors(case: dict[str, Any]) -> None:
    assert json.loads(encoded(case["text"])) == case["entries"]
    assert whole_hash(case["text"]) == case["wholeHash"]
