"""Finds the operation that leads from one text to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

import msgspec

from ._matching import Budget, Change, changes_between, common_prefix, common_suffix
from ._tokens import lines_of, words_of
from .operation import Builder, Operation, normalise
from .wire import to_wire

MOST_COMPONENTS: Final = 20_000
"""The greatest number of components of a `sendable_diff`, unless it is one replacement."""

MOST_BYTES: Final = 4 * 1024 * 1024
"""The greatest length of a `sendable_diff`, in bytes of JSON as it is sent, unless it is one replacement."""


def sendable_diff(old: str, new: str) -> Operation:
    """As `diff`, but coarser if the operation is too long to be sent: by lines, or else one replacement."""
    fine = diff(old, new)
    if _is_sendable(fine):
        return fine
    by_lines = _operation(
        old, new, (_trimmed(old, new, lines) for lines in _line_changes(old, new, Budget()))
    )
    if _is_sendable(by_lines):
        return by_lines
    return _operation(old, new, [_trimmed(old, new, (0, len(old), 0, len(new)))])


def _is_sendable(operation: Operation) -> bool:
    return (
        len(operation.components) <= MOST_COMPONENTS
        and len(msgspec.json.encode(to_wire(operation))) <= MOST_BYTES
    )


def diff(old: str, new: str) -> Operation:
    """The operation, in normal form, that turns *old* into *new*: small, with its edges at lines and words.

    Compares lines first, then words where lines differ, and then drops the characters that a changed passage
    has in common at its beginning and end. Passages that are too long to compare are replaced as a whole, so
    that two unrelated texts of 2,000,000 code points take two seconds at most.

    Law (``test_diff.py::test_diff_leads_from_old_to_new``): ``apply(diff(old, new), old) == new``. The browser's
    ``diff`` gives the same operation for the same texts (``test_vectors.py::test_diff``): lines end at ``\\n``
    alone, and :func:`changes_between` decides alike where several longest common subsequences exist.
    """
    return _operation(old, new, _changes(old, new))


def _operation(old: str, new: str, changes: Iterable[Change]) -> Operation:
    """The operation of these changes, which stand from left to right."""
    result = Builder()
    done = 0
    for start, end, new_start, new_end in changes:
        result.retain(start - done)
        result.insert(new[new_start:new_end])
        result.delete(end - start)
        done = end
    return normalise(result.build())


def word_changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """The words that differ: start and end in *old*, and the text that stands there in *new*, from left to right.

    Unlike :func:`diff` it never splits a word: a change of one letter replaces the word. Neighbours have at least
    one equal token between them. Texts that are too long to compare are replaced as a whole.

    Law (``test_diff.py::test_word_changes_lead_from_old_to_new``): replacing them from right to left makes *new* of
    *old*.
    """
    if len(old) + len(new) > Budget().characters:
        return [(0, len(old), new)] if old != new else []
    changes = _merged(_word_changes(old, new, Budget()), _touch)
    return [(start, end, new[new_start:new_end]) for start, end, new_start, new_end in changes]


def differing_length(old: str, new: str) -> int:
    """The length of both texts together, in code points, without their common beginning and end."""
    start, end, new_start, new_end = _trimmed(old, new, (0, len(old), 0, len(new)))
    return (end - start) + (new_end - new_start)


def compared_length(old: str, new: str) -> int:
    """The length of the lines that :func:`diff` compares in both texts together, in code points."""
    start, end, new_start, new_end = _differing_lines(old, new)
    return (end - start) + (new_end - new_start)


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
    before, after = lines_of(old[start:end]), lines_of(new[new_start:new_end])
    for change in _merged(_token_changes(before, after, budget), _touch):
        yield _moved(change, start, new_start)


def _word_changes(old: str, new: str, budget: Budget) -> Iterator[Change]:
    return _token_changes(words_of(old), words_of(new), budget)


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
    """The region without the lines that both texts begin with and the lines that both end with."""
    start, end, new_start, new_end = _trimmed(old, new, (0, len(old), 0, len(new)))
    line_start = old.rfind("\n", 0, start) + 1
    newline = old.find("\n", end)
    more = (len(old) if newline < 0 else newline + 1) - end
    return line_start, end + more, new_start - (start - line_start), new_end + more


def _trimmed(old: str, new: str, change: Change) -> Change:
    """*change* without the common beginning of both sides, and then without their common end."""
    start, end, new_start, new_end = change
    same = common_prefix(old[start:end], new[new_start:new_end])
    start, new_start = start + same, new_start + same
    same = common_suffix(old[start:end], new[new_start:new_end])
    return start, end - same, new_start, new_end - same


def _moved(change: Change, start: int, new_start: int) -> Change:
    return change[0] + start, change[1] + start, change[2] + new_start, change[3] + new_start


def _readable(changes: Iterable[Change]) -> list[Change]:
    """The changes with those merged that a reader takes for one.

    They touch, or little text lies between them compared with what they change. Two unrelated passages share
    many words, and a list of the passages between these words is of no use to a reader.
    """
    return _merged(_merged(changes, _touch), _read_as_one)


def _merged(changes: Iterable[Change], belong: Callable[[Change, Change], bool]) -> list[Change]:
    """*changes* with neighbours merged for as long as *belong* holds for them."""
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
    """Whether both together replace text by text, and the gap between them is short compared with each."""
    (start, end, new_start, new_end), (next_start, next_end, next_new_start, next_new_end) = left, right
    deleted, next_deleted = end - start, next_end - next_start
    inserted, next_inserted = new_end - new_start, next_new_end - next_new_start
    return 2 * (next_start - end) <= min(
        max(deleted, inserted),
        max(next_deleted, next_inserted),
        deleted + next_deleted,
        inserted + next_inserted,
    )
