"""Parts: what operations kept, added and removed, with the number of the operation or of its author.

An operation is taken as a list of parts, which cover the text before it and the text after it from left to right,
without either text::

    before:   The |quick |     | fox          kept 4 · removed 6, by 7 · added 5, by 8 · kept 4
    after:    The |      |slow | fox

`after` makes one list of two that follow each other. It costs as many steps as both have parts, so that `total`
costs the number of all parts times the logarithm of the number of operations. What was added and then removed again
leaves no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from .operation import Operation

KEPT: Final = 0
ADDED: Final = 1
REMOVED: Final = 2

Part = tuple[int, int, int]
"""`KEPT`, `ADDED` or `REMOVED`; the length in code points; a number for who did it, or `NOBODY` of a kept part.

The number is what the caller wants to know of a part: the version of the operation, or a number of its author.
"""

NOBODY: Final = -1

_REST: Final = (KEPT, 1 << 40, NOBODY)
"""What stands behind the last part: all the rest of the text is kept. It is longer than a text can be."""


def parts_of(operation: Operation, by: int) -> list[Part]:
    """The parts of one operation; ``by`` is the number of what it adds and removes."""
    parts: list[Part] = []
    for component in operation.components:
        if isinstance(component, str):
            parts.append((ADDED, len(component), by))
        elif component > 0:
            parts.append((KEPT, component, NOBODY))
        else:
            parts.append((REMOVED, -component, by))
    return parts


def parts_of_changes(changes: Sequence[Sequence[Any]], by: int) -> list[Part]:
    """The parts of an operation in the form of `jupyter_speccollab.text.changes`.

    Law (``tests/text/test_parts.py::test_stored_changes_have_the_same_parts``): as `parts_of` of the operation.
    """
    parts: list[Part] = []
    behind = 0
    for position, removed_, added_ in reversed(changes):
        if position > behind:
            parts.append((KEPT, position - behind, NOBODY))
        if added_:
            parts.append((ADDED, len(added_), by))
        if removed_:
            parts.append((REMOVED, len(removed_), by))
        behind = position + len(removed_)
    return parts


def total(operations: Iterable[Sequence[Part]]) -> Sequence[Part]:
    """One list for all ``operations``, which follow each other.

    Law (``tests/service/history/test_hunks.py``): twice the operations cost little more than twice the steps.
    """
    lists = list(operations)
    while len(lists) > 1:
        pairs = [after(one, next_) for one, next_ in zip(lists[::2], lists[1::2], strict=False)]
        lists = pairs + lists[2 * len(pairs) :]
    return lists[0] if lists else ()


class RunningTotal:
    """The `total` of operations that come one by one, without much work at any of them.

    Lists that hold about as many operations are merged, as digits are carried when a number is counted up.

    Law (``tests/text/test_parts.py::test_running_total``): at any time as `total` of the operations so far.
    """

    __slots__ = ("_lists", "size")

    def __init__(self) -> None:
        self._lists: list[tuple[int, Sequence[Part]]] = []
        """The number of operations in each list, and their parts: every list has fewer than the one before it."""
        self.size = 0
        """How many parts all lists have together, which is what `add` and `parts` cost at most."""

    def add(self, parts: Sequence[Part]) -> None:
        """Add an operation that follows those before."""
        count = 1
        self.size += len(parts)
        while self._lists and self._lists[-1][0] <= count:
            more, earlier = self._lists.pop()
            merged = after(earlier, parts)
            self.size += len(merged) - len(earlier) - len(parts)
            count, parts = count + more, merged
        self._lists.append((count, parts))

    def parts(self) -> Sequence[Part]:
        """One list for all operations so far."""
        whole: Sequence[Part] = ()
        for _, earlier in reversed(self._lists):
            whole = after(earlier, whole)
        return whole


def after(first: Sequence[Part], second: Sequence[Part]) -> list[Part]:
    """One list for ``first`` and then ``second``."""
    result: list[Part] = []
    last, length, author = KEPT, 0, NOBODY  # the end of the result, to which equal parts are added
    source = iter(first)
    old, left, by = next(source, _REST)
    for does, reach, editor in (*second, _REST):
        due = reach
        while due:
            if does == ADDED:
                kind, taken, who = ADDED, due, editor
                due = 0
            elif old == REMOVED:
                kind, taken, who = REMOVED, left, by
                old, left, by = next(source, _REST)
            else:
                taken = left if left < due else due
                kind, who = (old, by) if does == KEPT else (REMOVED, editor)
                due -= taken
                left -= taken
                is_gone = old == ADDED and does == REMOVED
                if not left:
                    old, left, by = next(source, _REST)
                if is_gone:
                    continue
            if kind == last and who == author:
                length += taken
            else:
                if length:
                    result.append((last, length, author))
                last, length, author = kind, taken, who
    return result


Range = tuple[int, int, int]
"""A range of a text, in code points: where it starts, where it ends, and the number of the part."""


def added(parts: Iterable[Part]) -> Iterator[Range]:
    """The ranges of the later text that were added, from left to right.

    Law (``tests/text/test_parts.py::test_added_and_removed_are_those_of_each_letter``): the ranges are those of the
    letters that following each letter through all operations finds.
    """
    end = 0
    for kind, length, by in parts:
        if kind != REMOVED:
            end += length
            if kind == ADDED:
                yield end - length, end, by


def removed(parts: Iterable[Part]) -> Iterator[Range]:
    """The ranges of the earlier text that are gone in the later one, from left to right. Law: that of `added`."""
    end = 0
    for kind, length, by in parts:
        if kind != ADDED:
            end += length
            if kind == REMOVED:
                yield end - length, end, by
