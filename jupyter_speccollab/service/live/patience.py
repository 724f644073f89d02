"""Patience: ends a wait that takes too long, with one timer for any number of short waits after each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Patience:
    """Calls ``lost`` when a wait is not over in time, and again after each further ``retry`` seconds.

    A timer for each wait would cost as much as a short wait itself. So there is one, which looks at its end whether
    the wait that is under way now began so long ago.
    """

    def __init__(self, lost: Callable[[], None], retry: float) -> None:
        self._lost = lost
        self._retry = retry
        self._until: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float) -> None:
        """A wait begins that may take so long."""
        loop = asyncio.get_running_loop()
        self._until = loop.time() + seconds
        if self._timer is None or self._timer.when() > self._until:
            self._set(self._until)

    def end(self) -> None:
        """The wait is over."""
        self._until = None

    def close(self) -> None:
        """Never call again."""
        self._until = None
        if self._timer is not None:
            self._timer.cancel()

    def _set(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(at, self._look)

    def _look(self) -> None:
        self._timer = None
        until, now = self._until, asyncio.get_running_loop().time()
        if until is None:
            return
        if until > now:
            self._set(until)
        else:
            self.begin(self._retry)
            self._lost()
