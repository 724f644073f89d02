"""Other servers: whether another process wrote to the same database."""

from __future__ import annotations

from typing import Protocol


class OtherServersStore(Protocol):
    """The part of a store by which servers on one database notice each other."""

    async def changed_elsewhere(self) -> bool:
        """Whether another process may have committed since the last call. Cheap; may be true too often."""
