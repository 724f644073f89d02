"""Backpressure: large answers that wait until their receiver has taken what was sent before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

LOW_WATER: Final = 64 * 1024
"""Bytes that may still wait for a receiver when it is sent something large."""

MOST: Final = 1_000
"""How many large answers somebody may be owed."""


class Backpressure:
    """What is to be sent, one after the other, as the outbox empties: one large answer waits in it at a time.

    ``waiting`` says how many bytes the outbox holds.
    """

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._waiting = waiting
        self._acts: deque[Callable[[], None]] = deque()

    def add(self, act: Callable[[], None]) -> bool:
        """Call ``act`` now or later; ``False`` where too many wait already."""
        if len(self._acts) >= MOST:
            return False
        self._acts.append(act)
        self.go_on()
        return True

    def go_on(self) -> None:
        """Call what there is room for by now."""
        while self._acts and self._waiting() <= LOW_WATER:
            self._acts.popleft()()
