"""Live threads: the comments and suggestions of an open document, as this server knows and tells them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.news import THREADS as CHANGED_THREADS
from jupyter_speccollab.bus.news import Changed
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.messages import THREADS
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.live.anchor_moves import AnchorMoves, HeldAnchor
from jupyter_speccollab.service.live.thread_wire import encoded
from jupyter_speccollab.service.presence.attendance import Attendance
from jupyter_speccollab.service.presence.session import Event, Session
from jupyter_speccollab.store.base import (
    AccessChanged,
    DeletedThread,
    SpecMissing,
    Store,
    StoredThread,
    ThreadsChanged,
)
from jupyter_speccollab.text.anchor import Anchor

EVENT_BYTES: Final = 262_144
"""The size up to which a thread is sent to everybody, in bytes of JSON. Of a longer one only its change is told."""

PAGE: Final = 200
"""How many anchors are stored anew at a time."""

TOLD: Final = 200
"""How many changes of other servers are told one by one.

Of more only the last is told, and clients ask because of the gap.
"""

TOLD_BYTES: Final = 8 * 1024 * 1024
"""How much of changed threads is read to tell of them, in bytes."""

BEHIND: Final = 250
"""Anchors that were stored so many versions ago are stored anew: a reading costs at most twice as many steps."""

RETRY: Final = 1.0
"""Seconds between two tries to read what other servers have changed, while the store is away."""

TRIES: Final = 30
"""How often a write is tried while other servers write at the same moment."""

BUSY: Final = "Others change the comments here at the same moment. Try again."

Found = StoredThread | DeletedThread | None
"""What the store has under the id of a thread."""

logger = logging.getLogger(__name__)


class LiveThreads:
    """Writes threads one after the other, and tells the sessions of each change, whoever made it.

    ``version`` is the ``threadsVersion`` up to which everything was told. ``catch_up`` reads the log of the spec.

    Law: the sessions with the feature are told of each change once, in order and after the version that its anchor
    speaks of. One whose thread is too long, or was changed again since, is told without the thread
    (``tests/service/live/test_live_threads.py``).
    """

    def __init__(
        self,
        document: Document,
        attendance: Attendance,
        store: Store,
        bus: Bus,
        grants: Grants,
        version: int,
        catch_up: Callable[[], Awaitable[object]],
    ) -> None:
        self.version = version
        self.anchors = AnchorMoves(document, store)
        self._document = document
        self._attendance = attendance
        self._store = store
        self._bus = bus
        self._grants = grants
        self._catch_up = catch_up
        self._writing = asyncio.Lock()
        self._store_anchors_at = document.version + 1
        self._due = version
        """The highest number that was heard of."""
        self._looking: asyncio.Task[None] | None = None
        self._storing: asyncio.Task[None] | None = None

    # changes of this server -------------------------------------------------------------------------------

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Inside of this nobody else on this server writes threads of the spec."""
        async with self._writing:
            yield

    async def write(self, thread_id: str, change: Callable[[Found], Awaitable[StoredThread]]) -> StoredThread:
        """Write what ``change`` makes of what is there, and tell it; returns what is stored then.

        ``change`` is called again if another server was first, or the access list has changed, and raises what
        refuses the change by the present one. If it returns what it was given, nothing is written. Otherwise the
        anchor of its result is brought on to the present version, and ``changed`` is set.

        Law: at the moment of the write, its author was allowed to make it
        (``tests/service/threads/test_roles.py``). Raises `StoreUnavailable`, `SpecMissing`.
        """
        async with self._writing:
            for _ in range(TRIES):
                access_version = self._grants.version
                found = await self._store.thread(self._document.spec_id, thread_id)
                if found is None:
                    self.anchors.forget(thread_id)  # of a thread that could not be stored
                after = await change(found)
                if after is found:
                    return after
                try:
                    return await self._write(after, access_version)
                except (ThreadsChanged, AccessChanged) as error:
                    await self._overtaken(error)
        raise StoreUnavailable(BUSY)

    async def delete(self, thread_id: str, check: Callable[[Found], None]) -> None:
        """Delete a thread, and tell it. ``check`` is called as ``change`` of `write`. Raises as `write`."""
        async with self._writing:
            for _ in range(TRIES):
                access_version = self._grants.version
                check(await self._store.thread(self._document.spec_id, thread_id))
                try:
                    await self._store.delete_thread(
                        self._document.spec_id, self.version, thread_id, access_version
                    )
                except (ThreadsChanged, AccessChanged) as error:
                    await self._overtaken(error)
                else:
                    self._tell(self.version + 1, deleted=[thread_id])
                    return self._publish()
        raise StoreUnavailable(BUSY)

    async def _overtaken(self, by: ThreadsChanged | AccessChanged) -> None:
        """Read what was written first: threads, or the access list."""
        if isinstance(by, AccessChanged):
            await self._catch_up()
        else:
            await self.refresh()

    async def _write(self, thread: StoredThread, access_version: int) -> StoredThread:
        """Write on condition that nothing was written since `version`. Raises `ThreadsChanged`, `AccessChanged`."""
        (anchor,), version = await self.present([thread])
        number = self.version + 1
        thread = replace(thread, anchor=anchor, anchor_version=version, changed=number)
        await self._store.write_thread(self._document.spec_id, number - 1, thread, access_version)
        self._tell(number, thread)
        self._publish()
        return thread

    def written(self, thread: StoredThread) -> None:
        """A thread was written together with an operation of this server, which everybody was sent."""
        self._tell(thread.changed, thread)
        self._publish()

    def _publish(self) -> None:
        self._bus.publish(self._document.spec_id, Changed(CHANGED_THREADS, self.version))

    # changes of other servers -----------------------------------------------------------------------------

    def see(self, version: int) -> None:
        """Read what has changed, soon, if the store has this ``version`` and this server an older one.

        As long as nobody here takes the news, it is enough to know the number: whoever joins later asks.
        """
        if version <= self.version:
            return
        if not (self._receivers() or self._writing.locked()):
            self.version = version
            return
        self._due = max(self._due, version)
        if self._looking is None or self._looking.done():
            self._looking = in_background(self._look(), f"threads of {self._document.spec_id}")

    async def _look(self) -> None:
        """Read until all is told that was due; while the store is away, try again and again."""
        while self.version < (due := self._due):
            try:
                async with self._writing:
                    await self.refresh()
            except StoreUnavailable:
                await asyncio.sleep(RETRY)
            except SpecMissing:
                return
            else:
                if self._due == due:  # the store was read after the last news
                    self._due = self.version

    async def refresh(self) -> None:
        """Read what other servers have changed, and tell it. Call this inside `writing`.

        Raises `StoreUnavailable`, `SpecMissing`.
        """
        spec_id, since = self._document.spec_id, self.version
        present = (await self._store.spec(spec_id)).threads_version
        if present <= since:
            return
        if not self._receivers():
            self.version = present
            return
        changed = await self._changed_since(since)
        deleted = await self._store.deletions(spec_id, since=since, limit=TOLD)
        latest = max([present, *changed, *deleted])
        await self._reach(changed.values())
        first = since + 1 if latest - since <= TOLD else latest
        for number in range(first, latest + 1):
            gone = [deleted[number]] if number in deleted else []
            self._tell(number, changed.get(number), gone)
            await asyncio.sleep(0)

    async def _changed_since(self, since: int) -> Mapping[int, StoredThread]:
        """Threads that were changed after ``since``, by the number of their last change: those changed last.

        At most `TOLD` and `TOLD_BYTES` of them, so that they take little memory. Of the others the change is told
        without the thread.
        """
        found = await self._store.threads(
            self._document.spec_id, since=since, limit=TOLD, most_bytes=TOLD_BYTES
        )
        return {thread.changed: thread for thread in found}

    def _tell(self, number: int, thread: StoredThread | None = None, deleted: Sequence[str] = ()) -> None:
        """Send ``threads_changed`` to all who take it, and count it."""
        self.version = number
        for gone in deleted:
            self.anchors.forget(gone)
        if receivers := self._receivers():
            event = self._event(number, thread, deleted)
            for session in receivers:
                session.send(event)

    def _receivers(self) -> list[Session]:
        return [session for session in self._attendance if THREADS in session.features]

    def _event(self, number: int, thread: StoredThread | None, deleted: Sequence[str]) -> Event:
        version, shown = self._document.version, []
        if thread is not None and sum(len(message.body) for message in thread.messages) <= EVENT_BYTES:
            told = encoded(thread, thread.anchor, thread.anchor_version)
            if len(told) <= EVENT_BYTES:
                version, shown = thread.anchor_version, [told]
        return Event.of("threads_changed", events.threads_changed(number, version, shown, deleted))

    # anchors ----------------------------------------------------------------------------------------------

    async def present(self, threads: Collection[StoredThread]) -> tuple[list[Anchor], int]:
        """The anchors of ``threads`` in the text of the present version, and that version.

        Nothing else runs between that and the return. Raises `StoreUnavailable`.
        """
        await self._reach(threads)
        return await self.anchors.present(threads)

    async def _reach(self, threads: Iterable[StoredThread]) -> None:
        """Bring the document to the versions of these anchors, if another server was ahead when it stored them."""
        needed = max((thread.anchor_version for thread in threads), default=0)
        if needed > self._document.version:
            await self._catch_up()
        if needed > self._document.version:
            raise StoreUnavailable("The latest edits of others can't be read now; try again.")

    def advanced(self) -> None:
        """The document has gone on: store the anchors anew from time to time, so that they are never far behind."""
        due = self._document.version >= self._store_anchors_at
        if due and self.version and (self._storing is None or self._storing.done()):
            self._store_anchors_at = self._document.version + BEHIND
            self._storing = in_background(self._store_anchors(), f"anchors of {self._document.spec_id}")

    async def _store_anchors(self) -> None:
        """Bring on what was stored too long ago, and store it. If the store is away, the next time does it."""
        spec_id = self._document.spec_id
        until = self._document.version - BEHIND
        try:
            while old := await self._store.anchors_before(spec_id, until, PAGE):
                held = [HeldAnchor.stored(state) for state in old]
                version = await self.anchors.bring_on(held)
                await self._store.move_anchors(
                    spec_id, version, [(one.thread_id, one.anchor) for one in held]
                )
        except (StoreUnavailable, SpecMissing):
            logger.debug("the anchors of %s are stored later", spec_id)

    async def close(self) -> None:
        """Stop what runs in the background."""
        for task in (self._looking, self._storing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
