"""Backpressure: delays large events until the client has read the earlier ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

LOW_WATER: Final = 64 * 1024
"""The next large event is sent when no more bytes than this are unread."""

MAX_DELAYED: Final = 1_000
"""The largest number of delayed events."""


class Backpressure:
    """Calls functions that send large events, one after the other, each once the outbox is almost empty.

    ``waiting`` returns the number of bytes in the outbox.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._waiting = waiting
        self._acts: deque[Callable[[], None]] = deque()

    def add(self, act: Callable[[], None]) -> bool:
        """Call ``act`` now or later; returns ``False`` if `MAX_DELAYED` functions are waiting already."""
        if len(self._acts) >= MAX_DELAYED:
            return False
        self._acts.append(act)
        self.go_on()
        return True

    def go_on(self) -> None:
        """Call waiting functions while the outbox is almost empty; to be called whenever it has shrunk."""
        while self._acts and self._waiting() <= LOW_WATER:
            self._acts.popleft()()
