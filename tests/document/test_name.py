"""Names: what a title, a label and a person's name may contain."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.name import cleaned_name, is_blank, name, one_line, paragraph, search_key
from jupyter_speccollab.errors import InvalidContent, InvalidMessage, SpecCollabError

RLO, PDF, RLI, FSI, PDI = "\u202e", "\u202c", "\u2067", "\u2068", "\u2069"


@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\tb", "a\x1b[31mb", "a\x85b", "a\u2028b", "a\u2029b", "a\0b", "a\rb", "a\x7fb", "\ud800"],
)
def test_line_breaks_and_control_characters_are_refused(text: str) -> None:
    with pytest.raises(InvalidContent):
        name(text, "The title")


@pytest.mark.parametrize(
    "text", [f"a{RLO}b", f"a{RLI}b{PDF}", f"a{PDI}", f"{RLO}{RLI}{PDF}{PDI}", f"{FSI}{FSI}{PDI}"]
)
def test_an_open_change_of_direction_is_refused(text: str) -> None:
    with pytest.raises(InvalidContent, match="direction"):
        name(text, "The title")
    with pytest.raises(InvalidContent, match="direction"):
        paragraph(text, "The description")


@pytest.mark.parametrize(
    "text", [f"{RLO}abc{PDF}", f"{RLI}a{RLO}b{PDF}{PDI}{FSI}c{PDI}", "עברית", "👩\u200d🔬", "a b"]
)
def test_names_in_any_script_are_taken(text: str) -> None:
    assert name(text, "The title") == text


@pytest.mark.parametrize(
    "text", ["", " ", "\u00a0\u3000", "\u200b", "\ufeff\u200d", "\u3164", "\u2800", "\u00ad", "\u0301"]
)
def test_a_blank_name_is_refused(text: str) -> None:
    with pytest.raises(InvalidMessage, match="The label is blank"):
        name(text, "The label")
    assert one_line(text, "The type") == text


@pytest.mark.parametrize(("check", "longest"), [(name, 200), (one_line, 40), (paragraph, 2_000)])
def test_the_length_counts_in_nfc(check: Callable[[str, str], str], longest: int) -> None:
    grows = "\ufb2c"  # three code points in NFC
    assert len(check(grows * (longest // 3), "The text")) <= longest
    with pytest.raises(InvalidMessage, match="normal form"):
        check(grows * (longest // 3 + 1), "The text")


def test_a_paragraph_may_have_line_breaks_and_nothing_worse() -> None:
    assert paragraph("one\n\ttwo\u2028", "The description") == "one\n\ttwo\u2028"
    with pytest.raises(InvalidContent):
        paragraph("one\x1btwo", "The description")


def test_names_are_returned_in_nfc() -> None:
    assert name("Cafe\u0301", "The title") == "Café"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Ada\nLovelace\x1b", "Ada Lovelace"),
        (f"Ada{RLO}ecalevoL", "AdaecalevoL"),
        (f"{RLO}Ada{PDF}", f"{RLO}Ada{PDF}"),
        ("\u200b ", ""),
        ("\ud800Ada", "Ada"),
        ("x" * 300, "x" * 100),
    ],
)
def test_the_name_of_a_login_is_made_fit_to_be_shown(text: str, cleaned: str) -> None:
    assert cleaned_name(text, 100) == cleaned


@given(st.text(st.characters(codec=None), max_size=30))
def test_what_is_returned_can_be_shown_in_one_line(text: str) -> None:
    cleaned = cleaned_name(text, 20)
    assert len(cleaned) <= 20
    assert not cleaned or one_line(cleaned, "It") == cleaned
    try:
        assert name(text, "It") == normalize("NFC", text)
        assert not is_blank(text)
    except SpecCollabError:
        pass


@pytest.mark.parametrize(
    ("one", "other"), [("Café", "CAFE\u0301"), ("Größe", "GRÖSSE"), ("ΣΑΣ", "σας"), ("Å", "\u212b")]
)
def test_search_keys_ignore_case_and_normal_form(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)
    assert search_key(search_key(one)) == search_key(one)


def test_search_keys_keep_accents() -> None:
    assert search_key("Café") != search_key("Cafe")
