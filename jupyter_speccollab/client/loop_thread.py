"""A thread with an event loop of its own, in which a program without one runs coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent import futures
from typing import Any, Final, TypeVar

T = TypeVar("T")

WAKE: Final = 0.5
"""Seconds after which a waiting thread looks up: on Windows, Ctrl+C does not interrupt a wait without an end."""

IN_CALLBACK: Final = "A callback can't change the spec or wait for it. Do this after the call that called it."


class LoopThread:
    """Runs coroutines for other threads, which wait for their results.

    It works beside an event loop of the calling thread, as that of a notebook's kernel. The thread does not keep
    the interpreter from exiting.
    """

    def __init__(self, name: str) -> None:
        started: futures.Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = futures.Future()
        self._thread = threading.Thread(target=_run, args=(started,), name=name, daemon=True)
        self._thread.start()
        self._loop, self._stopped = started.result()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs in this thread."""
        return threading.current_thread() is self._thread

    def call(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of a coroutine. Raises what it raises, and `RuntimeError` if called from this thread itself.

        If the wait is interrupted, as by Ctrl+C, the coroutine is cancelled, and has ended when this returns.
        """
        if self.is_current:
            raise RuntimeError(IN_CALLBACK)
        ended = threading.Event()
        task = asyncio.run_coroutine_threadsafe(_marked(work(), ended), self._loop)
        try:
            while not futures.wait([task], WAKE).done:
                pass
        except BaseException:
            task.cancel()
            ended.wait()
            raise
        return task.result()

    def stop(self) -> None:
        """End the thread. What still runs in it is cancelled."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()


def _run(started: futures.Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
    async def serve() -> None:
        stopped = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), stopped))
        await stopped.wait()

    asyncio.run(serve())


async def _marked(work: Coroutine[Any, Any, T], ended: threading.Event) -> T:
    try:
        return await work
    finally:
        ended.set()
