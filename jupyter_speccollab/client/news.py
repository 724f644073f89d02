"""News: wakes those who wait for a change, whatever has changed."""

from __future__ import annotations

import asyncio


class News:
    """Any number of tasks wait for `next`; `tell` wakes all of them."""

    def __init__(self) -> None:
        self.count = 0
        """How often `tell` was called."""
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Something has changed."""
        self.count += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def next(self) -> None:
        """Wait until something has changed."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)
