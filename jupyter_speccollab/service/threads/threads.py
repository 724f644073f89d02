"""Threads: creates, closes, opens, accepts and deletes the comments and suggestions of specs."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.passage import Passage, passage_of
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import IdReused, VersionConflict
from jupyter_speccollab.service.access.roles import check
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.live_threads import Found
from jupyter_speccollab.service.threads.accepting import Accepting
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.service.threads.transitions import check_deletion, check_state, in_state
from jupyter_speccollab.service.threads.writing import REUSED, Act, Writing, present
from jupyter_speccollab.store.base import StoredThread, ThreadState
from jupyter_speccollab.store.stored_bytes import thread_bytes


class Threads:
    """The calls on threads as a whole, answered in the form of the protocol.

    All raise `SpecNotFound`, `Forbidden`, `StoreUnavailable`, `RateLimited`; on a thread that is not there
    `ThreadNotFound`.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._store = writing.store
        self._documents = writing.documents
        self._accepting = Accepting(writing)

    def changing(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """As `Reading.answer`, for calls that change threads or messages, and are answered with the thread."""
        return self._writing.turn(caller)

    async def open(self, caller: Caller, spec_id: str, new: NewThread) -> dict[str, Any]:
        """Create a thread, once: a repeat is answered with the thread as it stands, and counts as no write.

        Raises `IdReused`, `InvalidMessage`, `InvalidContent`, `InvalidOperation` for a range outside the text,
        `OperationTooLarge`, `RevisionNotFound`, `VersionConflict`, `ThreadLimit`, `QuotaExceeded`.
        """
        async with self._writing.acting(caller, spec_id) as act:
            new.check()
            found = await self._store.thread(spec_id, new.thread_id)
            if found is not None or await self._store.thread_of_message(spec_id, new.thread_id):
                self._documents.repeats.count(caller.user)
                return await self._writing.answer(act, _repeated(found, caller, new))
            self._writing.count(act)
            return await self._writing.answer(act, await self._create(act, new))

    async def _create(self, act: Act, new: NewThread) -> StoredThread:
        passage = await self._passage(act, new)
        mentions = await self._writing.mentions(act, None, new.body or "")
        thread = new.on(passage, act.caller.user, act.now, mentions)
        is_first = False

        async def change(found: Found) -> StoredThread:
            nonlocal is_first
            check(act.by.role, Role.COMMENTER)
            is_first = found is None
            if found is not None:
                return _repeated(found, act.caller, new)
            await self._writing.check_open(act)
            return thread

        async with self._writing.room(act, thread_bytes(thread)):
            written = await act.live.threads.write(new.thread_id, change)
        if is_first:
            self._writing.trail.opened(act.caller, act.spec_id, written)
        else:
            self._documents.writes.give_back(act.caller.user)
        return written

    async def _passage(self, act: Act, new: NewThread) -> Passage:
        """The passage in the text of the version that was given."""
        await act.live.catch_up()
        document = act.live.document
        behind = document.version - new.version
        if behind < 0 or behind > self._documents.limits.max_stale_versions:
            raise VersionConflict(
                f"Version {new.version} is {'ahead of' if behind < 0 else 'too far behind'} the document. It is at "
                f"version {document.version}: read it again, and choose the passage there.",
                currentVersion=document.version,
            )
        return passage_of(await text_at(self._store, document, new.version), new.start, new.end)

    async def set_state(
        self, caller: Caller, spec_id: str, thread_id: str, state: ThreadState
    ) -> dict[str, Any]:
        """Resolve, reject, accept or open a thread; a state that holds already changes nothing.

        Raises `InvalidMessage` for a state that its kind does not have, `ThreadClosed`, `ThreadLimit`; accepting
        also `SuggestionStale`, `DocumentTooLarge`, `OperationIdReused`, `VersionConflict`, `QuotaExceeded`.
        """
        async with self._writing.acting(caller, spec_id) as act:
            check_state(await self._writing.thread(spec_id, thread_id), act.by, state)
            if state is ThreadState.ACCEPTED:
                return await self._writing.answer(act, await self._accepting.accept(act, thread_id))

            async def change(thread: StoredThread) -> StoredThread:
                after = in_state(thread, act.by, state)
                if after is not thread and state is ThreadState.OPEN:
                    await self._writing.check_open(act)
                return after

            return await self._writing.answer(act, await self._writing.change(act, thread_id, change))

    async def delete(self, caller: Caller, spec_id: str, thread_id: str) -> None:
        """Delete a thread with its messages."""
        async with self._writing.acting(caller, spec_id) as act:
            check_deletion(await self._writing.thread(spec_id, thread_id), act.by)
            self._writing.count(act)
            await act.live.threads.delete(thread_id, lambda found: check_deletion(present(found), act.by))
            self._writing.trail.deleted(caller, spec_id, thread_id)


def _repeated(found: Found, caller: Caller, new: NewThread) -> StoredThread:
    """The thread that the same request has created. Raises `IdReused` if something else has its id."""
    if (
        not isinstance(found, StoredThread)
        or found.created_by != caller.user.user_id
        or found.fingerprint != new.fingerprint
    ):
        raise IdReused(REUSED)
    return found
