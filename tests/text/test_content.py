"""Allowed characters, and the conversion of line ends."""

from __future__ import annotations

import pytest

from jupyter_speccollab.errors import InvalidContent
from jupyter_speccollab.text import check_content, normalise_newlines


@pytest.mark.parametrize("content", ["", "a\n\tb", "😀 字 é", "\ufeff\u2028\u0007\ue000\U0010ffff"])
def test_text_passes(content: str) -> None:
    check_content(content)


@pytest.mark.parametrize(
    "content", ["a\0", "a\r\n", "\r", "\ud83d", "x\ude00y", "字\ud83d\n", "\ud83d\ude00"]
)
def test_forbidden_characters_are_refused(content: str) -> None:
    with pytest.raises(InvalidContent):
        check_content(content)


def test_every_line_end_becomes_a_line_feed() -> None:
    assert normalise_newlines("a\r\nb\rc\nd\r\r\n\n") == "a\nb\nc\nd\n\n\n"
