"""The errors that are sent to clients, each with a stable code.

The tree::

    SpecCollabError
    ├── InvalidMessage        INVALID_MESSAGE      400
    ├── InvalidOperation      INVALID_OPERATION    422
    ├── InvalidContent        INVALID_CONTENT      422
    ├── OperationTooLarge     OPERATION_TOO_LARGE  413
    ├── DocumentTooLarge      DOCUMENT_TOO_LARGE   413
    ├── AttachmentTooLarge    ATTACHMENT_TOO_LARGE 413
    ├── AttachmentsFull       ATTACHMENTS_FULL     413
    ├── UnsupportedMediaType  UNSUPPORTED_MEDIA_TYPE 415
    ├── Unauthenticated       UNAUTHENTICATED      401 / 4401
    │   └── TokenRefused                           401
    ├── TokenExpired          TOKEN_EXPIRED        401 / 4401
    │   └── TokenTooOld                            401
    ├── Forbidden             FORBIDDEN            403 / 4403
    ├── SpecNotFound          SPEC_NOT_FOUND       404 / 4404
    ├── RevisionNotFound      REVISION_NOT_FOUND   404
    ├── AttachmentNotFound    ATTACHMENT_NOT_FOUND 404
    ├── ThreadNotFound        THREAD_NOT_FOUND     404
    ├── NotFound              NOT_FOUND            404
    ├── VersionConflict       VERSION_CONFLICT     409
    │   └── OperationOutgrown                      409
    ├── OperationIdReused     OPERATION_ID_REUSED  409
    ├── IdReused              ID_REUSED            409
    ├── SuggestionStale       SUGGESTION_STALE     409
    ├── ThreadClosed          THREAD_CLOSED        409
    ├── NotJoined             NOT_JOINED           409
    ├── LastOwner             LAST_OWNER           409
    ├── RateLimited           RATE_LIMITED         429
    ├── TooManySessions       TOO_MANY_SESSIONS    429 / 4429
    │   └── ServerFull                             429 / 1013
    ├── SpecFull              SPEC_FULL            429 / 4429
    ├── QuotaExceeded         QUOTA_EXCEEDED       429
    ├── ThreadLimit           THREAD_LIMIT         429
    ├── StoreUnavailable      STORE_UNAVAILABLE    503
    └── Internal              INTERNAL             500

``docs/protocol.md`` defines the codes. ``handlers/public_error.py`` turns any other exception into one of these
errors. Messages are for users and say what to do next. They never contain document text, tokens or internals of
the server; of the details only ``present`` of `SuggestionStale` is document text.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Final, Self


class SpecCollabError(Exception):
    """The base class. ``details`` is sent to the client with the message, and must be serialisable as JSON."""

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    close_code: ClassVar[int | None] = None
    """The WebSocket close code if the error ends the connection; ``None`` if the connection stays open."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidMessage(SpecCollabError):
    """A frame, body or query that does not follow the protocol."""

    code = "INVALID_MESSAGE"
    status = 400


class InvalidOperation(SpecCollabError):
    """A list of components that is malformed, or does not fit the text of its base version."""

    code = "INVALID_OPERATION"
    status = 422


class InvalidContent(SpecCollabError):
    """Text that contains a NUL, a carriage return or a lone surrogate."""

    code = "INVALID_CONTENT"
    status = 422


class OperationTooLarge(SpecCollabError):
    """An operation or a request body that is longer than the limit. Clients split long operations."""

    code = "OPERATION_TOO_LARGE"
    status = 413


class DocumentTooLarge(SpecCollabError):
    """A change that would make the document longer than the limit."""

    code = "DOCUMENT_TOO_LARGE"
    status = 413


class AttachmentTooLarge(SpecCollabError):
    """A picture with more bytes than one may have."""

    code = "ATTACHMENT_TOO_LARGE"
    status = 413


class AttachmentsFull(SpecCollabError):
    """A picture with which those of the spec would have more bytes than they may."""

    code = "ATTACHMENTS_FULL"
    status = 413


class UnsupportedMediaType(SpecCollabError):
    """Bytes that are not a picture, or not the one that the request says."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class Unauthenticated(SpecCollabError):
    """No login, or an invalid token."""

    code = "UNAUTHENTICATED"
    status = 401
    close_code: ClassVar[int | None] = 4401


class TokenRefused(Unauthenticated):
    """An invalid token sent to renew an open connection. The connection stays open with its present token."""

    close_code = None


class TokenExpired(SpecCollabError):
    """A token that was valid, and has expired."""

    code = "TOKEN_EXPIRED"
    status = 401
    close_code: ClassVar[int | None] = 4401


class TokenTooOld(TokenExpired):
    """An expired token sent to renew an open connection. The connection stays open with its present token."""

    close_code = None


class Forbidden(SpecCollabError):
    """The role does not allow this."""

    code = "FORBIDDEN"
    status = 403
    close_code = 4403


class SpecNotFound(SpecCollabError):
    """The spec does not exist, or the user may not see it. The client can't distinguish the two."""

    code = "SPEC_NOT_FOUND"
    status = 404
    close_code = 4404


