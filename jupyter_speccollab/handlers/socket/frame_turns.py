"""Frame turns: how much of the event loop's time the frames of one user may take while others wait."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final

SHARE: Final = 0.1
"""The part of the event loop's time that the frames of a user may take before they wait for their turns."""

BURST: Final = 0.02
"""Seconds by which they may exceed that for a moment."""

REMEMBERED: Final = 1_000
"""How many users may be remembered before those without a debt are forgotten."""


class FrameTurns:
    """Serves the connections of users who send much one after the other, one in each iteration of the event loop.

    All connections of a server share one. Frames of other users are handled as soon as they arrive. So what fifty
    connections of one user send costs everybody else one portion in each iteration, and not fifty. While nobody
    else has work, nothing is held back.

    Law (``tests/handlers/socket/test_frame_turns.py``): every connection that waits gets its turn, in order.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._paid_at: dict[str, float] = {}
        """When each user's time will be paid off, at `SHARE` of the time that passes."""
        self._waiting: deque[Callable[[], None]] = deque()

    def is_due(self, user: str) -> bool:
        """Whether frames of this user may be handled at once."""
        return self._paid_at.get(user, 0.0) - self._clock() <= BURST / SHARE

    def spend(self, user: str, seconds: float) -> None:
        """Count time that frames of this user took."""
        now = self._clock()
        self._paid_at[user] = max(now, self._paid_at.get(user, 0.0)) + seconds / SHARE
        if len(self._paid_at) > REMEMBERED:
            self._paid_at = {key: at for key, at in self._paid_at.items() if at > now}

    def wait(self, serve: Callable[[], None]) -> None:
        """Call ``serve`` when it is its turn."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._serve_next)
        self._waiting.append(serve)

    async def turn(self, user: str) -> None:
        """Let the event loop run, and wait for a turn if that is due to this user."""
        if self.is_due(user):
            await asyncio.sleep(0)
            return
        served: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.wait(lambda: None if served.done() else served.set_result(None))
        await served

    def _serve_next(self) -> None:
        serve = self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._serve_next)
        serve()
