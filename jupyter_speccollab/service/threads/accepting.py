"""Accepting: lets the words of a suggestion take the place of those that it is for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import OperationIdReused, VersionConflict
from jupyter_speccollab.service.threads.acceptance import CHANGED, Acceptance, operation_for
from jupyter_speccollab.service.threads.transitions import check_acceptance
from jupyter_speccollab.service.threads.writing import Act, Writing
from jupyter_speccollab.store.base import StoredThread, ThreadState
from jupyter_speccollab.store.stored_bytes import ROW_BYTES

TRIES: Final = 20
"""How often an acceptance is made anew, because others edit the passage or write threads at the same moment."""


class Accepting:
    """Accepts suggestions, once each.

    Law: of several who accept a suggestion at the same time, on one server or on several, one does, and its text
    changes once (``tests/servers/test_threads.py``).
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._documents = writing.documents

    async def accept(self, act: Act, thread_id: str) -> StoredThread:
        """Accept a suggestion; nothing happens if the same user has accepted it already.

        Raises `ThreadClosed`, `SuggestionStale`, `Forbidden`, `DocumentTooLarge`, `OperationIdReused`,
        `VersionConflict`, `QuotaExceeded`, `RateLimited`, `StoreUnavailable`.
        """
        counted = False
        async with act.live.threads.writing():
            # No suggestion is stale because of what others have taken back meanwhile.
            await act.live.catch_up()
            for _ in range(TRIES):
                thread = await self._writing.thread(act.spec_id, thread_id)
                if not check_acceptance(thread, act.by):
                    return thread
                if not counted:
                    self._writing.count(act)
                    counted = True
                with suppress(VersionConflict):
                    accepted = await self._try(act, thread)
                    self._writing.trail.changed(act.caller, act.spec_id, thread, accepted)
                    return accepted
                await act.live.catch_up()
                await act.live.threads.refresh()
        raise VersionConflict(CHANGED, currentVersion=act.live.document.version)

    async def _try(self, act: Act, thread: StoredThread) -> StoredThread:
        """Accept the thread as it is. Raises `VersionConflict` if something was written meanwhile."""
        live, user, base = act.live, act.caller.user, act.live.threads.version
        (anchor,), version = await live.threads.present([thread])
        present = live.document.text.slice(anchor.start, anchor.end)
        thread = replace(thread, anchor=anchor, anchor_version=version)
        async with self._documents.workers.turn(user.user_id):
            operation = await operation_for(self._documents.workers, thread, anchor, present)
        acceptance = Acceptance(self._writing.store, thread, base, user)
        async with self._writing.room(act, ROW_BYTES + len((thread.replacement or "").encode())):
            try:
                await live.committer.write(
                    acceptance.submission(operation), act.caller, Role.CONTRIBUTOR, acceptance
                )
            except OperationIdReused:
                await self._check_accepted_elsewhere(act, thread.thread_id)
        if acceptance.done is not None:
            live.threads.written(acceptance.done)
            return acceptance.done
        await live.threads.refresh()
        return await self._writing.thread(act.spec_id, thread.thread_id)

    async def _check_accepted_elsewhere(self, act: Act, thread_id: str) -> None:
        """Its operation was committed by somebody else: by accepting it, which the next try will say.

        Raises `VersionConflict` if so, else `OperationIdReused`: a client has chosen this id for another edit.
        """
        thread = await self._writing.thread(act.spec_id, thread_id)
        if thread.state is not ThreadState.OPEN:
            raise VersionConflict(CHANGED)
        raise OperationIdReused(
            "Another edit was committed under the id that this acceptance needs. Edit the text by hand, and reject "
            "the suggestion."
        )
