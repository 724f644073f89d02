"""Workers: processes for long computations on texts, so that these never delay the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_process

from jupyter_speccollab.errors import RateLimited
from jupyter_speccollab.text import Operation, diff, differing_length

SHORT: Final = 4_000
"""Texts of this length, in code points, are computed on in place: that takes a few milliseconds."""

PROCESSES: Final = 2
"""How many computations run at the same time. The others wait."""

WAITING: Final = 20
"""How many computations of a user may run or wait at the same time."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Workers:
    """Runs computations in other processes, at most one of each user at a time.

    The processes are started when they are first needed, and end after some minutes without work. A computation
    whose caller is cancelled is stopped at once.
    """

    def __init__(self) -> None:
        self._limiter: CapacityLimiter | None = None
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, user_id: str) -> AsyncIterator[None]:
        """Wait until no other computation of this user runs. Read long texts inside of this, not before.

        Raises `RateLimited` if too many wait already.
        """
        if self._waiting[user_id] >= WAITING:
            raise RateLimited(
                f"{WAITING} comparisons that you asked for are not finished yet. Wait for them and try again.",
                retryAfterMs=1_000,
            )
        self._waiting[user_id] += 1
        try:
            async with self._turns.setdefault(user_id, asyncio.Lock()):
                yield
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id], self._turns[user_id]

    async def run(self, size: int, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """``function(*arguments)``, in another process if ``size``, the length of its texts, is not `SHORT`.

        The function and its arguments are pickled: a function of a module, not a lambda or a method.
        """
        if size <= SHORT:
            return function(*arguments)
        if self._limiter is None:
            self._limiter = CapacityLimiter(PROCESSES)
        return await to_process.run_sync(function, *arguments, cancellable=True, limiter=self._limiter)

    async def diff(self, old: str, new: str) -> Operation:
        """The operation that turns *old* into *new*."""
        return await self.run(differing_length(old, new), diff, old, new)
