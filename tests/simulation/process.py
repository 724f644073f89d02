"""A process that can be killed: at once, in the middle of anything, with no last word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

from .loop import VirtualLoop

T = TypeVar("T")

_RUNNING: ContextVar[Process | None] = ContextVar("process", default=None)


class Process:
    """Whatever is started by `call` or `spawn`, and all that it starts in turn, tasks and timers alike.

    They are told by their context, which asyncio hands on. After `kill` none of them runs another step: no
    ``finally``, no ``except CancelledError``, as with SIGKILL or a power cut.
    """

    def __init__(self, loop: VirtualLoop, name: str) -> None:
        self.name = name
        self.alive = True
        self._loop = loop
        self._context = copy_context()
        self._context.run(_RUNNING.set, self)

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call ``function`` within the process, which is alive."""
        assert self.alive, f"{self.name} is dead"
        return self._context.copy().run(function, *args)

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run ``coroutine`` within the process, which is alive."""
        assert self.alive, f"{self.name} is dead"
        return self._loop.create_task(coroutine, context=self._context.copy())

    def kill(self) -> None:
        """End it now."""
        self.alive = False
        self._loop.forget(lambda context: context.get(_RUNNING) is self)
