"""The trace: what happened in a run, in order, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

SHOWN = 400
"""How many of the last lines are printed."""


class Trace:
    """Notes events as they happen; they are made into lines only where somebody wants to read them."""

    def __init__(self, time: Callable[[], float]) -> None:
        self.counts: Counter[str] = Counter()
        self._time = time
        self._events: list[tuple[float, str, str, tuple[object, ...]]] = []

    def note(self, who: str, what: str, *details: object) -> None:
        """``who`` did, or met with, ``what``."""
        self.counts[what] += 1
        self._events.append((self._time(), who, what, details))

    def __str__(self) -> str:
        lines = [
            f"{at:9.4f} {who:<8} {what} {' '.join(map(_short, details))}".rstrip()
            for at, who, what, details in self._events[-SHOWN:]
        ]
        left_out = len(self._events) - len(lines)
        return "\n".join([f"({left_out} earlier events)", *lines] if left_out else lines)


def _short(detail: object) -> str:
    text = _gist(detail) if isinstance(detail, Mapping) else str(detail)
    return text if len(text) <= 160 else f"{text[:157]}..."


def _gist(data: Mapping[str, Any]) -> str:
    """What is shown of an event's data."""
    shown = {
        "operationId": str(data.get("operationId", ""))[:8],
        "version": data.get("version"),
        "operations": _operations(data.get("operations")),
        "code": data.get("code"),
        "lastKnownVersion": data.get("lastKnownVersion"),
        "content": "content" if data.get("content") else None,
    }
    return " ".join(f"{key}={value}" for key, value in shown.items() if value not in (None, ""))


def _operations(listed: Any) -> str | None:
    if not isinstance(listed, list):
        return None
    if listed and "version" in listed[0]:
        return f"v{listed[0]['version']}..{listed[-1]['version']}"
    return ",".join(map(_component, listed)) or "nothing"


def _component(component: Mapping[str, Any]) -> str:
    if component["type"] == "insert":
        return f"+{len(component['content'])}@{component['position']}"
    return f"-{component['length']}@{component['position']}"
