"""Printable text: what a command prints must not be able to control the terminal, wherever it comes from."""

from __future__ import annotations

import re
from typing import Final

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return ``text`` with control characters, escape sequences and changes of direction as ``\\x1b``, ``\\u202e``.

    Line feeds stay, because messages have several lines; for a value within a line see `in_line`. Bytes of file
    names that are not UTF-8 are shown the same way.

    Law: nothing else reaches the terminal (``tests/cli/test_printable.py``).
    """
    return _UNPRINTABLE.sub(lambda match: _escaped(match[0]), text)


def in_line(value: str) -> str:
    """Return a value that somebody else chose as `printable` text in one line."""
    return printable(value).replace("\n", "\\x0a")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
