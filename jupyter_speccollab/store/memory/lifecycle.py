"""Opening and closing a store that has nothing to open."""

from __future__ import annotations

from .state import MemoryState


class MemoryLifecycle(MemoryState):
    """Implements `LifecycleStore`."""

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass
