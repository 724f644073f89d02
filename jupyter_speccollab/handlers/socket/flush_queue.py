"""The writes that are due at the end of the current iteration of the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class FlushQueue:
    """Collects functions, and calls all of them in one callback in the next iteration of the event loop.

    All outboxes of a server share one queue: a broadcast to fifty sessions schedules one callback, not fifty.
    """

    def __init__(self) -> None:
        self._flushes: list[Callable[[], None]] = []

    def add(self, flush: Callable[[], None]) -> None:
        """Call ``flush`` in the next iteration."""
        if not self._flushes:
            asyncio.get_running_loop().call_soon(self._flush_all)
        self._flushes.append(flush)

    def _flush_all(self) -> None:
        waiting, self._flushes = deque(self._flushes), []
        try:
            while waiting:
                waiting.popleft()()
        finally:  # if one raised, the next iteration calls the rest
            for flush in waiting:
                self.add(flush)
