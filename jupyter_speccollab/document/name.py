"""Names: titles, labels and the names of people, which are shown in one line among other text.

Law: whatever `one_line`, `name` and `cleaned_name` return is in NFC, has no control characters and leaves no change
of the writing direction open, so that it can't alter the text around it (``tests/document/test_name.py``).
"""

from __future__ import annotations

from typing import Final
from unicodedata import category, normalize

from jupyter_speccollab.errors import InvalidContent, InvalidMessage
from jupyter_speccollab.text import check_content

CLOSED_BY: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
"""The character that closes each embedding, override or isolate of the writing direction."""

DIRECTIONS: Final = frozenset(CLOSED_BY) | frozenset(CLOSED_BY.values())

BREAKS: Final = ("Cc", "Zl", "Zp")
"""The Unicode categories of control characters and of line and paragraph separators."""

INVISIBLE: Final = ("Zs", "Cf", "Mn", "Cs", *BREAKS)
"""The Unicode categories of characters that show nothing by themselves: spaces, format characters and accents."""

FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that show nothing, though Unicode counts them as letters or symbols."""


def one_line(text: str, what: str, longest: int = 40) -> str:
    """Return ``text`` in NFC; it may be empty. ``what`` names it in an error, as ``The title``.

    Raises `InvalidContent` for a line break or another control character, and for a change of the writing
    direction that is not closed; `InvalidMessage` for more than ``longest`` code points in NFC.
    """
    check_content(text)
    if any(category(character) in BREAKS for character in text):
        raise InvalidContent(f"{what} can't contain a line break, a tab or another control character.")
    _check_directions(text, what)
    return _within(longest, normalize("NFC", text), what)


def name(text: str, what: str, longest: int = 200) -> str:
    """Return ``text`` in NFC. Raises as `one_line`, and `InvalidMessage` if nothing of it would be visible."""
    line = one_line(text, what, longest)
    if is_blank(line):
        raise InvalidMessage(f"{what} is blank. Write at least one visible character.")
    return line


def paragraph(text: str, what: str, longest: int = 2_000) -> str:
    """Return ``text`` in NFC; it may contain line feeds and tabs. Raises as `one_line`."""
    check_content(text)
    if any(category(character) == "Cc" and character not in "\n\t" for character in text):
        raise InvalidContent(f"{what} can't contain control characters other than line breaks and tabs.")
    _check_directions(text, what)
    return _within(longest, normalize("NFC", text), what)


def cleaned_name(text: str, longest: int) -> str:
    """Return a name that somebody else is responsible for, such as that of a login, made fit to be shown.

    Line breaks and control characters become spaces, and all changes of direction go if one of them is left open.
    At most ``longest`` code points are returned. The result is empty if nothing of it would be visible.
    """
    known = "".join(character for character in text[: 2 * longest] if category(character) != "Cs")
    line = "".join(" " if category(character) in BREAKS else character for character in known)
    line = normalize("NFC", line).strip()[:longest]
    if not _is_balanced(line):
        line = "".join(character for character in line if character not in DIRECTIONS)
    return "" if is_blank(line) else line


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` is visible: it has only white space, zero-width characters and lone accents."""
    return all(category(character) in INVISIBLE or character in FILLERS for character in text)


def search_key(text: str) -> str:
    """Return ``text`` without regard to case and normal form: two texts are the same if their keys are equal.

    Source: the canonical caseless matching of the Unicode standard, definition D145.
    """
    return normalize("NFC", normalize("NFD", text).casefold())


def _within(longest: int, text: str, what: str) -> str:
    """Return ``text``, which is in NFC: that may be longer than what was sent. Raises `InvalidMessage`."""
    if len(text) > longest:
        raise InvalidMessage(
            f"{what} may have {longest:,} characters in normal form NFC; it has {len(text):,}."
        )
    return text


def _check_directions(text: str, what: str) -> None:
    if not _is_balanced(text):
        raise InvalidContent(
            f"{what} changes the writing direction by an invisible character (U+202A to U+202E, U+2066 to U+2069) "
            "and does not change it back. Remove that character, or close it."
        )


def _is_balanced(text: str) -> bool:
    """Whether every change of direction is closed, in reverse order of opening."""
    expected: list[str] = []
    for character in text:
        if character in CLOSED_BY:
            expected.append(CLOSED_BY[character])
        elif character in DIRECTIONS and (not expected or expected.pop() != character):
            return False
    return not expected
