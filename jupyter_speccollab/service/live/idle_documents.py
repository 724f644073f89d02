"""Idle documents: those that are still open, although nobody uses them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

IDLE: Final = 30.0
"""Seconds after which a document that nobody uses is closed."""

MOST_TEXT: Final = 20_000_000
"""How many code points the texts of idle documents may have together."""


class IdleDocuments:
    """Has the documents closed that nobody uses, after a while.

    An idle document stays open for `IDLE` seconds, because most are soon needed again. Its text and its last
    snapshot are in memory, so that a user who reads one long document after the other would otherwise fill it.
    Law (``tests/service/live/test_idle_documents.py``): the texts of those that stay have at most ``most`` code
    points, and those that have been idle for longest are closed first.
    """

    def __init__(self, close: Callable[[str], None], most: int = MOST_TEXT) -> None:
        """``close`` is called with the ``specId`` of a document whose time is over."""
        self._close = close
        self._most = most
        self._lengths: dict[str, int] = {}
        self._total = 0
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._timers)

    def add(self, spec_id: str, length: int) -> None:
        """A document with a text of this length is idle from now on."""
        self.remove(spec_id)
        self._lengths[spec_id] = length
        self._total += length
        self._timers[spec_id] = asyncio.get_running_loop().call_later(IDLE, self._end, spec_id)
        while self._total > self._most:
            self._end(next(iter(self._lengths)))

    def remove(self, spec_id: str) -> None:
        """A document is not idle any more, or closed."""
        self._total -= self._lengths.pop(spec_id, 0)
        if timer := self._timers.pop(spec_id, None):
            timer.cancel()

    def clear(self) -> None:
        """Have none closed any more."""
        for spec_id in list(self._timers):
            self.remove(spec_id)

    def _end(self, spec_id: str) -> None:
        self.remove(spec_id)
        self._close(spec_id)
