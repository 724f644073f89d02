"""Three-way merges."""

from __future__ import annotations

import pytest
from hypothesis import given

from jupyter_speccollab.text import Operation, apply, merge

from .strategies import edits, law


@law
@given(edits(count=2))
def test_a_merge_with_no_change_is_the_other_side(made: tuple[str, Operation, Operation]) -> None:
    base, a, b = made
    mine, theirs = apply(a, base), apply(b, base)
    assert merge(base, mine, base) == mine
    assert merge(base, base, theirs) == theirs
    assert merge(base, mine, mine) == mine


@law
@given(edits(count=2))
def test_no_text_of_either_side_is_lost(made: tuple[str, Operation, Operation]) -> None:
    """All inserted letters are in the result; equal inserts at one place occur once."""
    base, a, b = made
    mine = apply(relettered(a, "M"), base)
    theirs = apply(relettered(b, "T"), base)
    merged = merge(base, mine, theirs)
    assert merged.count("M") == mine.count("M")
    assert merged.count("T") == theirs.count("T")


def relettered(operation: Operation, letter: str) -> Operation:
    """*operation* with every inserted code point replaced by *letter*."""
    return Operation.of(
        *[letter * len(part) if isinstance(part, str) else part for part in operation.components]
    )


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("one two three", "one 2 three", "one two three four", "one 2 three four"),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nb\nc\nd\n", "a\nB\nc\nd\n"),
        ("ab", "aMb", "aTb", "aMTb"),
        ("ab", "aXb", "aXb", "aXb"),
        ("one\ntwo\n", "zero\none\ntwo\n", "zero\none\ntwo\nthree\n", "zero\none\ntwo\nthree\n"),
        ("", "same", "same", "same"),
        ("gone", "", "gone!", "!"),
    ],
)
def test_a_merge_reads_well(base: str, mine: str, theirs: str, merged: str) -> None:
    assert merge(base, mine, theirs) == merged
