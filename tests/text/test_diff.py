"""Diffs of texts: correct, readable, and computed with bounded effort."""

from __future__ import annotations

import itertools
import random
from importlib import import_module

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, apply, diff, normalise, sendable_diff, to_wire, word_changes
from jupyter_speccollab.text._matching import Budget, changes_between
from jupyter_speccollab.text.diff import MOST_COMPONENTS

from .strategies import edits, law, long_texts, texts

words = st.lists(
    st.sampled_from(["one ", "two ", "three", "\n", ".", "字", "😀", "four-five ", "\t"]), max_size=30
)


@law
@given(st.one_of(texts, long_texts, words.map("".join)), st.one_of(texts, long_texts, words.map("".join)))
def test_diff_leads_from_old_to_new(old: str, new: str) -> None:
    operation = diff(old, new)
    assert apply(operation, old) == new
    assert normalise(operation) is operation


@law
@given(st.one_of(texts, long_texts, words.map("".join)), st.one_of(texts, long_texts, words.map("".join)))
def test_word_changes_lead_from_old_to_new(old: str, new: str) -> None:
    changes = word_changes(old, new)
    made = old
    for start, end, text in reversed(changes):
        made = made[:start] + text + made[end:]
    assert made == new
    for (_, end, _), (start, _, _) in itertools.pairwise(changes):
        assert end < start


def test_words_are_never_split() -> None:
    assert word_changes("the cat sat", "the cart sat") == [(4, 7, "cart")]
    assert word_changes("one two", "one, two") == [(3, 3, ",")]
    assert word_changes("same", "same") == []


@law
@given(edits())
def test_diff_is_no_longer_than_a_replacement(made: tuple[str, Operation]) -> None:
    text, operation = made
    new = apply(operation, text)
    found = diff(text, new)
    assert sum(len(part) for part in found.components if isinstance(part, str)) <= len(new)
    assert (found.components == ()) == (text == new)


@law
@given(edits(), st.integers(0, 4), st.integers(2, 200))
def test_a_sendable_diff_leads_from_old_to_new(
    made: tuple[str, Operation], components: int, most_bytes: int
) -> None:
    """Whatever the limits are: within them, or one replacement."""
    old, operation = made
    new = apply(operation, old)
    with pytest.MonkeyPatch.context() as patch:
        module = import_module("jupyter_speccollab.text.diff")
        patch.setattr(module, "MOST_COMPONENTS", components)
        patch.setattr(module, "MOST_BYTES", most_bytes)
        found = sendable_diff(old, new)
    assert apply(found, old) == new
    assert normalise(found) is found
    as_sent = len(msgspec.json.encode(to_wire(found)))
    assert (len(found.components) <= components and as_sent <= most_bytes) or len(found.components) <= 3


def test_a_diff_with_very_many_changes_is_made_of_lines() -> None:
    """Half of the words of 500 lines: too much word by word, and little line by line."""
    lines = [" ".join(f"unchanged{line} a{number}" for number in range(20)) + "\n" for line in range(1_000)]
    other = [line.replace(" a", " b") for line in lines[::2]]
    old = "".join(lines)
    new = "".join(part for pair in zip(other, lines[1::2], strict=True) for part in pair)
    assert len(diff(old, new).components) > MOST_COMPONENTS
    found = sendable_diff(old, new)
    assert 1_000 <= len(found.components) <= MOST_COMPONENTS
    assert apply(found, old) == new


@pytest.mark.parametrize(
    ("old", "new", "components"),
    [
        ("", "", ()),
        ("", "x", ("x",)),
        ("x", "", (-1,)),
        ("hello world\nfoo bar\n", "hello brave world\nfoo baz\n", (6, "brave ", 12, "z", -1)),
        ("a\nb\nc\n", "a\nX\nb\nc\nY", (2, "X\n", 4, "Y")),
        ("我们喜欢编程", "我们非常喜欢写程", (2, "非常", 2, "写", -1)),
        ("## One\n\ntext\n", "## One\n\n## Two\n\ntext\n", (8, "## Two\n\n")),
        ("- [ ] do it\n- [ ] and that\n", "- [x] do it\n- [ ] and that\n", (3, "x", -1)),
        ("a 😀 b", "a 😁 b", (2, "😁", -1)),
        ("the quick brown fox", "the slow red fox", (4, "slow red", -11)),
    ],
)
def test_a_difference_reads_well(old: str, new: str, components: tuple[int | str, ...]) -> None:
    assert diff(old, new).components == components


def test_unrelated_passages_are_replaced_and_not_picked_apart() -> None:
    source = random.Random(7)
    vocabulary = ["".join(source.choices("abcdefgh", k=source.randint(2, 8))) for _ in range(300)]
    old, new = (" ".join(source.choices(vocabulary, k=400)) for _ in range(2))
    assert len(diff(f"same\n{old}\nend", f"same\n{new}\nend").components) < 30


def test_scattered_edits_in_a_long_text_stay_scattered() -> None:
    lines = [f"Line {number} says something of its own, namely {number * 7}.\n" for number in range(30_000)]
    changed = list(lines)
    for number in range(0, 30_000, 300):
        changed[number] = changed[number].replace("something", "nothing")
    operation = diff("".join(lines), "".join(changed))
    assert apply(operation, "".join(lines)) == "".join(changed)
    assert sum(abs(part) for part in operation.components if isinstance(part, int) and part < 0) <= 100 * 9


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a\n", "ab cd ", "字", "x.y\n", "abcdefgh ijk lmnop qrstu\n"])
def test_unrelated_long_texts_take_bounded_effort(unit: str) -> None:
    source = random.Random(3)
    old, new = (
        "".join(source.choices([unit, unit.upper(), unit[::-1], unit + "!"], k=2_000_000 // len(unit)))[
            :2_000_000
        ]
        for _ in range(2)
    )
    operation = diff(old, new)
    assert apply(operation, old) == new


def test_the_effort_is_counted() -> None:
    budget = Budget(pairs=100)
    a, b = list(range(20)), list(range(100, 120))
    assert list(changes_between(a, b, budget)) == [(0, 20, 0, 20)]
    assert budget.pairs == 100
    assert list(changes_between([1, 2, 3, 4], [5, 2, 3, 6], budget)) == [
        (0, 0, 0, 1),
        (0, 1, 1, 1),
        (3, 3, 3, 4),
        (3, 4, 4, 4),
    ]
    assert budget.pairs == 84
