"""Writing: what every call that changes a thread does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.thread_limits import OPEN_THREADS
from jupyter_speccollab.errors import ThreadLimit, ThreadNotFound
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.live.live_threads import Found
from jupyter_speccollab.service.live.thread_wire import thread_to_wire
from jupyter_speccollab.service.threads.mentionable import Mentionable
from jupyter_speccollab.service.threads.trail import Trail
from jupyter_speccollab.service.threads.transitions import Actor
from jupyter_speccollab.store.base import StoredThread

ROW_BYTES: Final = 500
"""What a thread or a message takes in the database beside its texts, in bytes."""

NO_THREAD: Final = "There is no such comment or suggestion in this spec, or it was deleted."
REUSED: Final = "Something else was created under this id in this spec. Use a new one."


@dataclass(frozen=True, slots=True)
class Act:
    """One call of one user on the threads of an open document."""

    caller: Caller
    live: LiveDocument
    by: Actor

    @property
    def spec_id(self) -> str:
        """The specId."""
        return self.live.document.spec_id


class Writing:
    """Checks roles and limits, counts, writes, records, and answers in the form of the protocol."""

    def __init__(self, documents: Documents, access: Access, mentionable: Mentionable) -> None:
        self.documents = documents
        self.store = documents.store
        self.trail = Trail(access.audit)
        self._access = access
        self._mentionable = mentionable

    @asynccontextmanager
    async def acting(self, caller: Caller, spec_id: str) -> AsyncIterator[Act]:
        """Act as a commenter at least. Raises `SpecNotFound`, `Forbidden`."""
        role = await self._access.require(caller, spec_id, Role.COMMENTER)
        async with self.documents.use(spec_id) as live:
            yield Act(caller, live, Actor(caller.user, role, self.documents.clock()))

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread:
        """The thread. Raises `ThreadNotFound`."""
        return present(await self.store.thread(spec_id, thread_id))

    async def change(
        self, act: Act, thread_id: str, make: Callable[[StoredThread], Awaitable[StoredThread]]
    ) -> StoredThread:
        """Write what ``make`` makes of the thread, and record it. If that is something else, it counts as a write.

        Raises what ``make`` raises, `ThreadNotFound`, `RateLimited`, `StoreUnavailable`.
        """
        counted = False
        before: StoredThread | None = None

        async def change(found: Found) -> StoredThread:
            nonlocal counted, before
            before = present(found)
            after = await make(before)
            if after is not before and not counted:
                self.documents.writes.count(act.caller.user)
                counted = True
            return after

        after = await act.live.threads.write(thread_id, change)
        if before is not None and after is not before:
            self.trail.changed(act.caller, act.spec_id, before, after)
        return after

    def room(self, act: Act, *texts: str) -> AbstractAsyncContextManager[None]:
        """Room for a row with these texts. Raises `QuotaExceeded`."""
        more = ROW_BYTES + sum(len(text.encode()) for text in texts)
        return self.documents.quotas.room(act.caller.user, act.live.entry.created_by, more)

    async def check_open(self, act: Act) -> None:
        """Check that one more thread may be open. Raises `ThreadLimit`."""
        counts = await self.store.thread_counts([act.spec_id], act.by.user_id)
        if counts.get(act.spec_id, (0, 0))[0] >= OPEN_THREADS:
            raise ThreadLimit(
                f"This spec has {OPEN_THREADS} open comments and suggestions, as many as it may. Resolve some "
                "first."
            )

    async def mentions(self, act: Act, thread: StoredThread | None, body: str) -> tuple[str, ...]:
        """The userIds of those whom a message in this thread mentions; ``None``: in a new one."""
        around = {*act.live.attendance.presence.user_ids(), act.by.user_id}
        around.update(message.user_id for message in (thread.messages if thread else ()))
        return await self._mentionable.mentions(act.spec_id, body, around)

    async def answer(self, act: Act, thread: StoredThread) -> dict[str, Any]:
        """The thread with its anchor in the present text."""
        (anchor,), version = await act.live.threads.present([thread])
        return thread_to_wire(thread, anchor, version)


def present(found: Found) -> StoredThread:
    """The thread that was found. Raises `ThreadNotFound` if there is none, or it was deleted."""
    if not isinstance(found, StoredThread):
        raise ThreadNotFound(NO_THREAD)
    return found
