"""Changes: what came and went between two versions, by heading and requirement."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import DocumentTooLarge, InvalidMessage
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.attribution import AttributionReports
from jupyter_speccollab.service.history.long_stretch import long_stretch_of
from jupyter_speccollab.service.history.stretch import stretch_of
from jupyter_speccollab.service.history.subject_changes import encoded, encoded_long
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import OperationsFolded

KEPT: Final = 4_000_000
"""The greatest length of all answers that are kept, in bytes of JSON."""

WITHIN: Final = 120.0
"""Seconds in which the outlines of both texts have to be read."""

OUTLINED: Final = 10
"""Reading the outline of a code point costs as much as comparing so many."""

Place = int | datetime | None
"""A version, or the newest one that was made by a moment; ``None``: the present version."""


class Changes:
    """Counts changes in worker processes, one at a time for each user, and keeps the last answers."""

    def __init__(self, documents: Documents, access: Access, reports: AttributionReports) -> None:
        self._documents = documents
        self._reports = reports
        self._store = documents.store
        self._access = access
        self._kept: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()
        self._length = 0

    async def between(self, caller: Caller, spec_id: str, since: Place, until: Place) -> dict[str, Any]:
        """What came and went after ``since``, up to ``until``, in entries that are JSON already.

        Beyond `stretch.VERSIONS` versions or `stretch.PARTS` components between the two, and where some of them are
        folded, everybody who wrote in between counts for what is removed.
        Raises `SpecNotFound`, `RevisionNotFound`, `RateLimited`, `InvalidMessage` if ``since`` comes after
        ``until``, and `DocumentTooLarge` where reading the texts takes longer than `WITHIN`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            older, newer = await self._version(document, since), await self._version(document, until)
            if older > newer:
                raise InvalidMessage(f"since is version {older}, which comes after version {newer}.")
            key = (spec_id, document.epoch, older, newer)
            found = self._kept.get(key)
            if found is None:
                async with self._documents.workers.turn(caller.user.user_id):
                    found = self._kept.get(key) or await self._entries(document, older, newer)
                    self._keep(key, found)
            self._kept.move_to_end(key)
        return {"from": older, "to": newer, "entries": Raw(found)}

    async def _entries(self, document: Document, older: int, newer: int) -> bytes:
        old = str(await text_at(self._store, document, older))
        new = str(await text_at(self._store, document, newer))
        outlined = OUTLINED * (len(old) + len(new))
        stretch = None
        with suppress(OperationsFolded):
            stretch = await stretch_of(self._store, document.spec_id, older, newer)
        workers = self._documents.workers
        try:
            async with asyncio.timeout(WITHIN):
                if stretch is not None:
                    return await workers.run(outlined + stretch.cost, encoded, old, new, stretch)
                long = await long_stretch_of(self._documents, self._reports, document, older, newer)
                return await workers.run(outlined + long.cost, encoded_long, long)
        except TimeoutError:
            raise DocumentTooLarge(
                "This text has too many headings, lists and marks to be read in time."
            ) from None

    async def _version(self, document: Document, place: Place) -> int:
        """The version that is meant. For a moment, it is looked for in some twenty steps."""
        if place is None:
            return document.version
        if isinstance(place, int):
            return place
        low, high = 0, document.version  # that of the moment is `low` or later, and not later than `high`
        while low < high:
            middle = (low + high + 1) // 2
            made = await self._store.commit_times(document.spec_id, middle - 1, 1)
            if made and made[0][1] <= place:
                low = middle
            else:
                high = middle - 1
        return low

    def _keep(self, key: tuple[str, str, int, int], entries: bytes) -> None:
        if key not in self._kept:
            self._kept[key] = entries
            self._length += len(entries)
            while self._length > KEPT and len(self._kept) > 1:
                self._length -= len(self._kept.popitem(last=False)[1])
