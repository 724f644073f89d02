"""The document reader: opens a document, as the store has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import Internal
from jupyter_speccollab.service.access.roles import not_found
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.live.news_buffer import NewsBuffer
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.live.snapshots import Snapshots
from jupyter_speccollab.service.time_slice import OPERATION, TimeSlice
from jupyter_speccollab.store.base import CorruptSnapshot, OperationsFolded, SpecMissing, SpecRecord
from jupyter_speccollab.text import Text

LOG_BYTES: Final = 4_194_304
"""How much of the log is read at a time."""

ChangeEntry = Callable[[str, Mapping[str, str]], Awaitable[SpecRecord]]
"""Stores fields of a spec's entry."""

logger = logging.getLogger(__name__)


class DocumentReader:
    """Reads documents from the store, and subscribes to the news of other servers about them."""

    def __init__(self, shared: Shared, change_entry: ChangeEntry) -> None:
        self._shared = shared
        self._store = shared.store
        self._change_entry = change_entry

    async def read(self, spec_id: str) -> LiveDocument:
        """The document. Raises `SpecNotFound`, `StoreUnavailable`, `Internal`.

        It subscribes first and then reads the store, so that nothing published in between is lost.
        """
        news, bus = NewsBuffer(), self._shared.bus
        await bus.subscribe(spec_id, news)
        try:
            live = await self._load(spec_id)
        except BaseException:
            bus.unsubscribe(spec_id)
            raise
        news.deliver_to(live.other_servers.receive)
        return live

    async def _load(self, spec_id: str) -> LiveDocument:
        """The newest snapshot and the log after it.

        If a compaction ran between the two reads, both are repeated: it has left a newer snapshot.
        """
        try:
            for _ in range(2):
                with suppress(OperationsFolded):
                    return await self._read(spec_id)
            logger.error("spec %s: the snapshot on which its present text is rebuilt is missing", spec_id)
        except SpecMissing:
            raise not_found() from None
        except CorruptSnapshot:
            logger.exception("spec %s: the stored text does not match its hash", spec_id)
        raise Internal(
            "The stored text of this spec is damaged. Nothing was changed; ask your admin to restore it."
        )

    async def _read(self, spec_id: str) -> LiveDocument:
        record, access_list, snapshot = await asyncio.gather(
            self._store.spec(spec_id), self._store.access(spec_id), self._store.snapshot(spec_id)
        )
        text = Text.of((snapshot and snapshot.content) or "")
        document = Document(spec_id, record.epoch, snapshot.version if snapshot else 0, text)
        committed = None
        work = TimeSlice()
        while document.version < record.version:
            log = await self._store.operations(spec_id, after=document.version, most_bytes=LOG_BYTES)
            if not log:
                raise SpecMissing(spec_id)
            for committed in log:
                document.advance(committed, document.text.apply(committed.operation))
                await work.spend(OPERATION + len(committed.operation.components))
        change = partial(self._change_entry, spec_id)
        snapshots = Snapshots(
            document,
            self._store,
            self._shared.clock,
            snapshot,
            committed,
            change,
            self._shared.attributions,
            self._shared.sitting_log,
        )
        return LiveDocument(document, self._shared, record, access_list, snapshots)
