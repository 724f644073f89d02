"""Splitting a text into lines and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import _tokens
from jupyter_speccollab.text._tokens import lines_of, words_of

from .strategies import law


@law
@given(st.text())
def test_tokens_make_up_the_text(text: str) -> None:
    assert "".join(lines_of(text)) == "".join(words_of(text)) == text


@law
@given(st.text(alphabet="ab \n,字", max_size=60), st.integers(1, 8))
def test_a_text_is_split_alike_in_pieces_of_any_length(text: str, piece: int) -> None:
    lines, words = lines_of(text), words_of(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_tokens, "PIECE", piece)
        assert (lines_of(text), words_of(text)) == (lines, words)


def test_only_a_newline_ends_a_line() -> None:
    separators = "\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"
    assert lines_of(f"{separators}\na\n\nb") == [f"{separators}\n", "a\n", "\n", "b"]
    assert lines_of("") == []


def test_words_spaces_and_single_characters() -> None:
    assert words_of("snake_case, e\u0301t\u00e9 \u00a0\tx\u00b2\n\n\u5b57\u5b57\U0001f600") == [
        "snake_case", ",", " ", "e\u0301t\u00e9", " \u00a0\t", "x\u00b2", "\n", "\n", "\u5b57", "\u5b57",
        "\U0001f600",
    ]  # fmt: skip
    assert words_of("\u0928\u092e\u0938\u094d\u0924\u0947\u0964") == [
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\u0964",
    ]


def test_letters_belong_to_words_below_the_scripts_without_spaces() -> None:
    letters = [chr(code) for code in range(0x2000) if chr(code).isalnum()]
    assert [letter for letter in letters if words_of(f"a{letter}b") != [f"a{letter}b"]] == []
    assert all(len(words_of(f"a{chr(code)}b")) == 3 for code in range(0x2E80, 0x3000))
