"""Health: whether the server, its store and its bus can do their work."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID

from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.live.documents import Documents

PATIENCE: Final = 3.0
"""Seconds within which the store must answer."""

NOBODY: Final = str(UUID(int=0))


class Health:
    """Checks the store and the bus."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def report(self) -> dict[str, Any]:
        """``status`` is ``ok``, or ``degraded`` if only the bus is away.

        Raises `StoreUnavailable`, with the same report in its details, if the store is away.
        """
        documents = self._documents
        bus = ("ok" if documents.bus.is_up else "away") if documents.bus.is_shared else "none"
        figures = {"documents": documents.open_count, "sessions": documents.session_count}
        try:
            async with asyncio.timeout(PATIENCE):
                await documents.ready()
                await documents.store.states([NOBODY])
        except (StoreUnavailable, TimeoutError) as error:
            sentence = (
                error.message if isinstance(error, StoreUnavailable) else "The database does not answer."
            )
            raise StoreUnavailable(sentence, status="unavailable", store="away", bus=bus, **figures) from None
        return {"status": "degraded" if bus == "away" else "ok", "store": "ok", "bus": bus, **figures}
