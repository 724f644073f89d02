"""Turns: how much of one kind of work a user may have under way at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jupyter_speccollab.errors import RateLimited


class Turns:
    """Lets ``at_once`` pieces of work of each user run, in order of arrival, and the next ones wait.

    Users don't wait for each other. ``most`` is how many of a user may run or wait; one more is refused with
    ``refusal``.

    Law (``tests/service/test_turns.py``): nothing is kept of a user who has no work under way.
    """

    def __init__(self, at_once: int, most: int, refusal: str) -> None:
        self._at_once = at_once
        self._most = most
        self._refusal = refusal
        self._free: dict[str, asyncio.Semaphore] = {}
        self._present: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, user_id: str) -> AsyncIterator[None]:
        """Wait until this user may do one more. Read what takes much memory inside of this, not before.

        Raises `RateLimited` if too many wait already.
        """
        if self._present[user_id] >= self._most:
            raise RateLimited(self._refusal, retryAfterMs=1_000)
        self._present[user_id] += 1
        try:
            async with self._free.setdefault(user_id, asyncio.Semaphore(self._at_once)):
                yield
        finally:
            self._present[user_id] -= 1
            if not self._present[user_id]:
                del self._present[user_id], self._free[user_id]
