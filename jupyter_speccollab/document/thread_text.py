"""What people write into comments and suggestions, checked before it is stored."""

from __future__ import annotations

from typing import Final

from jupyter_speccollab.errors import InvalidMessage, OperationTooLarge
from jupyter_speccollab.text import check_content

LONGEST: Final = 10_000
"""How long a message, or what a suggestion puts in place of a passage, may be, in code points."""


def check_body(body: str | None) -> str:
    """The text of a message. Raises `InvalidMessage` without one, `InvalidContent`, `OperationTooLarge`."""
    if body is None or not body.strip():
        raise InvalidMessage("Write something: the body of a message can't be empty.")
    return _checked(body, "A message")


def check_replacement(replacement: str) -> str:
    """The text that is suggested; it may be empty. Raises `InvalidContent`, `OperationTooLarge`."""
    return _checked(replacement, "A suggestion")


def _checked(text: str, what: str) -> str:
    check_content(text)
    if len(text) > LONGEST:
        raise OperationTooLarge(
            f"{what} may have {LONGEST:,} characters; this one has {len(text):,}. Make two of it."
        )
    return text
