"""Idle documents: those that are still open, although nobody uses them."""

from __future__ import annotations

from typing import Final

MOST_TEXT: Final = 20_000_000
"""How many code points the texts of idle documents may have together."""


class IdleDocuments:
    """Knows which documents are idle, and for which of them there is no room.

    An idle document stays open for a while, because most are soon needed again. Its text and its last snapshot are
    in memory, so that a user who reads one long document after the other would otherwise fill it.
    Law (``tests/service/live/test_idle_documents.py``): the texts of those that stay have at most ``most`` code
    points, and those that have been idle for longest go first.
    """

    def __init__(self, most: int = MOST_TEXT) -> None:
        self._most = most
        self._lengths: dict[str, int] = {}
        self._total = 0

    def add(self, spec_id: str, length: int) -> list[str]:
        """A document of this length is idle from now on. Returns those for which there is no room any more."""
        self.remove(spec_id)
        self._lengths[spec_id] = length
        self._total += length
        without_room = []
        while self._total > self._most:
            oldest = next(iter(self._lengths))
            without_room.append(oldest)
            self.remove(oldest)
        return without_room

    def remove(self, spec_id: str) -> None:
        """A document is not idle any more, or closed."""
        self._total -= self._lengths.pop(spec_id, 0)
