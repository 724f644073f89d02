"""Threads in SQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import AnchorState, DeletedThread, StoredThread, ThreadState
from jupyter_speccollab.store.checks import check_change, users_of_thread
from jupyter_speccollab.store.statements import deleted_threads
from jupyter_speccollab.store.statements import threads as rows
from jupyter_speccollab.store.statements.thread_rows import ThreadRows
from jupyter_speccollab.text.anchor import Anchor

from .operations import SqlOperations


class SqlThreads(SqlOperations):
    """Implements `ThreadStore`."""

    async def write_thread(
        self, spec_id: str, base: int, thread: StoredThread, access_version: int | None = None
    ) -> None:
        check_change(base, thread)
        written = await asyncio.to_thread(ThreadRows.of, spec_id, thread)
        await self._change(thread, lambda connection: rows.write(connection, base, written, access_version))

    async def accept_suggestion(
        self,
        spec_id: str,
        base: int,
        thread: StoredThread,
        access_version: int,
        operation: CommittedOperation,
    ) -> None:
        check_change(base, thread)
        written = await asyncio.to_thread(ThreadRows.of, spec_id, thread)

        def accept(connection: Connection) -> None:
            self._commit_in(connection, spec_id, operation.version - 1, access_version, [operation])
            rows.write(connection, base, written)

        try:
            await self._change(thread, accept)
        except IntegrityError as error:
            await self._explain(spec_id, [operation], error)
            raise

    async def delete_thread(
        self, spec_id: str, base: int, thread_id: str, access_version: int | None = None
    ) -> None:
        await self._write(
            lambda connection: rows.remove(connection, spec_id, base, thread_id, access_version)
        )

    async def move_anchors(self, spec_id: str, version: int, anchors: Sequence[tuple[str, Anchor]]) -> None:
        if anchors:
            await self._write(lambda connection: rows.move(connection, spec_id, version, anchors))

    async def anchors_before(self, spec_id: str, version: int, limit: int) -> Sequence[AnchorState]:
        return await self._read(lambda connection: rows.anchors_before(connection, spec_id, version, limit))

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
        return await self._read(
            lambda connection: rows.page(connection, spec_id, states, since, before, limit, most_bytes)
        )

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread | DeletedThread | None:
        return await self._read(lambda connection: rows.one(connection, spec_id, thread_id))

    async def thread_of_message(self, spec_id: str, message_id: str) -> str | None:
        return await self._read(lambda connection: rows.thread_of_message(connection, spec_id, message_id))

    async def deletions(
        self, spec_id: str, *, since: int = 0, before: int | None = None, limit: int
    ) -> Mapping[int, str]:
        return await self._read(
            lambda connection: deleted_threads.deletions(connection, spec_id, since, before, limit)
        )

    async def deleted_threads(
        self, spec_id: str, since: int = 0, limit: int = 200
    ) -> Sequence[DeletedThread]:
        return await self._read(lambda connection: deleted_threads.since(connection, spec_id, since, limit))

    async def thread_counts(self, spec_ids: Collection[str], user_id: str) -> Mapping[str, tuple[int, int]]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: rows.counts(connection, spec_ids, user_id))

    async def _change(self, thread: StoredThread, change: Callable[[Connection], None]) -> None:
        """Run a transaction that writes the thread. Raises `UserMissing` if it names somebody unknown."""
        try:
            await self._write(change)
        except IntegrityError:
            await self._require_users(users_of_thread(thread))
            raise
