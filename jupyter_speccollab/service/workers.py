"""Workers: processes for long computations on texts, so that these never delay the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final, TypeVar, TypeVarTuple

from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.service.worker import Worker, WorkerEnded
from jupyter_speccollab.text import Operation, compared_length, sendable_diff

SHORT: Final = 4_000
"""Texts of this length, in code points, are compared in place: that takes a few milliseconds."""

PROCESSES: Final = 2
"""How many computations run at the same time. The others wait."""

WAITING: Final = 20
"""How many computations of a user may run or wait at the same time."""

IDLE: Final = 300.0
"""Seconds without work after which a process is ended."""

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class Workers:
    """Runs computations in other processes, at most one of each user at a time.

    The processes are started when they are first needed, and end after some minutes without work. A computation
    whose caller is cancelled is stopped at once.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(PROCESSES)
        self._idle: list[Worker] = []
        self._timer: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
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
            with suppress(
                WorkerEnded
            ):  # perhaps killed for the memory that an earlier call took: one more try
                return await self._call(function, *arguments)
            return await self._call(function, *arguments)

    async def _call(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        worker = await self._take()
        try:
            return await worker.call(function, *arguments)
        finally:
            self._give_back(worker)

    async def diff(self, old: str, new: str) -> Operation:
        """The operation that turns *old* into *new*."""
        if len(old) + len(new) <= SHORT:
            return sendable_diff(old, new)
        if await asyncio.to_thread(compared_length, old, new) <= SHORT:
            return await asyncio.to_thread(sendable_diff, old, new)
        return await self.run(len(old) + len(new), sendable_diff, old, new)

    async def close(self) -> None:
        """End the processes that have no work. The others end with this process."""
        self._end_idle()
        await asyncio.gather(*self._ending)

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_running:
                return worker
        return await Worker.start()

    def _give_back(self, worker: Worker) -> None:
        if worker.is_running:
            self._idle.append(worker)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE, self._end_idle)

    def _end_idle(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for worker in self._idle:
            task = asyncio.create_task(worker.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        self._idle.clear()
