"""Workers: processes for long computations on texts, so that these never delay the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_process

from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.text import Operation, differing_length, sendable_diff

SHORT: Final = 4_000
"""Texts of this length, in code points, are computed on in place: that takes a few milliseconds."""

PROCESSES: Final = 2
"""How many computations run at the same time. The others wait."""

WAITING: Final = 20
"""How many computations of a user may run or wait at the same time."""

TAKING: Final = 10
"""More turns of the event loop than AnyIO needs to take a process that is ready."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Workers:
    """Runs computations in other processes, at most one of each user at a time.

    The processes are started when they are first needed, and end after some minutes without work. A computation
    whose caller is cancelled is stopped at once.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(PROCESSES)
        self._starting = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._turns = Turns(
            1,
            WAITING,
            f"{WAITING} comparisons that you asked for are not finished yet. Wait for them and try again.",
        )

    def turn(self, user_id: str) -> AbstractAsyncContextManager[None]:
        """Wait until no other computation of this user runs. Read long texts inside of this, not before.

        Raises `RateLimited` if too many wait already.
        """
        return self._turns.turn(user_id)

    async def run(self, size: int, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """``function(*arguments)``, in another process if ``size``, the length of its texts, is more than `SHORT`.

        The function and its arguments are pickled: a function of a module, not a lambda or a method.
        """
        if size <= SHORT:
            return function(*arguments)
        async with self._free:
            is_wanted = True

            async def start() -> asyncio.Task[T] | None:
                """Begin the computation, unless the caller has gone meanwhile.

                AnyIO leaves a process behind that is cancelled while it starts. So this is not cancelled, and makes
                sure first that there is a process that is ready.
                """
                async with self._starting:
                    if is_wanted:
                        await self._keep_processes()
                        await to_process.run_sync(_nothing, limiter=CapacityLimiter(1))
                    if not is_wanted:
                        return None
                    limiter = CapacityLimiter(1)
                    task = asyncio.create_task(
                        to_process.run_sync(function, *arguments, cancellable=True, limiter=limiter)
                    )
                    for _ in range(TAKING):
                        await asyncio.sleep(0)
                    return task

            starting = asyncio.create_task(start())
            try:
                begun = await asyncio.shield(starting)
            except asyncio.CancelledError:
                is_wanted = False
                starting.add_done_callback(_stop)
                raise
            assert begun is not None
            return await begun

    async def _keep_processes(self) -> None:
        """Let a task that never ends start the first process: with the one that does, AnyIO ends all of them."""
        if self._keeper is not None and not self._keeper.done():
            return
        is_ready = asyncio.Event()

        async def keep() -> None:
            try:
                await to_process.run_sync(_nothing, limiter=CapacityLimiter(1))
            finally:
                is_ready.set()
            await asyncio.Event().wait()

        self._keeper = asyncio.create_task(keep(), name="keeper of the workers' processes")
        await is_ready.wait()

    async def diff(self, old: str, new: str) -> Operation:
        """The operation that turns *old* into *new*."""
        return await self.run(differing_length(old, new), sendable_diff, old, new)


def _nothing() -> None:
    """A computation that shows that a process is ready."""


def _stop(starting: asyncio.Task[asyncio.Task[T] | None]) -> None:
    """Stop a computation whose caller left while it began."""
    if not starting.cancelled() and starting.exception() is None and (begun := starting.result()):
        begun.cancel()
