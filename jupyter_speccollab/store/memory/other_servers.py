"""No other process can use a store in memory."""

from __future__ import annotations

from .state import MemoryState


class MemoryOtherServers(MemoryState):
    """Implements `OtherServersStore`."""

    async def changed_elsewhere(self) -> bool:
        return False
