"""A passage that somebody commented on, or for which they suggested other words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """The range ``[start, end)`` of the text of ``version``, and its words, as somebody chose them.

    ``by`` is the userId of that person. ``replacement`` is what they suggested, or ``None`` in a comment.
    """

    version: int
    start: int
    end: int
    quote: str
    by: str
    replacement: str | None = None
