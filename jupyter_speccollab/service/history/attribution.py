"""Attribution: who added and who removed which part of a text, over many operations.

An operation is taken as a list of parts, which cover the text before it and the text after it from left to right,
without either text::

    before:   The |quick |     | fox          kept 4 · removed 6, by Ada · added 5, by Bob · kept 4
    after:    The |      |slow | fox

`after` makes one list of two that follow each other. It costs as many steps as both have parts, so that `total`
costs the number of all parts times the logarithm of the number of operations. What was added and then removed again
leaves no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

KEPT: Final = 0
ADDED: Final = 1
REMOVED: Final = 2

Part = tuple[int, int, int]
"""`KEPT`, `ADDED` or `REMOVED`; the length in code points; the number of the author, or `NOBODY` of a kept part."""

NOBODY: Final = -1

_LONGEST: Final = 1 << 40
"""More than a text can be long."""

_REST: Final = (KEPT, 2 * _LONGEST, NOBODY)
"""What stands behind the last part: all the rest of the text is kept."""


def total(operations: Iterable[Sequence[Part]]) -> Sequence[Part]:
    """One list for all ``operations``, which follow each other.

    Law (``tests/service/history/test_hunks.py``): twice the operations cost little more than twice the steps.
    """
    lists = list(operations)
    while len(lists) > 1:
        pairs = [after(one, next_) for one, next_ in zip(lists[::2], lists[1::2], strict=False)]
        lists = pairs + lists[2 * len(pairs) :]
    return lists[0] if lists else ()


def after(first: Sequence[Part], second: Sequence[Part]) -> list[Part]:
    """One list for ``first`` and then ``second``."""
    result: list[Part] = []
    source = iter([*first, _REST])
    kind, left, author = next(source)
    for does, length, by in second:
        if does == ADDED:
            _append(result, ADDED, length, by)
            continue
        due = length
        while due:
            if kind == REMOVED:
                _append(result, REMOVED, left, author)
                kind, left, author = next(source)
                continue
            taken = min(left, due)
            if does == KEPT:
                _append(result, kind, taken, author)
            elif kind == KEPT:
                _append(result, REMOVED, taken, by)
            left -= taken
            due -= taken
            if not left:
                kind, left, author = next(source)
    while left < _LONGEST:
        _append(result, kind, left, author)
        kind, left, author = next(source)
    return result


def _append(parts: list[Part], kind: int, length: int, author: int) -> None:
    """Append a part, or lengthen the last one by it."""
    if parts:
        last_kind, last_length, last_author = parts[-1]
        if last_kind == kind and last_author == author:
            parts[-1] = (kind, last_length + length, author)
            return
    parts.append((kind, length, author))
