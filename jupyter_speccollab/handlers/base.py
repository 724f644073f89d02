"""The base of the handlers for REST and polling: request bodies, the protocol's envelope, HTTP status codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler
from msgspec import Struct
from tornado.http1connection import HTTP1Connection
from tornado.web import HTTPError, stream_request_body

from jupyter_speccollab.errors import (
    DocumentTooLarge,
    Forbidden,
    InvalidMessage,
    NotFound,
    SpecCollabError,
    SpecNotFound,
)
from jupyter_speccollab.handlers.auth.authenticated_handler import AuthenticatedHandler
from jupyter_speccollab.handlers.public_error import public_error
from jupyter_speccollab.handlers.request_body import RequestBody
from jupyter_speccollab.protocol.codec import canonical_uuid, encode_body
from jupyter_speccollab.protocol.long_body import long_body
from jupyter_speccollab.service.services import Services

LARGEST: Final = 2**31 - 1
"""The largest number of a query that is told apart from larger ones: the largest version that a database holds."""

DELIVERY: Final = 120.0
"""Seconds in which a client has to take a long answer."""

CLIENT_LEFT: Final = 499
"""The status in the log of requests whose client did not wait for the answer."""

CHARACTER_BYTES: Final = 12
"""The most bytes of JSON that a code point takes: two escapes of a surrogate."""

T = TypeVar("T", bound=Struct)
Method = TypeVar("Method", bound=Callable[..., Any])


def stops_without_client(method: Method) -> Method:
    """Stop a ``get`` when its client closes the connection, with whatever it computes, reads or sends.

    Only for what changes nothing. A PUT, POST, PATCH or DELETE is always carried out: it may be committed already,
    and its client will ask what became of it.
    """

    @wraps(method)
    async def run(self: SpecHandler, *args: Any, **kwargs: Any) -> None:
        self.stoppable = asyncio.ensure_future(method(self, *args, **kwargs))
        try:
            await self.stoppable
        except asyncio.CancelledError:
            if not self.client_left:
                raise
            self.set_status(CLIENT_LEFT, "Client Closed Request")

    return cast(Method, run)


def authorized_to(action: str) -> Callable[[Method], Method]:
    """Jupyter's ``@authorized`` with an explicit action, instead of the default for the HTTP method."""
    return cast(Callable[[Method], Method], authorized(action))


@stream_request_body
class SpecHandler(AuthenticatedHandler, APIHandler):
    """Parses a request, calls a service, and replies in the protocol's envelope.

    A request is authenticated before its body is read, and no more of the body is kept than the handler can use.
    """

    takes_text = False
    """Whether the body may hold a whole text."""

    def initialize(self, services: Services) -> None:
        self.services = services
        self.request_body = RequestBody(self.most_bytes)
        self.request_id = uuid4().hex[:16]
        self.saves_caller = True
        self.stoppable: asyncio.Future[None] | None = None
        self.client_left = False

    async def prepare(self, **options: Any) -> None:
        """Identify the caller, and save their name for others to see."""
        await super().prepare(**options)
        if self.request.method == "OPTIONS":
            return
        self.caller = await self.identify()
        if self.saves_caller:
            await self.services.documents.save_user(self.caller.user)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with an error, in the protocol's envelope."""
        error = kwargs.get("exc_info", (None, HTTPError(status_code), None))[1]
        failure = public_error(error, self.request_id)
        if isinstance(failure, Forbidden | NotFound) and isinstance(error, HTTPError) and self.is_anonymous:
            failure = self.authentication_error
        self.record_refusal(failure)
        self.set_status(failure.status)
        details = {"requestId": self.request_id, **failure.details}
        self.finish(
            encode_body(
                {"success": False, "error": failure.message, "code": failure.code, "details": details}
            )
        )

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log nothing: `public_error` logs failures of the server, and mistakes of clients are not logged."""

    def on_connection_close(self) -> None:
        """Stop what is `stops_without_client`."""
        super().on_connection_close()
        self.client_left = True
        if self.stoppable is not None:
            self.stoppable.cancel()

    def compute_etag(self) -> None:
        """Return none: nothing is cached, and hashing a long answer would delay everybody."""

    async def deliver(self, data: object) -> None:
        """As `reply`, and wait until the client has taken the answer.

        The connection of a client that does not take it within `DELIVERY` seconds is closed.
        """
        self.set_header("Cache-Control", "no-store")
        sent = self.finish(encode_body({"success": True, "data": data}))
        await asyncio.wait([sent], timeout=DELIVERY)
        if not sent.done():
            cast(HTTP1Connection, self.request.connection).stream.close()
        elif not sent.cancelled():
            sent.exception()  # the client is gone, and needs no answer

    def reply(self, data: object, status: int = 200) -> None:
        """Answer a request that succeeded."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(encode_body({"success": True, "data": data}))

    @property
    def most_bytes(self) -> int:
        """How long the body may be, in bytes."""
        limits = self.services.documents.limits
        return limits.frame_bytes + (CHARACTER_BYTES * limits.document_length if self.takes_text else 0)

    def data_received(self, chunk: bytes) -> None:
        """Called by Tornado when a part of the body has arrived."""
        self.request_body.add(chunk)

    async def body(self, kind: type[T]) -> T:
        """The request body as a ``kind``. Raises `InvalidMessage`, and `too_long`."""
        return await long_body(self.content(), kind)

    def content(self) -> bytearray:
        """The request body. Raises `too_long`."""
        if self.request_body.is_too_long:
            raise self.too_long()
        return self.request_body.content

    def too_long(self) -> SpecCollabError:
        """The error for a body of more than `most_bytes`."""
        return DocumentTooLarge(f"The body of this request may hold {self.most_bytes:,} bytes.")

    def spec_id(self, text: str) -> str:
        """The specId in an address. Raises `SpecNotFound`."""
        spec_id = canonical_uuid(text)
        if spec_id is None:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        return spec_id

    def query_flag(self, name: str) -> bool:
        """Whether the query says ``true``; missing or empty, it is ``false``. Raises `InvalidMessage`."""
        text = self.get_query_argument(name, "") or "false"
        if text not in ("true", "false"):
            raise InvalidMessage(f"{name} must be true or false.")
        return text == "true"

    def query_number(self, name: str, default: int | None, least: int = 0, most: int = LARGEST) -> int | None:
        """An integer in the query; ``default`` if it is missing or empty.

        A larger number is taken as ``most``, however many digits it has. Raises `InvalidMessage` for a smaller one
        than ``least``, and for anything else.
        """
        text = self.get_query_argument(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit()):
            raise InvalidMessage(f"{name} must be a whole number from {least}.")
        digits = text.lstrip("0") or "0"
        number = min(int(digits), most) if len(digits) <= len(str(most)) else most
        if number < least:
            raise InvalidMessage(f"{name} must be a whole number from {least}.")
        return number

    @allow_unauthenticated
    def options(self, *args: Any, **kwargs: Any) -> None:
        """Answer a preflight request, which carries no credentials."""
        super().options(*args, **kwargs)
