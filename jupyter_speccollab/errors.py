"""Every error that a client may be told, each with its stable code.

The tree::

    SpecCollabError
    ├── InvalidMessage        INVALID_MESSAGE      400
    ├── InvalidOperation      INVALID_OPERATION    422
    ├── InvalidContent        INVALID_CONTENT      422
    ├── OperationTooLarge     OPERATION_TOO_LARGE  413
    ├── DocumentTooLarge      DOCUMENT_TOO_LARGE   413
    ├── Unauthenticated       UNAUTHENTICATED      401 / 4401
    │   └── TokenRefused                           401
    ├── TokenExpired          TOKEN_EXPIRED        401 / 4401
    │   └── TokenTooOld                            401
    ├── Forbidden             FORBIDDEN            403 / 4403
    ├── SpecNotFound          SPEC_NOT_FOUND       404 / 4404
    ├── RevisionNotFound      REVISION_NOT_FOUND   404
    ├── NotFound              NOT_FOUND            404
    ├── VersionConflict       VERSION_CONFLICT     409
    ├── OperationIdReused     OPERATION_ID_REUSED  409
    ├── NotJoined             NOT_JOINED           409
    ├── LastOwner             LAST_OWNER           409
    ├── RateLimited           RATE_LIMITED         429
    ├── TooManySessions       TOO_MANY_SESSIONS    429 / 4429
    ├── SpecFull              SPEC_FULL            429 / 4429
    ├── StoreUnavailable      STORE_UNAVAILABLE    503
    └── Internal              INTERNAL             500

The codes are those of ``docs/protocol.md``. The one place that turns an error into an HTTP answer or a close
code is ``handlers/base.py``. Messages are sentences for a person: they say what to do next, and hold no
document text, no token and nothing of the server's inside.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SpecCollabError(Exception):
    """Base of all; ``details`` goes to the client beside the message and must be JSON-ready."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    close_code: ClassVar[int | None] = None
    """The WebSocket close code where this ends a connection; ``None`` where the connection goes on."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidMessage(SpecCollabError):
    """A frame, body or query that is not what the protocol describes."""

    code = "INVALID_MESSAGE"
    status = 400


class InvalidOperation(SpecCollabError):
    """A list of components that does not fit the text it was made on."""

    code = "INVALID_OPERATION"
    status = 422


class InvalidContent(SpecCollabError):
    """Text with a NUL, a carriage return or a lone surrogate."""

    code = "INVALID_CONTENT"
    status = 422


class OperationTooLarge(SpecCollabError):
    """An operation longer than the limit; the client splits it."""

    code = "OPERATION_TOO_LARGE"
    status = 413


class DocumentTooLarge(SpecCollabError):
    """A change after which the document would exceed its limit."""

    code = "DOCUMENT_TOO_LARGE"
    status = 413


class Unauthenticated(SpecCollabError):
    """No login, or a token that is not valid."""

    code = "UNAUTHENTICATED"
    status = 401
    close_code: ClassVar[int | None] = 4401


class TokenRefused(Unauthenticated):
    """A token that came to prolong a connection, and does not: the connection goes on as it was."""

    close_code = None


class TokenExpired(SpecCollabError):
    """A token that was valid once."""

    code = "TOKEN_EXPIRED"
    status = 401
    close_code: ClassVar[int | None] = 4401


class TokenTooOld(TokenExpired):
    """A token that came to prolong a connection after its own time: the connection goes on as it was."""

    close_code = None


class Forbidden(SpecCollabError):
    """The role does not allow this."""

    code = "FORBIDDEN"
    status = 403
    close_code = 4403


class SpecNotFound(SpecCollabError):
    """No such spec, or none that this user may see: the two look exactly alike."""

    code = "SPEC_NOT_FOUND"
    status = 404
    close_code = 4404


class RevisionNotFound(SpecCollabError):
    """A version that the document never had, or that a compaction folded away."""

    code = "REVISION_NOT_FOUND"
    status = 404


class NotFound(SpecCollabError):
    """An address that nothing answers to."""

    code = "NOT_FOUND"
    status = 404


class VersionConflict(SpecCollabError):
    """A version ahead of the document, or too far behind it."""

    code = "VERSION_CONFLICT"
    status = 409


class OperationIdReused(SpecCollabError):
    """An operationId that was committed already, with other components or by another user.

    Also a specId that a spec of another making holds already.
    """

    code = "OPERATION_ID_REUSED"
    status = 409


class NotJoined(SpecCollabError):
    """An event before ``join_session``, or in a session that has ended."""

    code = "NOT_JOINED"
    status = 409


class LastOwner(SpecCollabError):
    """A change that would leave a spec without an owner."""

    code = "LAST_OWNER"
    status = 409


class RateLimited(SpecCollabError):
    """Too many in a minute; ``details["retryAfterMs"]`` says when to try again."""

    code = "RATE_LIMITED"
    status = 429


class TooManySessions(SpecCollabError):
    """One user with more sessions than allowed."""

    code = "TOO_MANY_SESSIONS"
    status = 429
    close_code = 4429


class SpecFull(SpecCollabError):
    """More people in one spec than allowed."""

    code = "SPEC_FULL"
    status = 429
    close_code = 4429


class StoreUnavailable(SpecCollabError):
    """The database can't be reached or can't write; nothing is known to have been committed."""

    code = "STORE_UNAVAILABLE"
    status = 503


class Internal(SpecCollabError):
    """A fault of ours; the log has it under the requestId that the client is told."""
