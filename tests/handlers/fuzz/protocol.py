"""The events and error codes of the protocol, and the id of a random operation."""

from __future__ import annotations

import json
import re

CODES = {
    "UNAUTHENTICATED", "TOKEN_EXPIRED", "FORBIDDEN", "SPEC_NOT_FOUND", "REVISION_NOT_FOUND", "NOT_FOUND",
    "VERSION_CONFLICT", "OPERATION_ID_REUSED", "NOT_JOINED", "LAST_OWNER", "INVALID_MESSAGE", "INVALID_OPERATION",
    "INVALID_CONTENT", "OPERATION_TOO_LARGE", "DOCUMENT_TOO_LARGE", "RATE_LIMITED", "TOO_MANY_SESSIONS",
    "SPEC_FULL", "ID_REUSED", "THREAD_NOT_FOUND", "THREAD_CLOSED", "THREAD_LIMIT", "SUGGESTION_STALE",
}  # fmt: skip


EVENTS = {
    "connect", "session_joined", "user_joined", "user_left", "operation_ack", "remote_operation", "remote_cursor",
    "cursor_broadcast", "version_conflict", "sync", "authenticated", "pong", "error",
}  # fmt: skip


UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def usable_id(text: str) -> str | None:
    """The operationId of a frame, if it is an operation with a valid id."""
    try:
        frame = json.loads(text, parse_constant=lambda name: 1 / 0, parse_int=lambda digits: 0)
        operation_id = frame["data"]["operationId"] if frame["event"] == "operation" else None
    except (ValueError, KeyError, TypeError, RecursionError, ZeroDivisionError):
        return None
    return operation_id if isinstance(operation_id, str) and UUID.fullmatch(operation_id) else None
