"""A time slice: lets the event loop run between the parts of a long computation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

COMPONENTS: Final = 3_000
"""The number of components of operations that are worked on in a slice, in a few milliseconds."""

OPERATION: Final = 30
"""What it costs to apply an operation and to tell others of it, beside its components: as many components."""

PAUSE: Final = 0.006
"""Seconds after a slice of a computation in the background, in which only the work of others runs.

An edit of somebody else takes about as long, so it seldom waits for more than one slice.
"""


class TimeSlice:
    """Counts the work of one caller, and lets the event loop run when it was as much as a slice holds."""

    def __init__(self, components: int = COMPONENTS) -> None:
        self._length = components
        self._left = components

    async def spend(self, components: int) -> None:
        """Count work on so many components that was just done."""
        self._left -= components
        if self._left <= 0:
            self._left = self._length
            await asyncio.sleep(0)


class BackgroundSlices:
    """Runs the slices of long computations of all documents one at a time, with a pause after each.

    An edit of somebody else takes several iterations of the event loop. Were there a slice of each such document in
    each of them, everybody would wait for all of these at every step.

    Law (``tests/service/test_time_slice.py``): at most one slice runs in `PAUSE`, whoever asks for it, in order.
    """

    def __init__(self) -> None:
        self._free = asyncio.Lock()

    @asynccontextmanager
    async def next(self) -> AsyncIterator[None]:
        """Wait for a turn; the slice runs inside of this."""
        async with self._free:
            yield
            await asyncio.sleep(PAUSE)
