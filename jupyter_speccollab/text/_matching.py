"""Compares two lists of tokens with bounded effort, for :func:`diff`."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import LCSseq

Change = tuple[int, int, int, int]
"""Old start, old end, new start, new end: the new range replaces the old range, in tokens or code points."""

Tokens = list[int]
"""Each number stands for a token; equal tokens have equal numbers."""

_PAIRS_AT_ONCE: Final = 50_000_000


@dataclass(slots=True)
class Budget:
    """The remaining effort. It bounds the running time without a clock, so that every run gives the same result."""

    pairs: int = 1_000_000_000
    """The number of pairs of tokens that may be compared."""
    characters: int = 1_500_000
    """The number of code points, of both texts together, that may be compared by words."""

    def compare(self, region: Change) -> bool:
        """Spend the effort of comparing all pairs of tokens in *region*; return whether there was enough."""
        pairs = (region[1] - region[0]) * (region[3] - region[2])
        if pairs > min(self.pairs, _PAIRS_AT_ONCE):
            return False
        self.pairs -= pairs
        return True

    def refine(self, region: Change) -> bool:
        """Spend the effort of comparing the text in *region* by words; return whether there was enough."""
        characters = (region[1] - region[0]) + (region[3] - region[2])
        if characters > self.characters:
            return False
        self.characters -= characters
        return True


def changes_between(a: Tokens, b: Tokens, budget: Budget) -> Iterator[Change]:
    """The changes that lead from *a* to *b*, from left to right.

    If the lists are short enough, the changes keep a longest common subsequence. Else they keep a longest common
    subsequence of the tokens that each list holds exactly once, and the parts between these tokens are compared
    in the same way, if they are short enough.

    Of several longest common subsequences, one is chosen by this rule: equal tokens at the beginning match, then
    equal tokens at the end. Between them, from right to left, the last token of *a* is dropped if that costs no
    match, else the last token of *b* if that costs no match; else both match. rapidfuzz follows this rule, and so
    does ``longestCommonSubsequence`` in the browser.

    Law (``test_matching.py::test_kept_tokens_are_the_longest_common_subsequence_of_the_rule``).
    """
    left = common_prefix(a, b)
    right = common_suffix(a[left:], b[left:])
    whole = (left, len(a) - right, left, len(b) - right)
    if budget.compare(whole):
        yield from _compared(a, b, whole)
        return
    for gap in _gaps(a, b, whole):
        if budget.compare(gap):
            yield from _compared(a, b, gap)
        else:
            yield gap


def common_prefix(a: str | Tokens, b: str | Tokens) -> int:
    """The number of equal items at the beginning, by binary search, because comparing slices is fast."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix(a: str | Tokens, b: str | Tokens) -> int:
    """The number of equal items at the end."""
    return common_prefix(a[::-1], b[::-1])


def _compared(a: Tokens, b: Tokens, region: Change) -> Iterator[Change]:
    start, end, new_start, new_end = region
    if start == end or new_start == new_end:
        if start < end or new_start < new_end:
            yield region
        return
    for code in LCSseq.opcodes(a[start:end], b[new_start:new_end]):
        if code.tag != "equal":
            yield (
                start + code.src_start,
                start + code.src_end,
                new_start + code.dest_start,
                new_start + code.dest_end,
            )


def _gaps(a: Tokens, b: Tokens, region: Change) -> Iterator[Change]:
    """The parts of *region* between the matched tokens that each side holds exactly once (patience diff)."""
    start, end, new_start, new_end = region
    once = _held_once(a[start:end]) & _held_once(b[new_start:new_end])
    new_place = {b[place]: place for place in range(new_start, new_end) if b[place] in once}
    pairs = [(place, new_place[a[place]]) for place in range(start, end) if a[place] in once]
    at, new_at = start, new_start
    for place, matched in _rising(pairs):
        yield at, place, new_at, matched
        at, new_at = place + 1, matched + 1
    yield at, end, new_at, new_end


def _held_once(tokens: Tokens) -> set[int]:
    return {token for token, count in Counter(tokens).items() if count == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of *pairs* whose second members increase. The first members always increase."""
    least_ends: list[int] = []
    last_pairs: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(least_ends, place)
        before.append(last_pairs[length - 1] if length else -1)
        least_ends[length : length + 1] = [place]
        last_pairs[length : length + 1] = [index]
    rising: list[tuple[int, int]] = []
    index = last_pairs[-1] if last_pairs else -1
    while index >= 0:
        rising.append(pairs[index])
        index = before[index]
    return rising[::-1]
