"""An asynchronous iterator over changes."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Self

from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.errors import SpecCollabError


class Changes:
    """Iterates over other users' changes. Those that arrive between two steps are queued.

    The iterator ends when the client is closed. If an error ended the session, it is raised after the last change.
    """

    def __init__(self, failure: SpecCollabError | None = None) -> None:
        self._waiting: deque[Change] = deque()
        self._news = asyncio.Event()
        self._failure = failure
        self._ended = failure is not None

    def put(self, change: Change) -> None:
        """Add a change."""
        self._waiting.append(change)
        self._news.set()

    def end(self, failure: SpecCollabError | None) -> None:
        """No further change will come."""
        self._ended, self._failure = True, failure
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        while not self._waiting:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()
