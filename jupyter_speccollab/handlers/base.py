"""What all handlers share, and the only place where an error becomes an HTTP status or a close code."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http.client import responses
from typing import Any, TypeVar, cast
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler
from msgspec import Struct
from tornado.web import HTTPError

from jupyter_speccollab.errors import (
    Forbidden,
    Internal,
    InvalidMessage,
    NotFound,
    OperationTooLarge,
    SpecCollabError,
    SpecNotFound,
    Unauthenticated,
)
from jupyter_speccollab.handlers.auth.authenticated_handler import LOGIN_FIRST, Credentials
from jupyter_speccollab.protocol.codec import body, canonical_uuid, encode_body
from jupyter_speccollab.service.services import Services
from jupyter_speccollab.store.base import SpecMissing

T = TypeVar("T", bound=Struct)
Method = TypeVar("Method", bound=Callable[..., Any])

logger = logging.getLogger(__name__)


def authorized_to(action: str) -> Callable[[Method], Method]:
    """Jupyter's ``@authorized`` for a method whose action is not that of its HTTP verb."""
    return cast(Callable[[Method], Method], authorized(action))


def public_error(error: BaseException | None, request_id: str) -> SpecCollabError:
    """What a client may read of any exception; a fault of ours goes to the log, under the request's id."""
    if isinstance(error, SpecCollabError):
        return error
    if isinstance(error, HTTPError):
        return _of_http(error)
    if isinstance(error, SpecMissing):  # deleted while the request was under way
        return SpecNotFound("There is no such spec, or you may not see it.")
    logger.error("request %s failed", request_id, exc_info=error)
    return Internal("The server failed at this. Try again; if it stays, tell your admin the request id.")


def _of_http(error: HTTPError) -> SpecCollabError:
    match error.status_code:
        case 400:
            return InvalidMessage("The request can't be read. See docs/protocol.md.")
        case 401:
            return Unauthenticated(LOGIN_FIRST)
        case 403:
            return Forbidden(
                "This is not allowed: the request lacks its _xsrf, comes from a foreign page, or is not for you."
            )
        case 404 | 405:
            return NotFound("Nothing answers to this address or method. See docs/protocol.md.")
        case 413:
            return OperationTooLarge("The request body is too large.")
        case _:
            return Internal(responses.get(error.status_code, "The request failed."))


class SpecHandler(Credentials, APIHandler):
    """Parses, calls a service, replies in the protocol's envelope."""

    def initialize(self, services: Services) -> None:
        self.services = services
        self.request_id = uuid4().hex[:16]
        self.writes_callers_down = True

    async def prepare(self, **options: Any) -> None:
        """Resolve who asks, before anything is read."""
        await super().prepare(**options)
        if self.request.method == "OPTIONS":
            return
        self.caller = await self.identify()
        if self.writes_callers_down:
            await self.services.documents.save_user(self.caller.user)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Any failure, in the protocol's shape."""
        error = kwargs.get("exc_info", (None, HTTPError(status_code), None))[1]
        failure = public_error(error, self.request_id)
        if isinstance(failure, Forbidden | NotFound) and isinstance(error, HTTPError) and self.is_stranger:
            failure = self.fault
        self.record_refusal(failure)
        self.set_status(failure.status)
        details = {"requestId": self.request_id, **failure.details}
        self.finish(
            encode_body(
                {"success": False, "error": failure.message, "code": failure.code, "details": details}
            )
        )

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Faults are logged by `public_error`; what a client did wrong is no matter for the log."""

    def reply(self, data: object, status: int = 200) -> None:
        """Answer with success."""
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(encode_body({"success": True, "data": data}))

    def body(self, kind: type[T]) -> T:
        """The request's body as a ``kind``. Raises `InvalidMessage`."""
        return body(self.request.body, kind)

    def spec_id(self, text: str) -> str:
        """The specId of an address. Raises `SpecNotFound`."""
        spec_id = canonical_uuid(text)
        if spec_id is None:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        return spec_id

    def query_number(self, name: str, default: int | None, least: int = 0, most: int = 2**53) -> int | None:
        """A whole number of the query, in ``least`` to ``most``; empty is not given. Raises `InvalidMessage`."""
        text = self.get_query_argument(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most):
            raise InvalidMessage(f"{name} must be a whole number from {least} to {most}.")
        return int(text)

    @allow_unauthenticated
    def options(self, *args: Any, **kwargs: Any) -> None:
        """Preflight requests carry no credentials."""
        super().options(*args, **kwargs)


class NoSuchAddress(SpecHandler):
    """Answers below our paths for what is not there, in our own shape."""

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        raise NotFound("Nothing answers to this address. See docs/protocol.md.")
