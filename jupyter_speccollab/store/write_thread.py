"""A thread that runs one call at a time, urgent ones first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

T = TypeVar("T")
Queue = deque[tuple[Future[Any], Callable[[], Any]]]

IN_A_ROW: Final = 10
"""The number of urgent calls after which one of the others has its turn."""


class WriteThread:
    """Runs calls in one thread: urgent ones in order, and the others in order when no urgent one waits.

    Law: a call that is not urgent waits for at most `IN_A_ROW` urgent ones that came after it
    (``tests/store/test_write_thread.py``).
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, name)
        self._urgent: Queue = deque()
        self._others: Queue = deque()
        self._in_a_row = 0

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Run ``call`` in the thread; until it begins it can be cancelled.

        Raises `RuntimeError` after `shutdown`.
        """
        return self._submit(self._others, call)

    def submit_urgent(self, call: Callable[[], T]) -> Future[T]:
        """As `submit`, before those that are not urgent."""
        return self._submit(self._urgent, call)

    def shutdown(self) -> None:
        """Wait for all calls, and end the thread."""
        self._thread.shutdown()

    def _submit(self, queue: Queue, call: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        queue.append((future, call))
        try:
            self._thread.submit(self._run_next)
        except RuntimeError:
            queue.remove((future, call))
            raise
        return future

    def _run_next(self) -> None:
        future, call = self._next()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def _next(self) -> tuple[Future[Any], Callable[[], Any]]:
        if self._urgent and (self._in_a_row < IN_A_ROW or not self._others):
            self._in_a_row += 1
            return self._urgent.popleft()
        self._in_a_row = 0
        return self._others.popleft()
