"""``WS /ws/specs/:specId``: the live session."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.errors import (
    Forbidden,
    SpecCollabError,
    SpecNotFound,
    StoreUnavailable,
    Unauthenticated,
)
from jupyter_speccollab.handlers.auth.authenticated_handler import LOGIN_FIRST, RESOURCE, Credentials
from jupyter_speccollab.handlers.base import public_error
from jupyter_speccollab.handlers.socket.outbox import FlushQueue, SocketOutbox
from jupyter_speccollab.handlers.socket.protocol import SocketProtocol
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.presence.session import Event
from jupyter_speccollab.service.services import Services
from jupyter_speccollab.service.sessions.conversation import Conversation

INTERNAL_ERROR: Final = 1011
UNSUPPORTED_DATA: Final = 1003

GRACE: Final = 300.0
"""Seconds for which a login holds on an open socket while nobody can be asked about it."""

PROBES: Final = (("TCP_KEEPIDLE", 5), ("TCP_KEEPALIVE", 5), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 2))
"""In seconds and tries: a quarter of a minute until an idle connection without another end is noticed.

The other machine is asked, not the program there, which may be busy. macOS has the second name for the first.
"""


class SpecSocket(Credentials, WebSocketMixin, WebSocketHandler, JupyterHandler):
    """One WebSocket: carries frames to a conversation, and its events back.

    A refused socket is opened, told why, and closed, since a page sees nothing of a failed handshake. It
    therefore checks identity and authorization itself.
    """

    auth_resource = RESOURCE

    def initialize(self, services: Services, turn: FlushQueue) -> None:
        self.services = services
        self.turn = turn
        self.request_id = uuid4().hex[:16]
        self.admitted: tuple[str, Caller] | SpecCollabError = Unauthenticated(LOGIN_FIRST)
        self.conversation: Conversation | None = None
        self.outbox: SocketOutbox | None = None
        self.rechecking: asyncio.Task[None] | None = None

    @property
    def max_message_size(self) -> int:
        """In bytes; what is larger closes the socket with 1009."""
        return self.services.documents.limits.frame_bytes

    @allow_unauthenticated
    async def get(self, spec_id: str) -> None:
        """Find out who this is, then shake hands."""
        if not self.check_origin(self.get_origin()):
            raise HTTPError(403)
        try:
            self.admitted = await self._admit(spec_id)
        except Exception as error:
            self.admitted = public_error(error, self.request_id)
            self.record_refusal(self.admitted)
        await super().get(spec_id)

    async def _admit(self, text: str) -> tuple[str, Caller]:
        """The spec, and who asks for it. Raises what the socket is refused for."""
        caller = self.caller = await self.identify()
        if not await self.may("read"):
            raise Forbidden("You may not use shared specs on this server. Ask its admin.")
        spec_id = canonical_uuid(text)
        if spec_id is None:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        await self.services.documents.save_user(caller.user)
        await self.services.documents.admit(caller, spec_id)
        return spec_id, caller

    def get_websocket_protocol(self) -> SocketProtocol | None:
        """Tornado's, with frames as they come."""
        stock = super().get_websocket_protocol()
        return SocketProtocol(stock) if isinstance(stock, WebSocketProtocol13) else None

    async def open(self, spec_id: str) -> None:
        """Greet, or say why not."""
        super().open(spec_id)
        self.set_nodelay(True)
        assert isinstance(self.ws_connection, SocketProtocol)
        keep_alive(self.ws_connection.stream.socket)
        line = await self.ws_connection.take_connection()
        self.outbox = outbox = SocketOutbox(line, self.turn, self._end)
        if isinstance(self.admitted, SpecCollabError):
            self._refuse(self.admitted)
            return
        admitted_spec, caller = self.admitted
        self.conversation = Conversation(
            self.services.documents, admitted_spec, caller, outbox, self.services.tokens
        )
        self.services.token_expiry.watch(self.conversation)
        self.conversation.tell(
            "connect",
            {
                "specId": admitted_spec,
                "userId": caller.user.user_id,
                "userName": caller.user.name,
                "timestamp": iso(self.services.documents.clock()),
                "protocol": 1,
            },
        )
        if self.recheck_seconds is not None:
            self.rechecking = asyncio.create_task(self._recheck(self.conversation, self.recheck_seconds))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A handshake that fails needs no page."""
        self.finish()

    def on_message(self, frame: str | bytes) -> Awaitable[None] | None:
        """Take a frame; the next is read when this one is done."""
        if self.conversation is None or self.outbox is None or self.outbox.closed:
            return None
        if isinstance(frame, bytes):
            self.outbox.close(UNSUPPORTED_DATA, "Frames are text.")
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
        """See every few seconds whether this login still holds, and for what."""
        confirmed = time.monotonic()
        while True:
            await asyncio.sleep(seconds)
            try:
                caller = await self.identify_again(conversation.caller)
                await self.services.documents.save_user(caller.user)
            except Exception as error:
                failure = public_error(error, self.request_id)
                if isinstance(failure, StoreUnavailable) and time.monotonic() - confirmed < GRACE:
                    continue
                self._refuse(failure)
                return
            confirmed = time.monotonic()
            conversation.renew(caller)

    def on_close(self) -> None:
        """The connection is lost; the session may be resumed for a while."""
        if self.rechecking is not None:
            self.rechecking.cancel()
        if self.conversation is not None:
            self.services.token_expiry.forget(self.conversation)
            self.conversation.lost()

    def _refuse(self, error: SpecCollabError) -> None:
        assert self.outbox is not None
        self.outbox.send(Event.of("error", events.error(error, self.request_id)))
        self.outbox.close(error.close_code or INTERNAL_ERROR, error.message)

    def _end(self, code: int, reason: str) -> None:
        self.close(code, reason.encode()[:120].decode(errors="ignore"))


def keep_alive(connection: socket.socket | None) -> None:
    """Let the operating system probe an idle connection, where it is one of TCP, is still there, and it can."""
    if connection is None or connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with suppress(OSError):  # some systems take no option on what the other end has reset
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in PROBES:
            if option := getattr(socket, name, None):
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
