"""Front matter, as Python and the browser read it (``labextension/tests/markdown``), from shared vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.markdown.front_matter import (
    DEPTH,
    HEAD,
    NODES,
    fields,
    front_matter_of,
    same_front_matter,
    status_of,
)

VECTORS = Path(__file__).parent.parent / "vectors" / "front_matter.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["content"])[:60])
def test_the_shared_vectors(case: dict[str, Any]) -> None:
    found = front_matter_of(case["content"])
    assert found.fields == case["fields"]
    assert found.body_start == case["bodyStart"]
    assert (found.error is None) is (case["error"] is None)
    if found.error is not None:
        assert found.error.line == case["error"].get("line", found.error.line)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("status: draft # ask Bo", {"status": "draft"}),
        ("title: >-\n  Churn\n  model", {"title": "Churn model"}),
        ("title: 'It''s' # mine", {"title": "It's"}),
        ('title: "a\n  b"', {"title": "a b"}),
        ("title: yes\nstatus: 2026-01-31", {"title": "yes", "status": "2026-01-31"}),
        ("notes: |\n  status: done\nstatus: draft", {"status": "draft"}),
        ('title: "a\\0b\\u202e"', {"title": "a b"}),
    ],
)
def test_fields_are_read_as_yaml(block: str, expected: dict[str, str]) -> None:
    for start in ("", "\ufeff"):
        assert fields(f"{start}---\n{block}\n---\n# Text\n") == expected


def test_an_error_has_a_line_and_a_column() -> None:
    error = front_matter_of("---\ntitle: x\nstatus: a: b\n---\n").error
    assert error is not None
    assert (error.line, error.column) == (3, 10)
    twice = front_matter_of("---\ntitle: x\ntitle: y\n---\n")
    assert twice.fields == {}
    assert twice.error is not None
    assert (twice.error.line, twice.error.column) == (3, 1)


def test_front_matter_closes_within_a_limit() -> None:
    def closing_at(length: int) -> str:
        filled = "---\ntitle: x\n"
        return filled + "#" * (length - len(filled) - 4) + "\n---"

    assert len(closing_at(HEAD)) == HEAD
    assert fields(closing_at(HEAD)) == fields(closing_at(HEAD) + "\n# Text\n") == {"title": "x"}
    assert fields(closing_at(HEAD) + "-\n") == {}
    assert front_matter_of(closing_at(HEAD + 1) + "\n").body_start == 0


def test_no_more_is_read_than_the_limits_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser is asked for as many events as fields need, however long or nested the block is."""
    import yaml

    asked = 0
    parse = yaml.parse

    def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal asked
        for event in parse(*args, **kwargs):
            asked += 1
            yield event

    monkeypatch.setattr(yaml, "parse", counting)
    for block in ("- a\n" * 10_000, "a: " + "- " * 10_000, "a: [" + "b, " * 10_000 + "]"):
        asked = 0
        assert front_matter_of(f"---\ntitle: x\nb:\n{block}\n---\n").fields == {}
        assert asked <= 2 * NODES + DEPTH
    laughs = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    asked = 0
    assert fields(f"---\n{laughs}title: x\n---\n") == {"title": "x"}
    assert asked < 100


def test_the_status_is_in_lower_case() -> None:
    assert status_of('---\nstatus: "In Review" # since May\n---\n') == "in review"
    assert status_of("# Text\n") is None


def test_equal_front_matter_is_recognised_without_reading_it() -> None:
    one = "---\ntitle: x\n---\n"
    assert same_front_matter(one + "a", one + "b")
    assert same_front_matter("a", "b")
    assert not same_front_matter(one, "a")
    assert not same_front_matter(one, one.replace("x", "y"))
