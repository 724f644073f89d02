"""Queued: an asynchronous iterator over what arrives between two steps."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, Self, TypeVar

from jupyter_speccollab.errors import SpecCollabError

T = TypeVar("T")


class Queued(Generic[T]):
    """Iterates over what others did. What arrives between two steps is queued.

    The iterator ends when the client is closed. If an error ended the session, it is raised after the last item.
    """

    def __init__(self, failure: SpecCollabError | None = None) -> None:
        self._waiting: deque[T] = deque()
        self._news = asyncio.Event()
        self._failure = failure
        self._ended = failure is not None

    def end(self, failure: SpecCollabError | None) -> None:
        """Nothing more will come."""
        self._ended, self._failure = True, failure
        self._news.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._waiting:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._more()
        return self._waiting.popleft()

    async def _more(self) -> None:
        """Wait until something may have arrived."""
        await self._news.wait()
