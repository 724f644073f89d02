"""Reading: the threads of a spec, in pages."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.thread_wire import encoded, thread_to_wire
from jupyter_speccollab.service.threads.writing import present
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import ThreadState

MAX_PAGE_SIZE: Final = 200
"""The greatest number of threads in a page."""

PAGE_BYTES: Final = 8 * 1024 * 1024
"""The greatest size of a page in bytes, unless one thread is larger."""

LONG: Final = 100_000
"""How much is encoded, in bytes, before other work of the event loop gets its turn."""

ANSWERS: Final = 2
"""How many pages that one user asks for may be in memory at the same time."""

WAITING: Final = 100
"""How many requests for threads one user may have under way at the same time."""

OPEN: Final = frozenset({ThreadState.OPEN})
CLOSED: Final = frozenset(ThreadState) - OPEN


class Reading:
    """Reads threads, with their anchors in the present text. All raise `SpecNotFound`, `StoreUnavailable`."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._store = documents.store
        self._access = access
        self._answers = Turns(
            ANSWERS,
            WAITING,
            f"{WAITING} requests for comments that you sent are not answered yet. Wait, and try again.",
        )

    def answer(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """Wait until less than `ANSWERS` of the caller's are in memory; stay inside until the client has this one.

        Raises `RateLimited` if too many wait already.
        """
        return self._answers.turn(caller.user.user_id)

    async def page(
        self,
        caller: Caller,
        spec_id: str,
        states: frozenset[ThreadState] | None,
        since: int | None,
        before: int | None,
        limit: int,
    ) -> dict[str, Any]:
        """Threads in one of these ``states`` (``None``: in any), newest change first.

        With ``since``, those in any state that were changed after it, and the ids of those that were deleted.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            threads_version = live.threads.version
            found = await self._store.threads(
                spec_id,
                states=states if since is None else None,
                since=since or 0,
                before=before,
                limit=limit,
                most_bytes=PAGE_BYTES,
            )
            gone = () if since is None else await self._store.deleted_threads(spec_id, since)
            anchors, version = await live.threads.present(found)
        entries: list[Raw] = []
        size = since_pause = 0
        for thread, anchor in zip(found, anchors, strict=True):
            entry = encoded(thread, anchor, version)
            size += len(entry)
            if entries and size > PAGE_BYTES:
                break
            entries.append(entry)
            since_pause += len(entry)
            if since_pause > LONG:
                since_pause = 0
                await asyncio.sleep(0)
        last = found[len(entries) - 1].changed if entries else None
        return {
            "threadsVersion": threads_version,
            "version": version,
            "threads": entries,
            "deleted": [thread.thread_id for thread in gone],
            "nextBefore": last if await self._is_more(spec_id, states, since, last) else None,
        }

    async def one(self, caller: Caller, spec_id: str, thread_id: str) -> dict[str, Any]:
        """One thread. Raises `ThreadNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            thread = present(await self._store.thread(spec_id, thread_id))
            (anchor,), version = await live.threads.present([thread])
            return thread_to_wire(thread, anchor, version)

    async def _is_more(
        self, spec_id: str, states: frozenset[ThreadState] | None, since: int | None, before: int | None
    ) -> bool:
        if before is None:
            return False
        more = await self._store.threads(
            spec_id,
            states=states if since is None else None,
            since=since or 0,
            before=before,
            limit=1,
            most_bytes=1,
        )
        return bool(more)
