"""Endings: what follows when a connection is lost, by its close code."""

from __future__ import annotations

from typing import Final, Literal

from jupyter_speccollab.client.sync.refusal import error_of
from jupyter_speccollab.errors import SpecCollabError

Ending = Literal["reconnect", "rejoin"] | SpecCollabError
"""``reconnect``: try again later. ``rejoin``: join at once, as a new session. An error: do not try again."""

TAKEN_OVER: Final = 4409
"""The close code of a connection whose session was resumed elsewhere."""

_FINAL: Final = {
    1009: ("OPERATION_TOO_LARGE",),
    4401: ("UNAUTHENTICATED", "TOKEN_EXPIRED"),
    4403: ("FORBIDDEN",),
    4404: ("SPEC_NOT_FOUND",),
    4429: ("TOO_MANY_SESSIONS", "SPEC_FULL"),
}
"""Close codes after which another try would end the same way, and the error codes that each may stand for."""


def ending_of(close_code: int, said: SpecCollabError | None) -> Ending:
    """What a close code means; ``said`` is the last error that the server sent before it closed."""
    if close_code == TAKEN_OVER:
        return "rejoin"
    codes = _FINAL.get(close_code)
    if codes is None:
        return "reconnect"
    return said if said is not None and said.code in codes else error_of(codes[0])
