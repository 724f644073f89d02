"""Messages: adds, changes and deletes what people write in a thread."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.thread_text import check_body
from jupyter_speccollab.errors import IdReused, NotFound, ThreadNotFound
from jupyter_speccollab.protocol.codec import fingerprint
from jupyter_speccollab.service.threads.transitions import (
    NO_MESSAGE,
    edited,
    message_deleted,
    message_in,
    replied,
)
from jupyter_speccollab.service.threads.writing import NO_THREAD, REUSED, Act, Writing
from jupyter_speccollab.store.base import StoredMessage, StoredThread
from jupyter_speccollab.store.stored_bytes import ROW_BYTES


class Messages:
    """The calls on messages, answered with their thread in the form of the protocol.

    All raise `SpecNotFound`, `Forbidden`, `StoreUnavailable`, `RateLimited`, `ThreadNotFound`; on a message that is
    not there `NotFound`. A ``thread_id`` may be left out where the message exists.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._store = writing.store

    async def add(
        self, caller: Caller, spec_id: str, thread_id: str, message_id: str, body: str
    ) -> dict[str, Any]:
        """Add a message, once: a repeat is answered with the thread as it stands. A resolved comment opens again.

        Raises `IdReused`, `InvalidMessage`, `InvalidContent`, `OperationTooLarge`, `ThreadLimit`, `QuotaExceeded`.
        """
        async with self._writing.acting(caller, spec_id) as act:
            check_body(body)
            thread = await self._writing.thread(spec_id, thread_id)
            mark = fingerprint(["message", body])
            if await self._is_repeat(act, thread, message_id, mark):
                self._writing.documents.repeats.count(caller.user)
                return await self._writing.answer(act, thread)
            self._writing.count(act)
            mentions = await self._writing.mentions(act, thread, body)
            user_id, name = act.by.user_id, caller.user.name
            message = StoredMessage(message_id, user_id, name, body, act.now, mark, mentions=mentions)

            async def change(thread: StoredThread) -> StoredThread:
                if await self._is_repeat(act, thread, message_id, mark):
                    return thread
                after = replied(thread, act.by, message)
                if after.state is not thread.state:
                    await self._writing.check_open(act)
                return after

            async with self._writing.room(act, ROW_BYTES + len(body.encode())):
                written = await self._writing.change(act, thread_id, change, is_counted=True)
            return await self._writing.answer(act, written)

    async def edit(
        self, caller: Caller, spec_id: str, message_id: str, body: str, thread_id: str | None = None
    ) -> dict[str, Any]:
        """Change the text of a message of one's own.

        Raises `InvalidMessage`, `InvalidContent`, `OperationTooLarge`, `QuotaExceeded`.
        """
        async with self._writing.acting(caller, spec_id) as act:
            check_body(body)
            thread = await self._thread_with(spec_id, message_id, thread_id)
            if edited(thread, act.by, message_id, body, ()) is thread:
                return await self._writing.answer(act, thread)
            self._writing.count(act)
            mentions = await self._writing.mentions(act, thread, body)

            async def change(thread: StoredThread) -> StoredThread:
                return edited(thread, act.by, message_id, body, mentions)

            more = len(body.encode()) - len(message_in(thread, message_id).body.encode())
            async with self._writing.room(act, more):
                written = await self._writing.change(act, thread.thread_id, change, is_counted=True)
            return await self._writing.answer(act, written)

    async def delete(
        self, caller: Caller, spec_id: str, message_id: str, thread_id: str | None = None
    ) -> dict[str, Any]:
        """Empty a message of one's own, or as an admin any; it keeps its place."""
        async with self._writing.acting(caller, spec_id) as act:
            thread = await self._thread_with(spec_id, message_id, thread_id)

            async def change(thread: StoredThread) -> StoredThread:
                return message_deleted(thread, act.by, message_id)

            written = await self._writing.change(act, thread.thread_id, change)
            return await self._writing.answer(act, written)

    async def _is_repeat(self, act: Act, thread: StoredThread, message_id: str, mark: str) -> bool:
        """Whether the same message was added before. Raises `IdReused` if something else has its id, or had it."""
        for message in thread.messages:
            if message.message_id == message_id:
                if (message.user_id, message.fingerprint) != (act.by.user_id, mark) or message.deleted:
                    raise IdReused(REUSED)
                return True
        if (
            await self._store.thread_of_message(act.spec_id, message_id) is not None
            or await self._store.thread(act.spec_id, message_id) is not None
        ):
            raise IdReused(REUSED)
        return False

    async def _thread_with(self, spec_id: str, message_id: str, thread_id: str | None) -> StoredThread:
        """The thread that has a message, which may be deleted. Raises `NotFound`, `ThreadNotFound`."""
        named = thread_id or await self._store.thread_of_message(spec_id, message_id)
        found = None if named is None else await self._store.thread(spec_id, named)
        if not isinstance(found, StoredThread):
            raise ThreadNotFound(NO_THREAD) if thread_id else NotFound(NO_MESSAGE)
        message_in(found, message_id)
        return found
