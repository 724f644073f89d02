"""Checks which characters a text may contain."""

from __future__ import annotations

from ..errors import InvalidContent


def check_content(content: str) -> None:
    """Raise :exc:`InvalidContent` where *content* holds a NUL, a carriage return or a lone surrogate.

    Such text is refused rather than altered, since its sender has already counted positions in it.
    """
    if "\0" in content:
        raise InvalidContent("The text holds a NUL character.")
    if "\r" in content:
        raise InvalidContent("The text holds a carriage return; lines end with a line feed alone.")
    if not content.isascii():
        try:
            content.encode()
        except UnicodeEncodeError:
            raise InvalidContent("The text holds half of a surrogate pair.") from None


def normalise_newlines(content: str) -> str:
    """*content* with every line end (CRLF, CR, LF) as one line feed; for text that comes from outside."""
    return content.replace("\r\n", "\n").replace("\r", "\n")
