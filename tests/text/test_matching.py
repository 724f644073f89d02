"""Comparing lists of tokens, and the choice among several longest common subsequences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text._matching import Budget, changes_between, common_prefix, common_suffix

from .strategies import law

Pairs = list[tuple[int, int]]
tokens = st.integers(1, 4).flatmap(lambda kinds: st.lists(st.integers(0, kinds), max_size=90))


@law
@given(tokens, tokens)
def test_kept_tokens_are_the_longest_common_subsequence_of_the_rule(a: list[int], b: list[int]) -> None:
    """The TypeScript implementation follows the same rule (``subsequence.test.ts``)."""
    assert kept(a, b, Budget()) == by_the_table(a, b)


@law
@given(tokens, tokens, st.integers(0, 400))
def test_changes_lead_from_one_list_to_the_other_with_any_budget(
    a: list[int], b: list[int], pairs: int
) -> None:
    for place, new_place in kept(a, b, Budget(pairs=pairs)):
        assert a[place] == b[new_place]


def kept(a: list[int], b: list[int], budget: Budget) -> Pairs:
    """The places, in both lists, of the tokens that no change covers."""
    pairs: Pairs = []
    at, new_at = 0, 0
    for start, end, new_start, new_end in [*changes_between(a, b, budget), (len(a), len(a), len(b), len(b))]:
        assert start - at == new_start - new_at
        pairs += zip(range(at, start), range(new_at, new_start), strict=True)
        at, new_at = end, new_end
    return pairs


def by_the_table(a: list[int], b: list[int]) -> Pairs:
    """The rule of `changes_between`, implemented with a full table of lengths."""
    start = common_prefix(a, b)
    behind = common_suffix(a[start:], b[start:])
    left, right = a[start : len(a) - behind], b[start : len(b) - behind]
    lengths = [[0] * (len(left) + 1) for _ in range(len(right) + 1)]
    for row, new in enumerate(right):
        for column, old in enumerate(left):
            longer = max(lengths[row][column + 1], lengths[row + 1][column])
            lengths[row + 1][column + 1] = lengths[row][column] + 1 if old == new else longer
    pairs: Pairs = []
    column, row = len(left), len(right)
    while column and row:
        if lengths[row][column - 1] == lengths[row][column]:
            column -= 1
        elif lengths[row - 1][column] == lengths[row][column]:
            row -= 1
        else:
            column, row = column - 1, row - 1
            pairs.append((start + column, start + row))
    ends = [(len(a) - count, len(b) - count) for count in range(behind, 0, -1)]
    return [(place, place) for place in range(start)] + pairs[::-1] + ends
