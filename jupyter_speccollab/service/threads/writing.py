"""Writing: what every call that changes a thread does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.thread_limits import OPEN_THREADS
from jupyter_speccollab.errors import ThreadLimit, ThreadNotFound
from jupyter_speccollab.service.access.roles import Access, check
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.live.live_threads import Found
from jupyter_speccollab.service.live.thread_wire import thread_to_wire
from jupyter_speccollab.service.threads.mentionable import Mentionable
from jupyter_speccollab.service.threads.trail import Trail
from jupyter_speccollab.service.threads.transitions import Actor
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import StoredThread

CALLS: Final = 4
"""How many answers to changes of threads one user may have in memory at the same time; one may take megabytes."""

WAITING: Final = 100
"""How many changes of threads one user may have under way at the same time."""

NO_THREAD: Final = "There is no such comment or suggestion in this spec, or it was deleted."
REUSED: Final = "Something else was created under this id in this spec. Use a new one."


@dataclass(frozen=True, slots=True)
class Act:
    """One call of one user on the threads of an open document, which came at ``now``."""

    caller: Caller
    live: LiveDocument
    now: datetime

    @property
    def by(self) -> Actor:
        """Who acts, with the role that they have now. Whoever writes asks for it each time that it tries."""
        return Actor(self.caller.user, self.live.grants.role_of(self.caller), self.now)

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
        self._calls = Turns(
            CALLS,
            WAITING,
            f"{WAITING} changes of comments that you sent are not answered yet. Nothing was changed by this one. "
            "Wait, and try again.",
        )

    @asynccontextmanager
    async def acting(self, caller: Caller, spec_id: str) -> AsyncIterator[Act]:
        """Act as a commenter at least. Raises `SpecNotFound`, `Forbidden`, `StoreUnavailable`."""
        granted = await self._access.list_of(spec_id)
        check(self._access.role(caller, granted), Role.COMMENTER)
        async with self.documents.use(spec_id) as live:
            if live.grants.version < granted.version:
                await live.catch_up()
            yield Act(caller, live, self.documents.clock())

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread:
        """The thread. Raises `ThreadNotFound`."""
        return present(await self.store.thread(spec_id, thread_id))

    def turn(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """Wait until less than `CALLS` of the caller's are under way; stay inside until the client has the answer.

        Raises `RateLimited` if too many wait already.
        """
        return self._calls.turn(caller.user.user_id)

    def count(self, act: Act) -> None:
        """Count a write. Raises `RateLimited`."""
        self.documents.writes.count(act.caller.user)

    async def change(
        self,
        act: Act,
        thread_id: str,
        make: Callable[[StoredThread], Awaitable[StoredThread]],
        *,
        is_counted: bool = False,
    ) -> StoredThread:
        """Write what ``make`` makes of the thread, and record it. If that is something else, it counts as a write.

        ``is_counted``: it was counted before. Raises what ``make`` raises, `ThreadNotFound`, `RateLimited`,
        `StoreUnavailable`.
        """
        before: StoredThread | None = None

        async def change(found: Found) -> StoredThread:
            nonlocal is_counted, before
            before = present(found)
            after = await make(before)
            if after is not before and not is_counted:
                self.count(act)
                is_counted = True
            return after

        after = await act.live.threads.write(thread_id, change)
        if before is not None and after is not before:
            self.trail.changed(act.caller, act.spec_id, before, after)
        elif is_counted:
            self.documents.writes.give_back(act.caller.user)
        return after

    def room(self, act: Act, more: int) -> AbstractAsyncContextManager[None]:
        """Room for ``more`` bytes; what takes none is never refused. Raises `QuotaExceeded`."""
        if more <= 0:
            return nullcontext()
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
