"""A time slice: lets the event loop run between the parts of a long computation."""

from __future__ import annotations

import asyncio
from typing import Final

COMPONENTS: Final = 4_000
"""The number of components of operations that are worked on in a slice, in a few milliseconds."""


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
