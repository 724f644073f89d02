"""An event loop whose time is a number: it jumps to the next timer when nothing is left to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from typing import Any, Final

STEP: Final = 1e-6
"""Seconds that one turn of the loop takes, so that whoever waits for less does not wait for ever."""


TURNS: Final = 500_000
"""After so many turns something goes round in circles; a run takes some thousands."""


class NothingLeft(RuntimeError):
    """Everybody waits, and no timer will ever go off."""


class NoEnd(RuntimeError):
    """Somebody goes round in circles."""


class _Jump:
    """Stands where other loops wait for sockets: waiting is moving the hands of the clock."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._turns = 0

    def select(self, timeout: float | None) -> tuple[()]:
        if timeout is None:
            raise NothingLeft("The simulation stands still: nothing is ready and no timer is set.")
        self._turns += 1
        if self._turns > TURNS:
            raise NoEnd("The simulation does not end.")
        self._loop.now += max(timeout, STEP)
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """An asyncio loop without sockets, threads or a clock of its own.

    Law: with the same callbacks and the same random numbers two runs take the same steps in the same order.
    ``now`` is in seconds from 0. ``thread_time`` says how long, in such seconds, what `asyncio.to_thread` does
    shall take; it is carried out at once, in order. Every task is kept in ``tasks``; what nobody caught is in
    ``faults``.
    """

    def __init__(self, thread_time: Callable[[], float] = lambda: 0.0) -> None:
        super().__init__()
        self.now = 0.0
        self.tasks: list[asyncio.Task[Any]] = []
        self.faults: list[str] = []
        self._clock_resolution = 1e-9
        self._selector = _Jump(self)
        self._thread_time = thread_time
        self.set_task_factory(self._new_task)
        self.set_exception_handler(lambda _, context: self.faults.append(_described(context)))

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Run ``func`` now; whoever waits for it hears of it after ``thread_time``."""
        future = self.create_future()
        try:
            result = func(*args)
        except Exception as error:
            self.call_later(self._thread_time(), _unless_done, future, future.set_exception, error)
        else:
            self.call_later(self._thread_time(), _unless_done, future, future.set_result, result)
        return future

    def forget(self, belongs: Callable[[Context], bool]) -> None:
        """Cancel every callback whose context ``belongs`` to what has just ceased to exist."""
        for handle in (*self._ready, *self._scheduled):
            if belongs(handle._context):
                handle.cancel()

    def unseen(self) -> list[str]:
        """The exceptions of tasks that nobody looked at."""
        failed = [task for task in self.tasks if task.done() and not task.cancelled() and task._log_traceback]
        return [f"{task.get_name()} ended in {task.exception()!r}" for task in failed]

    def finish(self) -> None:
        """Close what still runs, as if nobody had started it, and the loop."""
        self._selector = _Jump(self)
        self.run_until_complete(self._close_coroutines())
        self.faults.clear()
        self.close()

    async def _close_coroutines(self) -> None:
        for task in asyncio.all_tasks(self) - {asyncio.current_task()}:
            task._log_destroy_pending = False
            coroutine = task.get_coro()
            assert isinstance(coroutine, Coroutine)
            # Thrown in by hand, since the tasks of what was killed can't take another step.
            for _ in range(3):
                with suppress(BaseException):
                    coroutine.throw(asyncio.CancelledError())

    def _new_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **options)
        self.tasks.append(task)
        return task

    def _process_events(self, event_list: object) -> None:
        """There are no sockets, so nothing ever happens at one."""

    def _write_to_self(self) -> None:
        """There are no other threads to be woken by."""


def _unless_done(future: asyncio.Future[Any], settle: Callable[[Any], None], outcome: Any) -> None:
    if not future.done():
        settle(outcome)


def _described(context: dict[str, Any]) -> str:
    error = context.get("exception")
    return context["message"] if error is None else f"{context['message']}: {error!r}"