class RevisionNotFound(SpecCollabError):
    """A version that the document never had, or that was removed by compaction."""

    code = "REVISION_NOT_FOUND"
    status = 404


class AttachmentNotFound(SpecCollabError):
    """A picture that the spec does not have."""

    code = "ATTACHMENT_NOT_FOUND"
    status = 404


class ThreadNotFound(SpecCollabError):
    """A comment or suggestion that the spec does not have, or that was deleted."""

    code = "THREAD_NOT_FOUND"
    status = 404


class NotFound(SpecCollabError):
    """An address or a message that does not exist."""

    code = "NOT_FOUND"
    status = 404


class VersionConflict(SpecCollabError):
    """A base version that is ahead of the document, or too far behind it."""

    code = "VERSION_CONFLICT"
    status = 409


class OperationOutgrown(VersionConflict):
    """An operation that others' edits have split into more components than can be transformed.

    This is final: every server refuses it at the same version. The client merges its text as a whole.
    """


class OperationIdReused(SpecCollabError):
    """An operationId that was already committed with other components or by another user.

    Also raised for a specId that belongs to another spec.
    """

    code = "OPERATION_ID_REUSED"
    status = 409


class IdReused(SpecCollabError):
    """An id of a thread or message under which something else was created, or that was deleted."""

    code = "ID_REUSED"
    status = 409


class SuggestionStale(SpecCollabError):
    """A suggestion for words that were changed where it changes them.

    ``details["present"]`` is what stands there now; only who may read the text gets this error.
    """

    code = "SUGGESTION_STALE"
    status = 409


class ThreadClosed(SpecCollabError):
    """A change of a suggestion that was accepted, or the acceptance of one that was rejected."""

    code = "THREAD_CLOSED"
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
    """Too many operations or requests in a minute. ``details["retryAfterMs"]`` says when to try again."""

    code = "RATE_LIMITED"
    status = 429


class TooManySessions(SpecCollabError):
    """The user has the maximum number of sessions already."""

    code = "TOO_MANY_SESSIONS"
    status = 429
    close_code: ClassVar[int | None] = 4429


class ServerFull(TooManySessions):
    """The server has the maximum number of open connections; its close code lets clients try again later."""

    close_code = 1013


class SpecFull(SpecCollabError):
    """The spec has the maximum number of users already."""

    code = "SPEC_FULL"
    status = 429
    close_code = 4429


class QuotaExceeded(SpecCollabError):
    """A user's specs, or all specs of the server, have reached their number or size."""

    code = "QUOTA_EXCEEDED"
    status = 429


class ThreadLimit(SpecCollabError):
    """The spec has as many open threads, or the thread as many messages, as it may."""

    code = "THREAD_LIMIT"
    status = 429


class StoreTrouble(StrEnum):
    """Why the database can't be read or written. Health, metrics and the log name it by this value."""

    AWAY = "away"
    DAMAGED = "damaged"
    DISK_ERROR = "disk_error"
    DISK_FULL = "disk_full"
    LOCKED = "locked"
    NO_ACCESS = "no_access"
    NO_ANSWER = "no_answer"
    READ_ONLY = "read_only"
    SCHEMA = "schema"
    TOO_MANY_CONNECTIONS = "too_many_connections"

    @property
    def sentence(self) -> str:
        """The reason in words, for whoever writes."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    StoreTrouble.AWAY: "The database can't be reached, so nothing can be saved.",
    StoreTrouble.DAMAGED: "The database is damaged, so nothing can be saved.",
    StoreTrouble.DISK_ERROR: "The server's disk has a fault, so nothing can be saved.",
    StoreTrouble.DISK_FULL: "The server's disk is full, so nothing can be saved.",
    StoreTrouble.LOCKED: "The database is locked by another program, so nothing can be saved.",
    StoreTrouble.NO_ACCESS: "The database does not let the server in, so nothing can be saved.",
    StoreTrouble.NO_ANSWER: "The database does not answer, so nothing can be saved.",
    StoreTrouble.READ_ONLY: "The database can only be read now, so nothing can be saved.",
    StoreTrouble.SCHEMA: "The database does not fit the version of the server, so nothing can be saved.",
    StoreTrouble.TOO_MANY_CONNECTIONS: "The database has too many connections, so nothing can be saved.",
}


class StoreUnavailable(SpecCollabError):
    """The database can't be reached, or can't write. Whether the change was committed is unknown.

    ``trouble`` says why, or is ``None`` if it is not the database that failed. ``detail`` is what the database said
    of it; it is for the log, and never sent to a client.
    """

    code = "STORE_UNAVAILABLE"
    status = 503

    def __init__(
        self, message: str, *, trouble: StoreTrouble | None = None, detail: str = "", **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.trouble = trouble
        self.detail = detail

    @classmethod
    def by(cls, trouble: StoreTrouble, detail: str = "") -> Self:
        """The error for a failure of the database."""
        return cls(trouble.sentence, trouble=trouble, detail=detail)


class Internal(SpecCollabError):
    """An unexpected failure of the server. The log contains it under the requestId that the client receives."""
