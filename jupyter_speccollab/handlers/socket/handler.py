"""``/ws/specs/:specId``: a session over a WebSocket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, Final
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.errors import (
    Forbidden,
    SpecCollabError,
    SpecNotFound,
    StoreUnavailable,
    Unauthenticated,
)
from jupyter_speccollab.handlers.auth.authenticated_handler import LOGIN_FIRST, RESOURCE, AuthenticatedHandler
from jupyter_speccollab.handlers.public_error import public_error
from jupyter_speccollab.handlers.socket.flush_queue import FlushQueue
from jupyter_speccollab.handlers.socket.frame_turns import FrameTurns
from jupyter_speccollab.handlers.socket.keep_alive import keep_alive
from jupyter_speccollab.handlers.socket.outbox import SocketOutbox
from jupyter_speccollab.handlers.socket.protocol import SocketProtocol
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.presence.session import Event
from jupyter_speccollab.service.services import Services
from jupyter_speccollab.service.sessions.conversation import Conversation
from jupyter_speccollab.service.sessions.open_sockets import OpenSocket

INTERNAL_ERROR: Final = 1011
UNSUPPORTED_DATA: Final = 1003

RECHECK_GRACE: Final = 300.0
"""Seconds for which an open connection stays authenticated while the identity provider can't be reached."""


class SpecSocket(AuthenticatedHandler, WebSocketMixin, WebSocketHandler, JupyterHandler):
    """Passes the frames of one WebSocket to a conversation, and the events of the conversation to the WebSocket.

    A page can't read the reason of a failed handshake. So a WebSocket that is refused is opened, sent an ``error``
    event, and closed. For the same reason this handler checks authentication and authorization itself.
    """

    auth_resource = RESOURCE
    open_socket: OpenSocket

    def initialize(self, services: Services, flush_queue: FlushQueue, frame_turns: FrameTurns) -> None:
        self.services = services
        self.flush_queue = flush_queue
        self.frame_turns = frame_turns
        self.request_id = uuid4().hex[:16]
        self.admission: tuple[str, Caller] | SpecCollabError = Unauthenticated(LOGIN_FIRST)
        self.conversation: Conversation | None = None
        self.outbox: SocketOutbox | None = None
        self.recheck_task: asyncio.Task[None] | None = None

    @property
    def max_message_size(self) -> int:
        """In bytes. A larger message closes the connection with 1009."""
        return self.services.documents.limits.frame_bytes

    @allow_unauthenticated
    async def get(self, spec_id: str) -> None:
        """Authenticate and authorize, then complete the handshake. Returns when the WebSocket is closed."""
        if not self.check_origin(self.get_origin()):
            raise HTTPError(403)
        self.open_socket = self.services.open_sockets.open()
        try:
            try:
                self.admission = await self._admit(spec_id)
            except Exception as error:
                self.admission = public_error(error, self.request_id)
                self.record_refusal(self.admission)
            await super().get(spec_id)
        finally:
            self.open_socket.close()

    async def _admit(self, text: str) -> tuple[str, Caller]:
        """The spec and the caller. Raises the error with which the WebSocket is refused."""
        self.open_socket.check_server()
        caller = self.caller = await self.identify()
        if not await self.is_allowed("read"):
            raise Forbidden("You may not use shared specs on this server. Ask its admin.")
        spec_id = canonical_uuid(text)
        if spec_id is None:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        await self.open_socket.admit(caller.user)  # before the database is asked for one who has too many
        await self.services.documents.save_user(caller.user)
        await self.services.documents.admit(caller, spec_id)
        return spec_id, caller

    def get_websocket_protocol(self) -> SocketProtocol | None:
        """Tornado's protocol with our way to read frames."""
        stock = super().get_websocket_protocol()
        if not isinstance(stock, WebSocketProtocol13):
            return None
        user = (
            self.request_id if isinstance(self.admission, SpecCollabError) else self.admission[1].user.user_id
        )
        return SocketProtocol(stock, self.frame_turns, user)

    async def open(self, spec_id: str) -> None:
        """Send ``connect``, or refuse the WebSocket."""
        super().open(spec_id)
        self.set_nodelay(True)
        assert isinstance(self.ws_connection, SocketProtocol)
        protocol = self.ws_connection  # the attribute is None as soon as the connection has ended
        keep_alive(protocol.stream.socket)
        connection = await protocol.take_over_connection()
        self.outbox = outbox = SocketOutbox(connection, self.flush_queue, self._close)
        if isinstance(self.admission, SpecCollabError):
            may_wait = self.open_socket.refuse()
            self._refuse(self.admission)
            if not may_wait:
                protocol.drop()
            return
        spec, caller = self.admission
        self.conversation = Conversation(
            self.services.documents, spec, caller, outbox, self.services.tokens, self.open_socket
        )
        self.services.token_expiry.watch(self.conversation)
        self.conversation.tell(
            "connect",
            {
                "specId": spec,
                "userId": caller.user.user_id,
                "userName": caller.user.name,
                "timestamp": iso(self.services.documents.clock()),
                "protocol": 1,
            },
        )
        self.open_socket.wait(outbox.close)
        if self.recheck_seconds is not None:
            self.recheck_task = in_background(
                self._recheck(self.conversation, self.recheck_seconds), "check a login again"
            )

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Send no page for a failed handshake."""
        self.finish()

    def on_message(self, frame: str | bytes) -> Awaitable[None] | None:
        """Handle a frame. The next frame is handled when the result is done."""
        if self.conversation is None or self.outbox is None or self.outbox.closed:
            return None
        if isinstance(frame, bytes):
            self.outbox.close(UNSUPPORTED_DATA, "Frames must be text.")
            return None
        try:
            work = self.conversation.take(frame)
        except Exception as error:
            self.conversation.fail(public_error(error, self.request_id), self.request_id)
            return None
        return None if work is None else self._finish(self.conversation, work)

    async def _finish(self, conversation: Conversation, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            conversation.fail(public_error(error, self.request_id), self.request_id)
        if self.ws_connection is None:
            conversation.lost()

    async def _recheck(self, conversation: Conversation, seconds: float) -> None:
        """Check every ``seconds`` whether the login is still valid, and update its groups and roles.

        While a check waits, the client may send a new token. The outcome for the old one is then dropped.
        """
        confirmed = time.monotonic()
        while True:
            await asyncio.sleep(seconds)
            before = conversation.caller
            try:
                caller = await self.identify_again(before)
                await self.services.documents.save_user(caller.user)
            except Exception as error:
                if conversation.caller is not before:
                    continue
                failure = public_error(error, self.request_id)
                if isinstance(failure, StoreUnavailable) and time.monotonic() - confirmed < RECHECK_GRACE:
                    continue
                self._refuse(failure)
                return
            confirmed = time.monotonic()
            if conversation.caller is before:
                conversation.renew(caller)

    def on_close(self) -> None:
        """The connection is closed. The client can resume the session for a while."""
        if self.recheck_task is not None:
            self.recheck_task.cancel()
        if self.conversation is not None:
            self.services.token_expiry.forget(self.conversation)
            self.conversation.lost()

    def _refuse(self, error: SpecCollabError) -> None:
        assert self.outbox is not None
        self.outbox.send(Event.of("error", events.error(error, self.request_id)))
        self.outbox.close(error.close_code or INTERNAL_ERROR, error.message)

    def _close(self, code: int, reason: str) -> None:
        self.close(code, reason.encode()[:120].decode(errors="ignore"))
