"""What changed a text while something was computed from it."""

from __future__ import annotations

from typing import Final

from jupyter_speccollab.text import Operation, compose, normalise

SHORT: Final = 4_000
"""Texts of this length, in code points, are compared in place: that takes a few milliseconds."""

ROUNDS: Final = 10
"""How often the outcome is brought over later changes in a thread. What is left after that is done in place."""


class Meanwhile:
    """Collects changes of a text, one after the other, as one operation over the text as it was at first."""

    def __init__(self) -> None:
        self._changes: Operation | None = None

    def add(self, change: Operation) -> None:
        """The text was changed by ``change``."""
        self._changes = normalise(change if self._changes is None else compose(self._changes, change))

    def take(self) -> Operation | None:
        """The changes since the last call; ``None`` if there were none."""
        changes, self._changes = self._changes, None
        return changes
