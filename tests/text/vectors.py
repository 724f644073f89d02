"""Reads the test vectors that Python and TypeScript share, and those of the ottypes text type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyter_speccollab.text import Operation

VECTORS = Path(__file__).parent.parent / "vectors"


def read(path: Path) -> list[dict[str, Any]]:
    """Read the cases of a file that holds one JSON object per line."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ottypes_operation(components: list[Any]) -> Operation:
    """Convert an operation of the ottypes text type: a number retains, a text inserts, ``{"d": ...}`` deletes."""
    return Operation.of(*[_component(component) for component in components])


def _component(component: Any) -> int | str:
    if isinstance(component, dict):
        deleted = component["d"]
        return -(deleted if isinstance(deleted, int) else len(deleted))
    assert isinstance(component, int | str)
    return component
