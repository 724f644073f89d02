"""A summary of changes: one line, for readers, on what a revision changed."""

from __future__ import annotations

from collections import Counter
from typing import Final

NAMED: Final = 3
"""The number of headings that are named; further ones are only counted."""

LINES: Final = 5_000
"""The number of differing lines, of both texts together, beyond which all of them count as changed."""

READ: Final = 100_000
"""How many code points of so long a difference are searched for headings."""

HEADINGS: Final = 1_000
"""How many lines that begin with ``#`` are looked at to find the section in which a change begins."""

BLOCK: Final = 4_096
FENCES: Final = ("```", "~~~")


def summarise(old: str, new: str) -> str:
    """The changed sections and the number of lines added and removed: ``changed “Security”, +12 −3 lines``.

    Lines are compared as multisets, without the lines that both texts begin and end with. Equal texts give
    ``no changes``. The texts are of strangers, so the cost is bounded whatever stands in them: that of comparing
    them as strings, and of a few thousand lines (``test_summary.py::test_any_text_has_a_summary``).
    """
    if old == new:
        return "no changes"
    start, old_end, new_end = _differing_lines(old, new)
    before, after = old[start:old_end], new[start:new_end]
    if before.count("\n") + after.count("\n") > LINES:
        some = after[:READ].split("\n")[:LINES]
        touched = _sections(new, start, some, Counter(some))
        return _told(touched, _count(after), _count(before))
    removed, added = _lines(before, old_end == len(old)), _lines(after, new_end == len(new))
    gone, come = Counter(removed) - Counter(added), Counter(added) - Counter(removed)
    if gone and not come:
        added = added or [new[start:].split("\n", 1)[0]]
        come = Counter(added)
        return _told(_sections(new, start, added, come), 0, gone.total())
    return _told(_sections(new, start, added, come), come.total(), gone.total())


def _differing_lines(old: str, new: str) -> tuple[int, int, int]:
    """Where both texts begin to differ, and where each ends to do so: at beginnings of lines, or at the end."""
    same = _common(old, new)
    start = new.rfind("\n", 0, same) + 1
    rest = _common_end(old, new, min(len(old), len(new)) - start)
    at_line = all(end == start or text[end - 1] == "\n" for text in (old, new) for end in [len(text) - rest])
    if not at_line:
        newline = new.find("\n", len(new) - rest)
        rest = 0 if newline < 0 else len(new) - newline - 1
    return start, len(old) - rest, len(new) - rest


def _common(left: str, right: str) -> int:
    """The number of equal code points at the beginning."""
    count, end = 0, min(len(left), len(right))
    while count < end and left[count : count + BLOCK] == right[count : count + BLOCK]:
        count += BLOCK
    while count < end and left[count] == right[count]:
        count += 1
    return min(count, end)


def _common_end(left: str, right: str, most: int) -> int:
    """The number of equal code points at the end, at most ``most``."""
    count, a, b = 0, len(left), len(right)
    while (
        count + BLOCK <= most and left[a - count - BLOCK : a - count] == right[b - count - BLOCK : b - count]
    ):
        count += BLOCK
    while count < most and left[a - count - 1] == right[b - count - 1]:
        count += 1
    return count


def _lines(part: str, is_last: bool) -> list[str]:
    """The lines of a part of a text; behind a newline follows one more line only at the end of the text."""
    if not part and not is_last:
        return []
    lines = part.split("\n")
    return lines if is_last else lines[:-1]


def _count(part: str) -> int:
    return part.count("\n") + (not part.endswith("\n") and bool(part))


def _sections(text: str, start: int, lines: list[str], changed: Counter[str]) -> list[str]:
    """The sections with a changed line, in order, of ``lines``, which begin at ``start``."""
    section, fenced = _place(text, start)
    touched: dict[str, None] = {}
    for line in lines:
        if line.startswith(FENCES):
            fenced = not fenced
        elif not fenced and (named := _heading(line)):
            section = named
        if changed[line]:
            touched[section] = None
    return [name for name in touched if name]


def _place(text: str, start: int) -> tuple[str, bool]:
    """The section in which the line at ``start`` stands, and whether it stands in a block of code."""
    here = fenced = _fences(text, 0, start) % 2 == 1
    at = start
    for _ in range(HEADINGS):
        if at == 0:
            break
        before, at = at, text.rfind("\n#", 0, at - 1) + 1
        fenced ^= _fences(text, at, before) % 2 == 1
        end = text.find("\n", at)
        if not fenced and (named := _heading(text[at:end])):
            return named, here
    return "", here


def _fences(text: str, start: int, end: int) -> int:
    """The number of lines between two beginnings of lines that begin or end a block of code."""
    inside = sum(text.count(f"\n{fence}", start, end) for fence in FENCES)
    return inside + (start < end and text.startswith(FENCES, start))


def _heading(line: str) -> str:
    """The text of a heading (``## Security ##``); empty if the line is none."""
    rest = line.lstrip("#")
    if not 1 <= len(line) - len(rest) <= 6 or not rest[:1].isspace():
        return ""
    named = rest.strip()
    return named.rstrip("#").rstrip() or named[:1]


def _told(sections: list[str], added: int, removed: int) -> str:
    counts = _counts(added, removed)
    named = _named(sections)
    return f"changed {named}, {counts}" if named else counts


def _counts(added: int, removed: int) -> str:
    if not added and not removed:
        return "moved lines"
    parts = [f"+{added}"] if added else []
    parts += [f"−{removed}"] if removed else []
    unit = "line" if added + removed == 1 else "lines"
    return f"{' '.join(parts)} {unit}"


def _named(sections: list[str]) -> str:
    names = ", ".join(f"“{name[:60]}”" for name in sections[:NAMED])
    more = len(sections) - NAMED
    return f"{names} and {more} more" if more > 0 else names
