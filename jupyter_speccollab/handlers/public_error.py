"""The error that a client may see for any exception."""

from __future__ import annotations

import logging
from http.client import responses

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
from jupyter_speccollab.handlers.auth.authenticated_handler import LOGIN_FIRST
from jupyter_speccollab.store.base import SpecMissing

logger = logging.getLogger(__name__)


def public_error(error: BaseException | None, request_id: str) -> SpecCollabError:
    """The error to send to the client.

    An unexpected exception becomes `Internal`, and is logged with its traceback under the request's id.
    """
    if isinstance(error, SpecCollabError):
        return error
    if isinstance(error, HTTPError):
        return _of_http(error)
    if isinstance(error, SpecMissing):  # deleted during the request
        return SpecNotFound("There is no such spec, or you may not see it.")
    logger.error("request %s failed", request_id, exc_info=error)
    return Internal("The server failed. Try again; if the error persists, tell your admin the request id.")


def _of_http(error: HTTPError) -> SpecCollabError:
    match error.status_code:
        case 400:
            return InvalidMessage("The request can't be read. See docs/protocol.md.")
        case 401:
            return Unauthenticated(LOGIN_FIRST)
        case 403:
            return Forbidden(
                "This is not allowed: the request lacks its _xsrf, comes from another site, or needs a permission."
            )
        case 404 | 405:
            return NotFound("There is no such address or method. See docs/protocol.md.")
        case 413:
            return OperationTooLarge("The request body is too large.")
        case _:
            return Internal(responses.get(error.status_code, "The request failed."))
