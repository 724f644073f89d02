"""Reading: the threads of a spec, in pages."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from msgspec import Raw

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.thread_wire import PART, encoded_in_parts, thread_to_wire
from jupyter_speccollab.service.threads.writing import present
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import StoredThread, ThreadState
from jupyter_speccollab.text.anchor import Anchor

MAX_PAGE_SIZE: Final = 200
"""The greatest number of threads in a page."""

PAGE_BYTES: Final = 8 * 1024 * 1024
"""The greatest size of a page in bytes, unless one thread is larger."""

DELETED: Final = 10_000
"""The greatest number of deleted threads that are named in a page."""

ID_BYTES: Final = 39
"""What the id of a deleted thread takes in a page."""

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

        With ``since``, those in any state that were changed after it, and the ids of those that were deleted. The
        first page has all of these, unless they are more than `DELETED`.

        Law: a page tells of every change from ``before`` down to its ``nextBefore``, so that all pages together
        tell of all of them (``tests/handlers/test_deleted_threads.py``).
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        states, floor = (states, 0) if since is None else (None, since)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            threads_version = live.threads.version
            found = await self._store.threads(
                spec_id, states=states, since=floor, before=before, limit=limit, most_bytes=PAGE_BYTES
            )
            deleted, reach = await self._deleted(spec_id, since, before)
            found = [thread for thread in found if thread.changed > reach]
            anchors, version = await live.threads.present(found)
        entries = await _encoded(found, anchors, version, PAGE_BYTES - ID_BYTES * len(deleted))
        last = found[len(entries) - 1].changed if entries else None
        has_more = last is not None and await self._has_more(spec_id, states, max(floor, reach), last)
        return {
            "threadsVersion": threads_version,
            "version": version,
            "threads": entries,
            "deleted": deleted,
            "nextBefore": last if has_more else reach or None,
        }

    async def one(self, caller: Caller, spec_id: str, thread_id: str) -> dict[str, Any]:
        """One thread. Raises `ThreadNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            thread = present(await self._store.thread(spec_id, thread_id))
            (anchor,), version = await live.threads.present([thread])
            return thread_to_wire(thread, anchor, version)

    async def _deleted(
        self, spec_id: str, since: int | None, before: int | None
    ) -> tuple[Sequence[str], int]:
        """The ids of threads that were deleted, newest first, and the change down to which they are all named.

        That is 0 where no more are to be named.
        """
        if since is None:
            return (), 0
        found = await self._store.deletions(spec_id, since=since, before=before, limit=DELETED + 1)
        changes = list(found)[:DELETED]
        return [found[change] for change in changes], changes[-1] if len(found) > DELETED else 0

    async def _has_more(
        self, spec_id: str, states: frozenset[ThreadState] | None, floor: int, before: int
    ) -> bool:
        more = await self._store.threads(
            spec_id, states=states, since=floor, before=before, limit=1, most_bytes=1
        )
        return bool(more)


async def _encoded(
    found: Sequence[StoredThread], anchors: Sequence[Anchor], version: int, most: int
) -> list[Raw]:
    """As many of the threads as fit into ``most`` bytes, but at least one if there is any."""
    entries: list[Raw] = []
    size = since_pause = 0
    for thread, anchor in zip(found, anchors, strict=True):
        entry = await encoded_in_parts(thread_to_wire(thread, anchor, version))
        size += len(entry)
        if entries and size > most:
            break
        entries.append(entry)
        since_pause += len(entry)
        if since_pause > PART:
            since_pause = 0
            await asyncio.sleep(0)
    return entries
