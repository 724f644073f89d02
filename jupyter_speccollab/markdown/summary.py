"""A summary of changes: one line, for readers, on what a revision changed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

HEADING: Final = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*")
NAMED: Final = 3
"""The number of headings that are named; further ones are only counted."""


def summarise(old: str, new: str) -> str:
    """The changed sections and the number of lines added and removed: ``changed “Security”, +12 −3 lines``.

    Lines are compared as multisets, without the lines that both texts begin and end with, so that the cost is
    that of reading both texts. Equal texts give ``no changes``.
    """
    before, after = old.split("\n"), new.split("\n")
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    removed, added = before[start : len(before) - end], after[start : len(after) - end]
    gone, come = Counter(removed) - Counter(added), Counter(added) - Counter(removed)
    if not removed and not added:
        return "no changes"
    counts = _counts(come.total(), gone.total())
    touched = _headings(after, start, len(after) - end, come, bool(gone and not come))
    named = _named(touched)
    return f"changed {named}, {counts}" if named else counts


def _common(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _counts(added: int, removed: int) -> str:
    if not added and not removed:
        return "moved lines"
    parts = [f"+{added}"] if added else []
    parts += [f"−{removed}"] if removed else []
    unit = "line" if added + removed == 1 else "lines"
    return f"{' '.join(parts)} {unit}"


def _headings(lines: list[str], start: int, end: int, come: Counter[str], all_gone: bool) -> list[str]:
    """The sections with an added line, in order; if lines were only deleted, the section they stood in."""
    section = ""
    fenced = False
    touched: dict[str, None] = {}
    for index, line in enumerate(lines[: max(end, start + 1)]):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and (match := HEADING.fullmatch(line)):
            section = match[2]
        if index >= start and (all_gone or come[line]):
            touched[section] = None
    return [name for name in touched if name]


def _named(sections: list[str]) -> str:
    names = ", ".join(f"“{name[:60]}”" for name in sections[:NAMED])
    more = len(sections) - NAMED
    return f"{names} and {more} more" if more > 0 else names
