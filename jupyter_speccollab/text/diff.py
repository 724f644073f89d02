"""Finds the operation that leads from one text to another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from ._matching import Budget, Change, changes_between, common_prefix, common_suffix
from .operation import Builder, Operation, normalise

_WORD: Final = re.compile(r"[^\W\u2e80-\U0003ffff]+|[^\S\n]+|.", re.DOTALL)
"""A word, a space of any width, or else one character, as in scripts that don't part words."""


def diff(old: str, new: str) -> Operation:
    """The operation, in normal form, that makes *new* of *old*: small, and at the borders of lines and words.

    Compares lines first and then, where lines differ, words, of which the common beginning and end stay. What
    is too much to compare is replaced as a whole, so that two unrelated texts of 2,000,000 code points take
    two seconds at most.

    Law (``test_diff.py::test_diff_leads_from_old_to_new``): ``apply(diff(old, new), old) == new``.
    """
    result = Builder()
    done = 0
    for start, end, new_start, new_end in _changes(old, new):
        result.retain(start - done)
        result.insert(new[new_start:new_end])
        result.delete(end - start)
        done = end
    return normalise(result.build())


def _changes(old: str, new: str) -> Iterator[Change]:
    """The changes as offsets in both texts, from left to right."""
    budget = Budget()
    for lines in _line_changes(old, new, budget):
        if not budget.refine(lines):
            yield _trimmed(old, new, lines)
            continue
        start, end, new_start, new_end = lines
        for words in _readable(_word_changes(old[start:end], new[new_start:new_end], budget)):
            yield _trimmed(old, new, _moved(words, start, new_start))


def _line_changes(old: str, new: str, budget: Budget) -> Iterator[Change]:
    start, end, new_start, new_end = _differing_lines(old, new)
    before, after = old[start:end].splitlines(True), new[new_start:new_end].splitlines(True)
    for change in _merged(_token_changes(before, after, budget), _touch):
        yield _moved(change, start, new_start)


def _word_changes(old: str, new: str, budget: Budget) -> Iterator[Change]:
    return _token_changes(_WORD.findall(old), _WORD.findall(new), budget)


def _token_changes(old: list[str], new: list[str], budget: Budget) -> Iterator[Change]:
    """The changes between two lists of tokens, as offsets in the texts that these make up."""
    numbers: dict[str, int] = {}
    a = [numbers.setdefault(token, len(numbers)) for token in old]
    b = [numbers.setdefault(token, len(numbers)) for token in new]
    offsets = list(accumulate(map(len, old), initial=0))
    new_offsets = list(accumulate(map(len, new), initial=0))
    for start, end, new_start, new_end in changes_between(a, b, budget):
        yield offsets[start], offsets[end], new_offsets[new_start], new_offsets[new_end]


def _differing_lines(old: str, new: str) -> Change:
    """All but the lines that both begin with and the lines that both end with."""
    start, end, new_start, new_end = _trimmed(old, new, (0, len(old), 0, len(new)))
    line_start = old.rfind("\n", 0, start) + 1
    newline = old.find("\n", end)
    more = (len(old) if newline < 0 else newline + 1) - end
    return line_start, end + more, new_start - (start - line_start), new_end + more


def _trimmed(old: str, new: str, change: Change) -> Change:
    """*change* without what both sides begin with, and without what both then end with."""
    start, end, new_start, new_end = change
    same = common_prefix(old[start:end], new[new_start:new_end])
    start, new_start = start + same, new_start + same
    same = common_suffix(old[start:end], new[new_start:new_end])
    return start, end - same, new_start, new_end - same


def _moved(change: Change, start: int, new_start: int) -> Change:
    return change[0] + start, change[1] + start, change[2] + new_start, change[3] + new_start


def _readable(changes: Iterable[Change]) -> list[Change]:
    """Changes with little between them, compared with what they change themselves, as one.

    Two unrelated passages have many words in common; nobody wants to read what happened to them one by one.
    """
    return _merged(_merged(changes, _touch), _read_as_one)


def _merged(changes: Iterable[Change], belong: Callable[[Change, Change], bool]) -> list[Change]:
    """*changes* with neighbours put together for as long as *belong* says so."""
    merged: list[Change] = []
    for change in changes:
        right = change
        while merged and belong(merged[-1], right):
            left = merged.pop()
            right = (left[0], right[1], left[2], right[3])
        merged.append(right)
    return merged


def _touch(left: Change, right: Change) -> bool:
    return left[1] == right[0] and left[3] == right[2]


def _read_as_one(left: Change, right: Change) -> bool:
    """Whether both together replace text by text, and the gap between them is short beside each of them."""
    (start, end, new_start, new_end), (next_start, next_end, next_new_start, next_new_end) = left, right
    deleted, next_deleted = end - start, next_end - next_start
    inserted, next_inserted = new_end - new_start, next_new_end - next_new_start
    return 2 * (next_start - end) <= min(
        max(deleted, inserted),
        max(next_deleted, next_inserted),
        deleted + next_deleted,
        inserted + next_inserted,
    )
