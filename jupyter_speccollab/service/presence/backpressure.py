"""Backpressure: delays large events until the client has read the earlier ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

LOW_WATER: Final = 64 * 1024
"""Bytes that may be unread when the next large event is sent."""

MOST: Final = 1_000
"""How many large events may be delayed."""


class Backpressure:
    """Calls functions that send large events, one after the other, each when the outbox is almost empty.

    ``waiting`` returns how many bytes the outbox holds.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._waiting = waiting
        self._acts: deque[Callable[[], None]] = deque()

    def add(self, act: Callable[[], None]) -> bool:
        """Call ``act`` now or later; returns ``False`` if too many are waiting already."""
        if len(self._acts) >= MOST:
            return False
        self._acts.append(act)
        self.go_on()
        return True

    def go_on(self) -> None:
        """Call the functions for which there is room now."""
        while self._acts and self._waiting() <= LOW_WATER:
            self._acts.popleft()()
