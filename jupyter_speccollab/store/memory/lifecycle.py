"""Opening and closing a store that has nothing to open."""

from __future__ import annotations

from jupyter_speccollab.store.outages import Outages

from .state import MemoryState


class MemoryLifecycle(MemoryState):
    """Implements `LifecycleStore`."""

    def __init__(self) -> None:
        super().__init__()
        self.outages = Outages()

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def probe(self) -> None:
        pass
