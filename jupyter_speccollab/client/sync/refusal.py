"""Refusals: the server's codes as exceptions, and what a client does when an operation is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jupyter_speccollab.errors import Internal, SpecCollabError

RATE_RETRY: Final = 1.0
"""Seconds to wait after ``RATE_LIMITED`` if the server names no time."""

STORE_RETRY: Final = 2.0
"""Seconds to wait after ``STORE_UNAVAILABLE`` if the server names no time.

The delays after ``INTERNAL`` are multiples of it: once for the first fault in a row, twice for the second, and
so on.
"""

FAULTS_BORNE: Final = 5
"""How many times an operation is sent again after a fault of the server."""

_SENTENCES: Final = {
    "UNAUTHENTICATED": "The server does not know this login. Pass a valid token.",
    "TOKEN_EXPIRED": "The token has expired. Connect again with a fresh one.",
    "FORBIDDEN": "Your role does not allow this in this spec. Ask one of its admins.",
    "SPEC_NOT_FOUND": "There is no such spec, or you may not see it.",
    "TOO_MANY_SESSIONS": "Too many of your sessions are open. Close one of them.",
    "SPEC_FULL": "The spec has as many users as it takes. Try again later.",
}


class Disconnected(SpecCollabError):
    """The client was closed while the server could not be reached, with edits that it had not acknowledged."""

    code = "DISCONNECTED"
    status = 503


@dataclass(frozen=True, slots=True)
class Slower:
    """Send the operation again after ``delay`` seconds, and nothing else before that."""

    delay: float


@dataclass(frozen=True, slots=True)
class Again:
    """Send the operation again, unchanged, after ``delay`` seconds."""

    delay: float
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """Request the server's text and bring the edits over to it.

    ``committed`` says whether that text contains the operation; ``None`` if nobody knows.
    """

    committed: bool | None


@dataclass(frozen=True, slots=True)
class Split:
    """Split the operation into smaller ones."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Stop sending."""

    error: SpecCollabError


Remedy = Slower | Again | Fetch | Split | Fail
"""What to do about an operation that the server refused."""


def remedy_for(data: Mapping[str, Any], *, is_recovering: bool, faults: int, is_oversized: bool) -> Remedy:
    """The remedy for a refusal.

    ``faults`` counts the server's faults since the last acknowledgement. ``is_oversized`` says whether the
    operation is longer than the server's present limit.
    """
    code = data["code"]
    if code == "RATE_LIMITED":
        return Slower(_retry_after(data, RATE_RETRY))
    if code == "STORE_UNAVAILABLE":
        return Again(_retry_after(data, STORE_RETRY))
    if code == "OPERATION_ID_REUSED" or is_recovering:
        return Fetch(None if code == "OPERATION_ID_REUSED" else False)
    if code == "INTERNAL" and faults < FAULTS_BORNE:
        return Again(STORE_RETRY * (faults + 1), is_fault=True)
    if code == "OPERATION_TOO_LARGE" and is_oversized:
        return Split()
    return Fail(error_of(code, data.get("message", "")))


def _retry_after(data: Mapping[str, Any], default: float) -> float:
    return float(data["retryAfterMs"] / 1000 if data.get("retryAfterMs") is not None else default)


def error_of(code: str, message: str = "", **details: Any) -> SpecCollabError:
    """The exception of a code; for an unknown code an `Internal` that names it in its message."""
    for kind in _tree(SpecCollabError):
        if kind.code == code:
            return kind(message or _SENTENCES.get(code, f"The server said {code}."), **details)
    return Internal(f"{message or 'The server refused this.'} ({code})", **details)


def _tree(kind: type[SpecCollabError]) -> Iterator[type[SpecCollabError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _tree(child)
