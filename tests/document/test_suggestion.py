"""A suggestion that is accepted after others have changed its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.suggestion import merged, still_there
from jupyter_speccollab.text import Operation, apply, normalise
from tests.text.strategies import operations_on, texts

WORDS = st.lists(st.sampled_from(["the", "quick", "fox", "a", ".", "\n"]), max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("quote", "present", "replacement", "expected"),
    [
        ("the quick fox", "the quick fox", "a slow fox", "a slow fox"),
        ("the quick fox", "the very quick fox", "the quick cat", "the very quick cat"),
        ("the quick fox", "a quick fox", "the quick cat", "a quick cat"),
        ("the quick fox", "the slow fox", "the slow fox", "the slow fox"),
        ("the quick brown fox", "the slow brown fox", "the slow brown cat", "the slow brown cat"),
        ("the quick fox", "the quiet fox", "the slow fox", None),
        ("cat", "cart", "cats", None),
        ("the quick fox", "the fox", "the quick cat", None),
        ("the quick fox", "the fox", "the slow fox", None),
        ("the quick fox", "the quick red fox", "the quick old fox", None),
        ("one two", "one, two", "one; two", None),
        ("the quick fox", "the fox", "", None),
        ("the quick fox", "", "", ""),
    ],
)
def test_by_words(quote: str, present: str, replacement: str, expected: str | None) -> None:
    assert merged(quote, present, replacement) == expected
    assert merged(quote, replacement, present) == expected


@given(WORDS, WORDS, WORDS)
def test_one_side_alone_and_two_equal_ones_hold(quote: str, one: str, other: str) -> None:
    assert merged(quote, quote, one) == one
    assert merged(quote, one, quote) == one
    assert merged(quote, one, one) == one
    assert merged(quote, one, other) == merged(quote, other, one)


@given(st.data())
def test_a_passage_that_is_still_there_has_its_letters(data: st.DataObject) -> None:
    text = data.draw(texts)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    operation = normalise(data.draw(operations_on(len(text))))
    there = still_there(operation, start, end)
    if there is not None:
        assert apply(operation, text)[slice(*there)] == text[start:end]


@given(st.data())
def test_an_edit_elsewhere_leaves_a_passage_there(data: st.DataObject) -> None:
    before, passage, after = data.draw(texts), data.draw(texts), data.draw(texts)
    first = normalise(data.draw(operations_on(len(before))))
    second = normalise(data.draw(operations_on(len(after))))
    text = f"{before}|{passage}|{after}"
    gap = len(before) - first.base_length + len(passage) + 2
    both = normalise(Operation.of(*first.components, gap, *second.components))
    start = len(apply(first, before)) + 1
    assert still_there(both, len(before) + 1, len(before) + 1 + len(passage)) == (start, start + len(passage))
    assert apply(both, text)[start : start + len(passage)] == passage
