"""``/api/specs/:specId/threads`` and ``…/messages``: the comments and suggestions of a spec."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.document.thread_text import LONGEST
from jupyter_speccollab.errors import (
    InvalidMessage,
    NotFound,
    OperationTooLarge,
    SpecCollabError,
    ThreadNotFound,
)
from jupyter_speccollab.handlers.base import CHARACTER_BYTES, SpecHandler, stops_without_client
from jupyter_speccollab.protocol.bodies import AddMessage, ChangeThread, EditMessage, OpenThread
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.live.thread_wire import encoded_in_parts
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.service.threads.reading import CLOSED, MAX_PAGE_SIZE, OPEN
from jupyter_speccollab.service.threads.transitions import NO_MESSAGE
from jupyter_speccollab.service.threads.writing import NO_THREAD
from jupyter_speccollab.store.base import ThreadKind, ThreadState

STATES: Final = {"open": OPEN, "closed": CLOSED, "all": None}
"""What ``state`` of a list may be."""


class ThreadTextHandler(SpecHandler):
    """Takes what people write: a message, and the replacement that they suggest."""

    @property
    def most_bytes(self) -> int:
        """How long the body may be, in bytes."""
        return self.services.documents.limits.frame_bytes + 2 * CHARACTER_BYTES * LONGEST

    def too_long(self) -> SpecCollabError:
        """The error for a body of more than `most_bytes`."""
        return OperationTooLarge(
            f"A message or a suggestion may have {LONGEST:,} characters. Make two of it."
        )

    async def change(self, call: Callable[[], Awaitable[Any]], status: int = 200) -> None:
        """Reply with what a ``call`` that changes threads answers, when it is the turn of its user."""
        async with self.services.threads.changing(self.caller):
            answer = await call()
            self.set_status(status)
            await self.deliver(await encoded_in_parts(answer))

    def thread_id(self, text: str) -> str:
        """The threadId in an address. Raises `ThreadNotFound`."""
        thread_id = canonical_uuid(text)
        if thread_id is None:
            raise ThreadNotFound(NO_THREAD)
        return thread_id

    def message_id(self, text: str) -> str:
        """The messageId in an address. Raises `NotFound`."""
        message_id = canonical_uuid(text)
        if message_id is None:
            raise NotFound(NO_MESSAGE)
        return message_id


class ThreadsHandler(ThreadTextHandler):
    """Lists the threads, and creates one."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        state = self.get_query_argument("state", "") or "open"
        if state not in STATES:
            raise InvalidMessage("state must be open, closed or all.")
        since, before = self.query_number("since", None), self.query_number("before", None)
        limit = self.query_number("limit", MAX_PAGE_SIZE, least=1, most=MAX_PAGE_SIZE) or MAX_PAGE_SIZE
        reading, spec_id = self.services.thread_reading, self.spec_id(spec_id)
        async with reading.answer(self.caller):
            await self.deliver(await reading.page(self.caller, spec_id, STATES[state], since, before, limit))

    @authenticated
    @authorized
    async def post(self, spec_id: str) -> None:
        body = await self.body(OpenThread)
        new = NewThread(
            _new_id(body.thread_id, "threadId"),
            ThreadKind(body.kind),
            body.start,
            body.end,
            body.version,
            body.body,
            body.replacement,
        )
        open_ = partial(self.services.threads.open, self.caller, self.spec_id(spec_id), new)
        await self.change(open_, status=201)


class ThreadHandler(ThreadTextHandler):
    """Reads one thread, changes its state, and deletes it."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str, thread_id: str) -> None:
        reading = self.services.thread_reading
        async with reading.answer(self.caller):
            found = await reading.one(self.caller, self.spec_id(spec_id), self.thread_id(thread_id))
            await self.deliver(await encoded_in_parts(found))

    @authenticated
    @authorized
    async def patch(self, spec_id: str, thread_id: str) -> None:
        state = ThreadState((await self.body(ChangeThread)).state)
        spec, thread = self.spec_id(spec_id), self.thread_id(thread_id)
        await self.change(partial(self.services.threads.set_state, self.caller, spec, thread, state))

    @authenticated
    @authorized
    async def delete(self, spec_id: str, thread_id: str) -> None:
        spec, thread = self.spec_id(spec_id), self.thread_id(thread_id)
        await self.services.threads.delete(self.caller, spec, thread)
        self.reply({})


class ThreadMessagesHandler(ThreadTextHandler):
    """Adds a message to a thread."""

    @authenticated
    @authorized
    async def post(self, spec_id: str, thread_id: str) -> None:
        body = await self.body(AddMessage)
        message_id = _new_id(body.message_id, "messageId")
        spec, thread = self.spec_id(spec_id), self.thread_id(thread_id)
        add = partial(self.services.messages.add, self.caller, spec, thread, message_id, body.body)
        await self.change(add, status=201)


class MessageHandler(ThreadTextHandler):
    """Changes and deletes a message; its address may name its thread, but need not."""

    @authenticated
    @authorized
    async def patch(self, spec_id: str, *ids: str) -> None:
        text = (await self.body(EditMessage)).body
        spec, (message, thread) = self.spec_id(spec_id), self._ids(*ids)
        await self.change(partial(self.services.messages.edit, self.caller, spec, message, text, thread))

    @authenticated
    @authorized
    async def delete(self, spec_id: str, *ids: str) -> None:
        spec, (message, thread) = self.spec_id(spec_id), self._ids(*ids)
        await self.change(partial(self.services.messages.delete, self.caller, spec, message, thread))

    def _ids(self, *ids: str) -> tuple[str, str | None]:
        """The messageId, and the threadId before it in the address. Raises `ThreadNotFound`, `NotFound`."""
        *thread, message = ids
        return self.message_id(message), self.thread_id(thread[0]) if thread else None


def _new_id(text: str, what: str) -> str:
    """An id from a client. Raises `InvalidMessage` if it is no UUID."""
    new_id = canonical_uuid(text)
    if new_id is None:
        raise InvalidMessage(f"{what} must be a UUID.")
    return new_id
