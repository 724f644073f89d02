"""Threads in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.passage import SHOWN
from jupyter_speccollab.store.base import (
    AccessChanged,
    AnchorState,
    DeletedThread,
    StoredMessage,
    StoredThread,
    ThreadsChanged,
    ThreadState,
)
from jupyter_speccollab.store.checks import check_change, users_of_thread
from jupyter_speccollab.store.paging import fitting
from jupyter_speccollab.store.stored_bytes import thread_bytes
from jupyter_speccollab.text.anchor import Anchor

from .operations import MemoryOperations
from .state import StoredSpec


class MemoryThreads(MemoryOperations):
    """Implements `ThreadStore`."""

    async def write_thread(
        self, spec_id: str, base: int, thread: StoredThread, access_version: int | None = None
    ) -> None:
        self._write(self._at(spec_id, base, thread, access_version), thread)

    async def accept_suggestion(
        self,
        spec_id: str,
        base: int,
        thread: StoredThread,
        access_version: int,
        operation: CommittedOperation,
    ) -> None:
        spec = self._at(spec_id, base, thread)
        await self.commit(spec_id, operation.version - 1, access_version, [operation])
        self._write(spec, thread)

    async def delete_thread(
        self, spec_id: str, base: int, thread_id: str, access_version: int | None = None
    ) -> None:
        spec = self._based(spec_id, base, access_version)
        thread = spec.threads.pop(thread_id, None)
        if thread is None:
            return
        ids = sorted({each.message_id for each in thread.messages} - {thread_id})
        spec.deleted_threads[thread_id] = DeletedThread(thread_id, base + 1, tuple(ids))
        spec.record = replace(spec.record, threads_version=base + 1)

    async def move_anchors(self, spec_id: str, version: int, anchors: Sequence[tuple[str, Anchor]]) -> None:
        threads = self._threads(spec_id)
        for thread_id, anchor in anchors:
            thread = threads.get(thread_id)
            if thread is not None and thread.anchor_version <= version:
                threads[thread_id] = replace(thread, anchor=anchor, anchor_version=version)

    async def anchors_before(self, spec_id: str, version: int, limit: int) -> Sequence[AnchorState]:
        found = [each for each in self._threads(spec_id).values() if each.anchor_version < version]
        found.sort(key=lambda thread: (thread.anchor_version, thread.thread_id))
        return tuple(
            AnchorState(each.thread_id, each.anchor, each.anchor_version, each.quote[:SHOWN])
            for each in found[:limit]
        )

    async def threads(
        self,
        spec_id: str,
        *,
        states: Collection[ThreadState] | None = None,
        since: int = 0,
        before: int | None = None,
        limit: int = 200,
        most_bytes: int | None = None,
    ) -> Sequence[StoredThread]:
        found = [
            thread
            for thread in self._threads(spec_id).values()
            if (states is None or thread.state in states)
            and since < thread.changed
            and (before is None or thread.changed < before)
        ]
        found.sort(key=lambda thread: thread.changed, reverse=True)
        page = found[:limit]
        if most_bytes is not None:
            page = fitting(((thread, thread_bytes(thread)) for thread in page), most_bytes)
        return tuple(self._named(thread) for thread in page)

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread | DeletedThread | None:
        thread = self._threads(spec_id).get(thread_id)
        if thread is not None:
            return self._named(thread)
        spec = self._specs.get(spec_id)
        return None if spec is None else spec.deleted_threads.get(thread_id)

    async def thread_of_message(self, spec_id: str, message_id: str) -> str | None:
        spec = self._specs.get(spec_id)
        if spec is None:
            return None
        for thread in spec.threads.values():
            if any(message.message_id == message_id for message in thread.messages):
                return thread.thread_id
        for gone in spec.deleted_threads.values():
            if message_id in (gone.thread_id, *gone.message_ids):
                return gone.thread_id
        return None

    async def deletions(
        self, spec_id: str, *, since: int = 0, before: int | None = None, limit: int
    ) -> Mapping[int, str]:
        found = [each for each in self._deleted(spec_id, since) if before is None or each.changed < before]
        return {gone.changed: gone.thread_id for gone in found[::-1][:limit]}

    async def deleted_threads(
        self, spec_id: str, since: int = 0, limit: int = 200
    ) -> Sequence[DeletedThread]:
        return tuple(self._deleted(spec_id, since)[:limit])

    async def thread_counts(self, spec_ids: Collection[str], user_id: str) -> Mapping[str, tuple[int, int]]:
        counts: dict[str, tuple[int, int]] = {}
        for spec_id in spec_ids:
            threads = [each for each in self._threads(spec_id).values() if each.state is ThreadState.OPEN]
            counts[spec_id] = (len(threads), sum(user_id in each.unanswered for each in threads))
        return counts

    def _at(
        self, spec_id: str, base: int, thread: StoredThread, access_version: int | None = None
    ) -> StoredSpec:
        """The spec, if the thread may be written to it now."""
        check_change(base, thread)
        spec = self._based(spec_id, base, access_version)
        self._require_users(users_of_thread(thread))
        return spec

    def _based(self, spec_id: str, base: int, access_version: int | None) -> StoredSpec:
        spec = self._spec(spec_id)
        if access_version not in (None, spec.record.access_version):
            raise AccessChanged(spec_id)
        if spec.record.threads_version != base:
            raise ThreadsChanged(spec_id)
        return spec

    def _write(self, spec: StoredSpec, thread: StoredThread) -> None:
        before = spec.threads.get(thread.thread_id)
        if before is not None and before.anchor_version > thread.anchor_version:
            thread = replace(thread, anchor=before.anchor, anchor_version=before.anchor_version)
        spec.threads[thread.thread_id] = thread
        spec.record = replace(spec.record, threads_version=thread.changed)

    def _threads(self, spec_id: str) -> dict[str, StoredThread]:
        spec = self._specs.get(spec_id)
        return {} if spec is None else spec.threads

    def _deleted(self, spec_id: str, since: int) -> list[DeletedThread]:
        """Those that were deleted after ``since``, oldest first."""
        spec = self._specs.get(spec_id)
        gone = () if spec is None else spec.deleted_threads.values()
        return sorted((each for each in gone if each.changed > since), key=lambda each: each.changed)

    def _named(self, thread: StoredThread) -> StoredThread:
        """The thread with the present names of the users."""
        return replace(
            thread,
            created_by_name=self._users[thread.created_by].name,
            resolved_by_name=None if thread.resolved_by is None else self._users[thread.resolved_by].name,
            messages=tuple(self._named_message(message) for message in thread.messages),
        )

    def _named_message(self, message: StoredMessage) -> StoredMessage:
        return replace(message, user_name=self._users[message.user_id].name, mentions=tuple(message.mentions))
