"""Refusals: the server's codes as exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from jupyter_speccollab.errors import Internal, SpecCollabError

FINAL: Final = frozenset({4401, 4403, 4404, 4429})
"""Close codes after which trying again changes nothing."""

TAKEN_OVER: Final = 4409

_SENTENCES: Final = {
    "UNAUTHENTICATED": "The server does not know this login. Pass a valid token.",
    "TOKEN_EXPIRED": "The token has expired. Connect again with a fresh one.",
    "FORBIDDEN": "Your role does not allow this in this spec. Ask one of its admins.",
    "SPEC_NOT_FOUND": "There is no such spec, or you may not see it.",
    "TOO_MANY_SESSIONS": "Too many of your sessions are open. Close one of them.",
    "SPEC_FULL": "As many people as it takes are in this spec. Try again later.",
}

_OF_CLOSE_CODES: Final = {
    1009: "OPERATION_TOO_LARGE",
    4401: "UNAUTHENTICATED",
    4403: "FORBIDDEN",
    4404: "SPEC_NOT_FOUND",
    4429: "TOO_MANY_SESSIONS",
}


class Disconnected(SpecCollabError):
    """The client was closed while the server could not be reached, with edits that it had not acknowledged."""

    code = "DISCONNECTED"
    status = 503


def error_of(code: str, message: str = "", **details: Any) -> SpecCollabError:
    """The exception of a code; of one that this version does not know, `Internal` with that code in the message."""
    for kind in _tree(SpecCollabError):
        if kind.code == code:
            return kind(message or _SENTENCES.get(code, f"The server said {code}."), **details)
    return Internal(f"{message or 'The server refused this.'} ({code})", **details)


def closing_error(close_code: int) -> SpecCollabError:
    """The exception of a connection that the server closed for good."""
    return error_of(_OF_CLOSE_CODES.get(close_code, "INTERNAL"))


def _tree(kind: type[SpecCollabError]) -> Iterator[type[SpecCollabError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _tree(child)
