"""A passage: the words that a comment or suggestion is made for, with what stands around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.text import Text

AROUND: Final = 64
"""How much of the text before and after a passage is kept with it, in code points."""

SHOWN: Final = 1_000
"""How much of a passage is shown, in code points."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The range ``[start, end)`` of a text, in code points, its letters, and up to `AROUND` before and after it."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


def passage_of(text: Text, start: int, end: int) -> Passage:
    """The passage of a text. Raises `InvalidOperation` for a range that the text does not have."""
    if not 0 <= start <= end <= len(text):
        raise InvalidOperation(
            f"There is no passage from {start} to {end}: the text of that version has {len(text):,} characters."
        )
    before, after = text.slice(start - AROUND, start), text.slice(end, end + AROUND)
    return Passage(start, end, text.slice(start, end), before, after)
