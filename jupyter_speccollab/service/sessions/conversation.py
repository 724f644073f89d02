"""A conversation: the messages of one connection about one spec, by WebSocket or polling."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.name import name
from jupyter_speccollab.errors import (
    InvalidMessage,
    NotJoined,
    SpecCollabError,
    TokenExpired,
    TokenRefused,
    TokenTooOld,
    Unauthenticated,
)
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.codec import canonical_uuid, decode
from jupyter_speccollab.protocol.messages import (
    Authenticate,
    ClientMessage,
    CursorUpdate,
    JoinSession,
    LeaveSession,
    Ping,
    RequestSync,
    SendOperation,
)
from jupyter_speccollab.service.access.tokens import Tokens
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.presence.session import Event, Outbox, Session
from jupyter_speccollab.service.sessions.open_sockets import OpenSocket

PROGRAM_LENGTH: Final = 40
"""The maximum length of a program's name, in code points: the name of its user stands behind it in one line."""


class Conversation:
    """Takes the frames of one connection in order. The live document answers into its outbox.

    ``tokens`` verifies the tokens of ``authenticate`` messages; without it they are refused. ``socket`` is the
    WebSocket if the connection is one: it counts, and is closed after a while, as long as it has no session.
    """

    def __init__(
        self,
        documents: Documents,
        spec_id: str,
        caller: Caller,
        outbox: Outbox,
        tokens: Tokens | None = None,
        socket: OpenSocket | None = None,
    ) -> None:
        self.spec_id = spec_id
        self.caller = caller
        self._documents = documents
        self._tokens = tokens
        self._outbox = outbox
        self._socket = socket
        self._live: LiveDocument | None = None
        self._session: Session | None = None
        self._program = ""

    def take(self, frame: str | bytes) -> Awaitable[None] | None:
        """Act on a frame, at once or by the returned awaitable; no other frame may be taken before that has ended.

        Raises `SpecCollabError` (also from what is returned) where the answer is an ``error``.
        """
        message = decode(frame, self._documents.limits.operation_length)
        if isinstance(message, SendOperation):
            self._submit(message)
            return None
        return self._answer(message)

    def tell(self, event: str, data: dict[str, object]) -> None:
        """Send an event that concerns this connection alone."""
        self._outbox.send(Event.of(event, data))

    def fail(self, error: SpecCollabError, request_id: str) -> None:
        """Send an error, and close the connection if this kind of error does so."""
        self.tell("error", events.error(error, request_id))
        if error.close_code is not None:
            self._outbox.close(error.close_code, error.message)

    def lost(self) -> None:
        """The connection is lost. The session can be resumed for a while."""
        if self._live is not None and self._session is not None:
            self._live.attendance.drop(self._session, self._outbox)
            self._session = None

    def renew(self, caller: Caller) -> None:
        """Continue with other credentials of the same user."""
        if caller == self.caller:
            return
        self.caller = caller
        if self._live is not None and self._session is not None:
            self._live.renew(self._session, self._named(caller))

    async def join(self, message: JoinSession) -> Session:
        """Join, or join again. Raises `InvalidMessage`, `TooManySessions`, `SpecFull`, `SpecNotFound`."""
        self._check_spec(message.spec_id)
        if message.program is not None:
            self._program = name(message.program, "The name of the program", PROGRAM_LENGTH)
        if self._session is not None and self._session.outbox is not self._outbox:
            raise NotJoined("This session goes on in another connection.")
        socket = self._socket
        if socket is not None:
            socket.joining()
        try:
            self._live, self._session = await self._documents.join(
                self.spec_id,
                self._named(self.caller),
                self._outbox,
                message,
                self._session,
                None if socket is None else socket.socket_id,
            )
        except BaseException:
            if socket is not None and self._session is None:
                socket.without_session()
            raise
        if socket is not None:
            socket.joined()
        return self._session

    def leave(self) -> None:
        """End the session. Raises `NotJoined`."""
        live, session = self._joined()
        self._session = None
        live.attendance.leave(session)
        if self._socket is not None:
            self._socket.without_session()

    async def _answer(self, message: ClientMessage) -> None:
        match message:
            case JoinSession():
                await self.join(message)
            case LeaveSession():
                if message.spec_id is not None:
                    self._check_spec(message.spec_id)
                self.leave()
            case CursorUpdate():
                live, session = self._joined()
                live.cursors.update(session, message)
            case RequestSync():
                live, session = self._joined()
                await live.sync(session, message)
            case Ping():
                self.tell("pong", {})
            case Authenticate():
                await self._authenticate(message.token)

    async def _authenticate(self, text: str) -> None:
        """Continue with a new token of the same user. Raises `TokenRefused`, `TokenTooOld`; the old one stays."""
        if self._tokens is None:
            raise TokenRefused("This server takes no tokens here; the Jupyter login holds.")
        try:
            fresh = await self._tokens.caller(text)
        except TokenExpired as error:
            raise TokenTooOld(error.message) from None
        except Unauthenticated as error:
            raise TokenRefused(error.message) from None
        if fresh.token is None or fresh.user.user_id != self.caller.user.user_id:
            raise TokenRefused("This token is another user's. Open another connection for it.")
        if fresh.only not in (None, self.spec_id):
            raise TokenRefused("This token is for another spec. Open a connection to that one for it.")
        self.renew(replace(self.caller, groups=fresh.groups, token=fresh.token))
        self.tell("authenticated", {"expiresAt": iso(fresh.token.expires_at)})

    def _named(self, caller: Caller) -> Caller:
        """The caller as others are shown it: under the name of the program, if one has joined."""
        return replace(caller, user=replace(caller.user, program=self._program))

    def _check_spec(self, spec_id: str) -> None:
        if canonical_uuid(spec_id) != self.spec_id:
            raise InvalidMessage("specId is not that of this address.")

    def _submit(self, message: SendOperation) -> None:
        try:
            live, session = self._joined()
        except NotJoined as error:
            self.tell("operation_ack", events.refused(message.named, error, 0))
        else:
            live.submit(session, message)

    def _joined(self) -> tuple[LiveDocument, Session]:
        live, session = self._live, self._session
        if live is None or session is None or session.outbox is not self._outbox:
            raise NotJoined("Join the session first.")
        return live, session
