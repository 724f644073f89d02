"""The data of the events that the server sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Raw

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.text import to_sent


def remote_operation(committed: CommittedOperation) -> dict[str, Any]:
    """Data of ``remote_operation``; also an entry of ``operations`` and of ``conflictingOperations``.

    That of an accepted suggestion also names who suggested it, and its thread.
    """
    return {
        "operationId": committed.operation_id,
        "userId": committed.user_id,
        "userName": committed.user_name,
        "sessionId": committed.session_id,
        "version": committed.version,
        "operations": to_sent(committed.components),
        "timestamp": iso(committed.timestamp),
        **({} if committed.thread_id is None else _suggestion(committed)),
    }


def _suggestion(committed: CommittedOperation) -> dict[str, Any]:
    return {
        "authorId": committed.author_id,
        "authorName": committed.author_name,
        "threadId": committed.thread_id,
    }


def threads_changed(
    threads_version: int, version: int, threads: Sequence[Raw] = (), deleted: Sequence[str] = ()
) -> dict[str, Any]:
    """Data of ``threads_changed``. ``threads`` are encoded, with their anchors in the text of ``version``.

    With neither ``threads`` nor ``deleted`` it only says that there was a change: one that is too long to be told
    to everybody, or that a later one of the same thread has overtaken. A client asks what it was, as after a gap.
    """
    return {
        "threadsVersion": threads_version,
        "version": version,
        "threads": list(threads),
        "deleted": list(deleted),
    }


def acknowledged(operation_id: str, version: int, remaining: int, reset_seconds: float) -> dict[str, Any]:
    """Data of an ``operation_ack`` for an operation that is durably committed."""
    return {
        "operationId": operation_id,
        "version": version,
        "success": True,
        "rateLimit": {"remaining": remaining, "resetMs": round(reset_seconds * 1000)},
    }


def refused(operation_id: str, error: SpecCollabError, current_version: int) -> dict[str, Any]:
    """Data of an ``operation_ack`` for an operation that was refused."""
    return {
        "operationId": operation_id,
        "success": False,
        "code": error.code,
        "message": error.message,
        "currentVersion": current_version,
        **error.details,
    }


def version_conflict(operation_id: str, expected: int, current: int, since: Sequence[Raw]) -> dict[str, Any]:
    """Data of ``version_conflict``. ``since`` are the operations since ``expected``, encoded."""
    return {
        "operationId": operation_id,
        "expectedVersion": expected,
        "currentVersion": current,
        "conflictingOperations": list(since),
    }


def remote_cursor(user: User, session_id: str, cursor: Cursor | None, version: int) -> dict[str, Any]:
    """Data of ``remote_cursor`` and of ``cursor_broadcast``, its other name, without a draft."""
    return {
        "userId": user.user_id,
        "userName": user.shown,
        "sessionId": session_id,
        "cursor": None if cursor is None else cursor.to_wire(),
        "version": version,
    }


def spec_changed(entry: Mapping[str, str], modified_at: datetime) -> dict[str, Any]:
    """Data of ``spec_changed``: title, description, type and status of the ``entry``."""
    return {**entry, "lastModified": iso(modified_at)}


def error(failure: SpecCollabError, request_id: str) -> dict[str, Any]:
    """Data of ``error``."""
    return {"code": failure.code, "message": failure.message, **failure.details, "requestId": request_id}
