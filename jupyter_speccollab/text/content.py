"""What may stand in a text."""

from __future__ import annotations

from ..errors import InvalidContent


def check_content(content: str) -> None:
    """Raise :exc:`InvalidContent` where *content* holds a NUL, a carriage return or a lone surrogate.

    Such text is refused and never altered, since whoever sent it has counted positions in it already.
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
