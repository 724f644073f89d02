"""Health: whether the server, its store and its bus can do their work."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.service.live.documents import Documents

PATIENCE: Final = 3.0
"""Seconds within which the store must answer."""

NOBODY: Final = str(UUID(int=0))


class Health:
    """Checks the store and the bus."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def report(self) -> dict[str, Any]:
        """``status`` is ``ok``, or ``degraded`` if the store takes no writes or the bus is away.

        Raises `StoreUnavailable`, with the same report in its details, if the store can't be read.
        """
        documents = self._documents
        report: dict[str, Any] = {
            "bus": ("ok" if documents.bus.is_up else "away") if documents.bus.is_shared else "none",
            "documents": documents.open_count,
            "sessions": documents.session_count,
        }
        try:
            async with asyncio.timeout(PATIENCE):
                await documents.ready()
                await documents.store.states([NOBODY])
        except StoreUnavailable as error:
            trouble = error.trouble or StoreTrouble.AWAY
            raise self._away(trouble, error.message, report) from None
        except TimeoutError:
            trouble = StoreTrouble.NO_ANSWER
            raise self._away(trouble, trouble.sentence, report) from None
        if (outage := documents.store_watch.outage) is not None:
            report |= {
                "reason": outage.trouble.value,
                "message": outage.trouble.sentence,
                "since": iso(outage.began),
            }
        is_well = outage is None and report["bus"] != "away"
        return {
            "status": "ok" if is_well else "degraded",
            "store": "ok" if outage is None else "refusing",
            **report,
        }

    def _away(self, trouble: StoreTrouble, message: str, report: dict[str, Any]) -> StoreUnavailable:
        details = {"status": "unavailable", "store": "away", "reason": trouble.value, **report}
        return StoreUnavailable(message, trouble=trouble, **details)
