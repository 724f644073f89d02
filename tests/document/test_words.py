"""Words: what terms find, and passages that stay as they are where nobody edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.words import (
    LONGEST,
    MOST,
    Passage,
    key_of,
    matches,
    passages_of,
    snippet_of,
    terms_of,
    words_of,
)


def finds(query: str, text: str) -> bool:
    return all(term.key in key_of(text) for term in terms_of(query))


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("mod", "Churn model", True),
        ("model churn", "Churn model", True),
        ("odel", "Churn model", False),
        ("CAFÉ", "le cafe\u0301", True),
        ("grösse", "GRÖSSE", True),
        ("straße", "STRASSE", True),
        ("100%", "up to 100% of it", True),
        ("100%", "100 of it", False),
        ("a_b", "a_b", True),
        ("a_b", "axb", False),
        ("id", "customer_id", True),
        ("draft", "(draft)", True),
        ("(draft", "(draft)", True),
        ("%", "100 %", True),
        ("%", "100", False),
        ("型", "模型评估", True),
        ("评估", "模型评估", True),
        ("", "anything", True),
        ("don't", "Don't", True),
    ],
)
def test_a_term_is_found_where_a_word_begins_with_it(query: str, text: str, found: bool) -> None:
    assert finds(query, text) is found
    if found and words_of(query):
        assert all(matches(term, words_of(text)) for term in terms_of(query))


@given(st.text(max_size=50), st.text(max_size=200))
def test_what_the_words_do_not_match_is_not_found(query: str, text: str) -> None:
    """So that an index of words misses nothing."""
    if finds(query, text):
        assert all(matches(term, words_of(text)) for term in terms_of(query))


def test_words_and_terms_are_bounded() -> None:
    assert words_of("x" * 1000) == ["x" * LONGEST]
    assert len(terms_of(" ".join(map(str, range(1000))))) == 20


lines = st.lists(st.text(alphabet="ab é\n", max_size=60), max_size=400).map("\n".join)


@given(lines)
def test_passages_are_the_text(text: str) -> None:
    passages = passages_of(text)
    assert "".join(each.text for each in passages) == text
    assert all(text[each.start : each.start + len(each.text)] == each.text for each in passages)
    assert all(0 < len(each.text) <= 2 * MOST for each in passages)


def test_an_edit_changes_few_passages() -> None:
    text = "".join(f"Line {number} of a long text that goes on.\n" for number in range(20_000))
    before = {each.text for each in passages_of(text)}
    after = {each.text for each in passages_of("Something new\n" + text)}
    assert len(before) > 50
    assert len(after - before) <= 3
    assert [len(each.text) for each in passages_of("x" * (3 * MOST + 1))] == [MOST, MOST, MOST, 1]


def test_a_snippet_shows_where_most_terms_are_near_each_other() -> None:
    text = "one here.\n" + "word " * 100 + "one and\n two together" + " word" * 100
    passage = Passage(1000, text)
    found = snippet_of(passage, terms_of("two one"))
    assert found is not None
    line, position = found
    assert "one and two together" in line
    assert line.startswith("…")
    assert line.endswith("…")
    assert text[position - 1000 :].startswith("one and")
    assert snippet_of(passage, terms_of("three")) is None
    assert snippet_of(Passage(0, "two"), terms_of("tw")) == ("two", 0)


def test_a_snippet_of_the_worst_passage_takes_a_bounded_look() -> None:
    assert snippet_of(Passage(0, "a " * MOST), terms_of(" ".join("a" * n for n in range(1, 21)))) is not None
