"""An asynchronous iterator over changes of comments and suggestions."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from jupyter_speccollab.errors import SpecCollabError


@dataclass(frozen=True, slots=True)
class ThreadChange:
    """A comment or suggestion that was created or changed, as it stands now; ``None`` if it was deleted."""

    thread_id: str
    thread: dict[str, Any] | None


class ThreadChanges:
    """Iterates over changes of threads, whoever made them. Those that arrive between two steps are queued.

    Changes are numbered. Where numbers are missing, as after a lost connection, or a thread is too long to be told,
    the server is asked what has changed since: ``ask`` returns that, as the protocol's list of threads. A thread
    that was changed several times meanwhile comes once. The iterator ends as `Changes` does.
    """

    def __init__(
        self,
        known: int,
        ask: Callable[[int], Awaitable[Mapping[str, Any]]],
        failure: SpecCollabError | None = None,
    ) -> None:
        self._known = known
        self._ask = ask
        self._is_behind = False
        self._waiting: deque[ThreadChange] = deque()
        self._news = asyncio.Event()
        self._failure = failure
        self._ended = failure is not None

    def receive(self, event: str, data: Mapping[str, Any]) -> None:
        """Take ``threads_changed`` or ``session_joined``."""
        number = data.get("threadsVersion", 0)
        if number <= self._known:
            return
        is_next = event == "threads_changed" and number == self._known + 1
        if is_next and not self._is_behind and (data["threads"] or data["deleted"]):
            self._take(number, data)
        else:
            self._is_behind = True
        self._news.set()

    def end(self, failure: SpecCollabError | None) -> None:
        """No further change will come."""
        self._ended, self._failure = True, failure
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ThreadChange:
        while not self._waiting:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            if self._is_behind:
                await self._catch_up()
            else:
                await self._news.wait()
        return self._waiting.popleft()

    async def _catch_up(self) -> None:
        self._is_behind = False
        try:
            missed = await self._ask(self._known)
        except BaseException:
            self._is_behind = True
            raise
        if missed["threadsVersion"] > self._known:
            self._take(missed["threadsVersion"], missed)

    def _take(self, number: int, data: Mapping[str, Any]) -> None:
        """Queue what was told up to ``number``; what is newer than that will be told again."""
        self._known = number
        threads = sorted(data["threads"], key=lambda thread: int(thread["changed"]))
        told = [thread for thread in threads if thread["changed"] <= number]
        self._waiting.extend(ThreadChange(thread["threadId"], thread) for thread in told)
        self._waiting.extend(ThreadChange(thread_id, None) for thread_id in data["deleted"])
