"""The search index: finds texts that are not in it, and puts them there in the background."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.live.text_index import index_text
from jupyter_speccollab.store.base import CorruptSnapshot, Store

EVERY: Final = 300.0
"""Seconds between two looks for texts that are not indexed: those of imports, and of older servers."""

AT_ONCE: Final = 20
"""How many specs are looked for at a time."""

PAUSE: Final = 0.1
"""Seconds after each text, in which the database serves others."""

logger = logging.getLogger(__name__)


class SearchIndex:
    """Indexes, one after the other, the texts of specs whose newest snapshot is not indexed.

    Those are the texts of specs that were imported or restored, or made before there was an index. All others are
    indexed when their snapshot is taken. Law: every text is indexed in the end
    (``tests/service/specs/test_search_index.py``).
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start to look, in the background."""
        self._task = in_background(self._look_again(), "index the texts of specs")

    async def close(self) -> None:
        """Stop that."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def catch_up(self) -> int:
        """Index all texts that are not indexed; returns how many there were."""
        count = 0
        damaged: set[str] = set()
        while found := await self._store.unindexed(AT_ONCE + len(damaged)):
            if damaged.issuperset(found):
                break
            for spec_id in found:
                if spec_id in damaged or not await self._index(spec_id):
                    damaged.add(spec_id)
                else:
                    count += 1
                await asyncio.sleep(PAUSE)
        return count

    async def _index(self, spec_id: str) -> bool:
        try:
            snapshot = await self._store.snapshot(spec_id)
        except CorruptSnapshot:
            logger.exception("spec %s: the stored text does not match its hash", spec_id)
            return False
        if snapshot is not None:
            await index_text(self._store, spec_id, snapshot.version, snapshot.content or "")
        return True

    async def _look_again(self) -> None:
        while True:
            try:
                await self.catch_up()
            except StoreUnavailable:
                logger.debug("the database is away: texts are indexed later")
            await asyncio.sleep(EVERY)
