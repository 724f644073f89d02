"""Lifecycle: opening and closing a store."""

from __future__ import annotations

from typing import Protocol

from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.store.outages import Outages


class SchemaMismatch(StoreUnavailable):
    """The schema of the database is newer than this code, or older and may not be changed here."""

    def __init__(self, message: str) -> None:
        super().__init__(message, trouble=StoreTrouble.SCHEMA, detail=message)


class LifecycleStore(Protocol):
    """A store that is opened before its first use, and closed after its last."""

    outages: Outages
    """Hears of each call that failed because of the database."""

    async def open(self) -> None:
        """Connect and, if so configured, bring the schema up to date."""

    async def close(self) -> None:
        """Release all connections; the store can't be used afterwards."""

    async def probe(self) -> None:
        """Write to the disk, as a commit does, without any change of what is stored. Raises `StoreUnavailable`."""
