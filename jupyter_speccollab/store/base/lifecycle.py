"""Lifecycle: opening and closing a store."""

from __future__ import annotations

from typing import Protocol

from jupyter_speccollab.errors import StoreUnavailable


class SchemaMismatch(StoreUnavailable):
    """The schema of the database is newer than this code, or older and may not be changed here."""


class LifecycleStore(Protocol):
    """A store that is opened before its first use, and closed after its last."""

    async def open(self) -> None:
        """Connect and, if so configured, bring the schema up to date."""

    async def close(self) -> None:
        """Release all connections; the store can't be used afterwards."""
