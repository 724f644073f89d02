"""Splits texts into tokens, which are lines or words, to compare them.

The character classes are written out, because ``\\w``, ``\\s`` and ``str.splitlines`` differ between languages
and between versions of Unicode. ``labextension/src/text/tokens.ts`` has the same classes.
"""

from __future__ import annotations

import re
from typing import Final

_LETTERS: Final = (
    r"0-9A-Z_a-z\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d"
    r"\u037f-\u0386\u0388-\u0559\u0560-\u0588\u058b-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7-\u05f2"
    r"\u05f5-\u060b\u060e-\u061a\u061c\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u070e-\u0963\u0966-\u096f"
    r"\u0971-\u0e4e\u0e50-\u0e59\u0e5c-\u0f03\u0f15-\u1049\u1050-\u10fa\u10fc-\u135f\u1369-\u166d"
    r"\u166f-\u167f\u1681-\u17d3\u17d7\u17db-\u17ff\u180b-\u1fff\u200c\u200d\u2070-\u209c\u2c00-\u2dff"
)
"""Letters, digits and combining marks below U+2E80, without punctuation.

Most scripts above do not separate words by spaces; their characters are compared one by one.
"""

_SPACES: Final = r"\t\x0b\x0c\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""All white space except the newline."""

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_WORD: Final = re.compile(f"[{_LETTERS}]+|[{_SPACES}]+|.", re.DOTALL)


PIECE: Final = 20_000
"""The number of code points that are split by one call, which holds the interpreter for some milliseconds."""


def lines_of(text: str) -> list[str]:
    """The lines of *text*, each with its newline; no other character ends a line."""
    return _tokens(_LINE, text)


def words_of(text: str) -> list[str]:
    """The words of *text*, the spaces between them, and every other character by itself."""
    return _tokens(_WORD, text)


def _tokens(pattern: re.Pattern[str], text: str) -> list[str]:
    """All matches of *pattern*, which make up the text, piece by piece.

    The last match in a piece may go on in the next one, and is looked for again there.
    """
    tokens: list[str] = []
    start, length = 0, PIECE
    while start < len(text):
        end = start + length
        found = pattern.findall(text, start, end)
        if end < len(text) and len(found) == 1:
            length *= 2  # one long token: it is looked at a few times at most
            continue
        if end < len(text):
            end = min(end, len(text)) - len(found.pop())
        tokens += found
        start, length = end, PIECE
    return tokens
