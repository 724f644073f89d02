"""Outlines: the headings, requirements and tasks of a spec at a version."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import DocumentTooLarge
from jupyter_speccollab.markdown.outline import encoded
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.documents import Documents

KEPT: Final = 8_000_000
"""The greatest length of all outlines that are kept, in bytes of JSON."""

WITHIN: Final = 120.0
"""Seconds in which a text has to be read. 2 MB of an ordinary spec take some six."""

COST: Final = 10
"""Reading a code point takes as long as comparing so many, by which `Workers` tells whether a process is needed."""


class Outlines:
    """Reads outlines in worker processes, one at a time for each user, and keeps those that were asked for last."""

    def __init__(
        self,
        documents: Documents,
        access: Access,
        read: Callable[[str], bytes] = encoded,
        within: float = WITHIN,
    ) -> None:
        self._documents = documents
        self._access = access
        self._read = read
        self._within = within
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._length = 0

    async def at(self, caller: Caller, spec_id: str, version: int | None) -> dict[str, Any]:
        """The outline at a version, the present one by default.

        Raises `SpecNotFound`, `RevisionNotFound`, `RateLimited`, and `DocumentTooLarge` where reading takes longer
        than `WITHIN`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            asked = document.version if version is None else version
            key = (spec_id, document.epoch, asked)
            found = self._kept.get(key)
            if found is None:
                async with self._documents.workers.turn(caller.user.user_id):
                    found = self._kept.get(key)
                    if found is None:
                        text = str(await text_at(self._documents.store, document, asked))
                        found = await self._entries(text)
                        self._keep(key, found)
            else:
                self._kept.move_to_end(key)
            return {"version": asked, "entries": Raw(found)}

    async def _entries(self, text: str) -> bytes:
        try:
            async with asyncio.timeout(self._within):
                return await self._documents.workers.run(COST * len(text), self._read, text)
        except TimeoutError:
            raise DocumentTooLarge(
                "This text has too many headings, lists and marks to be read in time."
            ) from None

    def _keep(self, key: tuple[str, str, int], entries: bytes) -> None:
        self._kept[key] = entries
        self._length += len(entries)
        while self._length > KEPT:
            self._length -= len(self._kept.popitem(last=False)[1])
