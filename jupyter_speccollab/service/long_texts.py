"""Long texts: those that one user stores as a whole are spread in time while others type."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakValueDictionary

from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.rate_limiter import RateLimiter

LONG: Final = 50_000
"""The number of code points from which on a text is a long one."""

RATE: Final = 200_000
"""Code points in long texts that one user may store in a second while others type.

To store 2,000,000 takes the database, and the comparison before it, a tenth of a second in all. Once in ten seconds
that is what one in a hundred edits of others waits for.
"""

LONGEST: Final = 10.0
"""Seconds that a text waits at the most once it is the next one of its user."""

TYPED: Final = 3.0
"""Seconds for which somebody counts as typing after an edit."""

STEP: Final = 0.25
"""Seconds between two looks at whether others still type."""

REMEMBERED: Final = 1_000
"""How many users may be remembered before those who may store the next text at once are forgotten."""


class LongTexts:
    """Lets a user store one long text at once, and the next after a time that grows with the length of the last.

    Storing a long text keeps the database and the processor from everybody's edits for a moment, and a program may
    store one after the other. While nobody else types, nothing waits.

    Law (``tests/service/test_long_texts.py``): while others type, a user stores at most `RATE` code points a second
    in long texts, beside the first one and those that have waited for `LONGEST`. The texts of a user are stored in
    the order in which they came.
    """

    def __init__(
        self,
        edits: RateLimiter,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``edits`` counts the edits of each user on this server."""
        self._edits = edits
        self._monotonic = monotonic
        self._sleep = sleep
        self._due: dict[str, float] = {}
        """When the next long text of each user is due."""
        self._first: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def turn(self, user: User, length: int) -> None:
        """Wait until a text of ``length`` code points may be stored, which is right after this."""
        if length < LONG:
            return
        user_id = user.user_id
        lock = self._first.get(user_id) or self._first.setdefault(user_id, asyncio.Lock())
        async with lock:
            until = min(self._due.get(user_id, 0.0), self._monotonic() + LONGEST)
            while (left := until - self._monotonic()) > 0 and self._others_type(user_id):
                await self._sleep(min(left, STEP))
            self._due[user_id] = self._monotonic() + length / RATE
        if len(self._due) > REMEMBERED:
            now = self._monotonic()
            self._due = {user_id: due for user_id, due in self._due.items() if due > now}

    def _others_type(self, user_id: str) -> bool:
        return self._edits.others_since(user_id, self._monotonic() - TYPED)
