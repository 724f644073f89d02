"""Anchors: ranges of a text that move with every operation. Helper A replaces this file; the names stay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """The range ``[start, end)`` of a text, in code points; ``letters`` is what an orphan held, else ``None``."""

    start: int
    end: int
    letters: str | None = None
