"""``WS /ws/specs/:specId``: the live session."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import (
    Forbidden,
    InvalidMessage,
    NotJoined,
    SpecCollabError,
    SpecNotFound,
    Unauthenticated,
)
from jupyter_speccollab.handlers.base import LOGIN_FIRST, RESOURCE, told
from jupyter_speccollab.handlers.identity import has_bad_token, user_of, with_stable_owner
from jupyter_speccollab.handlers.outbox import SocketOutbox
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.codec import canonical_uuid, decode, encode
from jupyter_speccollab.protocol.messages import (
    Authenticate,
    BadOperation,
    CursorUpdate,
    JoinSession,
    LeaveSession,
    Ping,
    RequestSync,
    SendOperation,
)
from jupyter_speccollab.service.live import LiveDocument
from jupyter_speccollab.service.services import Services
from jupyter_speccollab.service.session import Event, Session

INTERNAL_ERROR = 1011


class SpecSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """One WebSocket: reads frames, calls the live document, carries its events.

    A refused socket is opened, told why, and closed, since a page sees nothing of a failed handshake. It
    therefore checks identity and authorization itself.
    """

    auth_resource = RESOURCE

    def initialize(self, services: Services) -> None:
        self.services = services
        self.request_id = uuid4().hex[:16]
        self.user: User | None = None
        self.role = Role.NONE
        self.refusal: SpecCollabError | None = None
        self.live: LiveDocument | None = None
        self.session: Session | None = None
        self.outbox: SocketOutbox | None = None

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
            await self._admit(spec_id)
        except Exception as error:
            self.refusal = told(error, self.request_id)
        await super().get(spec_id)

    async def _admit(self, spec_id: str) -> None:
        jupyter_user = with_stable_owner(self)
        if jupyter_user is None or has_bad_token(self):
            raise Unauthenticated(LOGIN_FIRST)
        if not await ensure_async(self.authorizer.is_authorized(self, jupyter_user, "read", RESOURCE)):
            raise Forbidden("You may not use shared specs on this server. Ask its admin.")
        self.spec_id = canonical_uuid(spec_id) or ""
        if not self.spec_id:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        self.user = user_of(jupyter_user, self.services.issuer)
        await self.services.documents.know(self.user)
        self.role = await self.services.access.require(self.user, self.spec_id, Role.VIEWER)
        await self.services.specs.get(self.user, self.spec_id)

    def open(self, spec_id: str) -> None:
        """Greet, or say why not."""
        super().open(spec_id)
        self.set_nodelay(True)
        assert self.ws_connection is not None
        assert self.ws_connection.stream is not None
        self.outbox = SocketOutbox(self.ws_connection.stream, self._end)
        if self.refusal is not None or self.user is None:
            self._fail(self.refusal or Unauthenticated(LOGIN_FIRST))
            return
        self._send(
            "connect",
            {
                "specId": self.spec_id,
                "userId": self.user.user_id,
                "userName": self.user.name,
                "timestamp": iso(self.services.documents.clock()),
                "protocol": 1,
            },
        )

    def on_message(self, frame: str | bytes) -> Awaitable[None] | None:
        """Take a frame; the next is read when this one is done."""
        if self.refusal is not None:
            return None
        if isinstance(frame, bytes):
            self.close(1003, "Frames are text.")
            return None
        try:
            message = decode(frame, self.services.documents.limits.operation_length)
            if isinstance(message, SendOperation | BadOperation) and self.session is not None:
                self._live().submit(self.session, message)
                return None
        except Exception as error:
            self._error(error)
            return None
        return self._take(message)

    async def _take(self, message: object) -> None:
        try:
            await self._answer(message)
        except Exception as error:
            self._error(error)

    async def _answer(self, message: object) -> None:
        match message:
            case JoinSession():
                await self._join(message)
            case Ping():
                self._send("pong", {})
            case Authenticate():
                raise Unauthenticated("This server takes no tokens here; the Jupyter login holds.")
            case SendOperation() | BadOperation():
                refusal = NotJoined("Join the session first.")
                self._send("operation_ack", events.refused(message.operation_id, refusal, 0))
            case LeaveSession():
                self._leave()
            case CursorUpdate():
                self._live().move_cursor(self._joined(), message)
            case RequestSync():
                await self._live().sync(self._joined(), message)

    async def _join(self, message: JoinSession) -> None:
        if canonical_uuid(message.spec_id) != self.spec_id:
            raise InvalidMessage("specId is not that of this address.")
        assert self.user is not None
        assert self.outbox is not None
        self.outbox.batch = message.batch
        self.live, self.session = await self.services.documents.join(
            self.spec_id, self.user, self.role, self.outbox, message, self.session
        )
        if self.ws_connection is None:
            self.on_close()

    def _leave(self) -> None:
        session = self._joined()
        self.session = None
        self._live().leave(session)

    def on_close(self) -> None:
        """The connection is lost; the session may be resumed for a while."""
        if self.live is not None and self.session is not None and self.outbox is not None:
            self.live.drop(self.session, self.outbox)
            self.session = None

    def _joined(self) -> Session:
        if self.session is None or self.session.outbox is not self.outbox:
            raise NotJoined("Join the session first.")
        return self.session

    def _live(self) -> LiveDocument:
        if self.live is None:
            raise NotJoined("Join the session first.")
        return self.live

    def _error(self, error: Exception) -> None:
        """Tell of an error; it closes the connection where its kind does."""
        self._fail(told(error, self.request_id))

    def _fail(self, failure: SpecCollabError) -> None:
        self._send("error", events.error(failure, self.request_id))
        code = failure.close_code
        if self.refusal is not None and code is None:
            code = INTERNAL_ERROR
        if code is not None and self.outbox is not None:
            self.outbox.close(code, failure.message)

    def _send(self, event: str, data: dict[str, Any]) -> None:
        if self.outbox is not None:
            self.outbox.send(Event(encode(event, data)))

    def _end(self, code: int, reason: str) -> None:
        self.close(code, reason.encode()[:120].decode(errors="ignore"))
