"""An inquiry: the server's text was asked for, and has not come yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from jupyter_speccollab.client.sync.frame import frame

Wanted = Literal["steps", "content"]
"""The operations since one's own version, or the text as a whole."""

AGAIN_AFTER: Final = 2.0
"""Seconds to wait after an error before asking again."""


class Inquiry:
    """Asks by ``send`` for the server's text, once, and again where the answer may have been an error.

    Errors name no request, so that one which answers something else may lead to a second asking: that costs an
    answer which tells nothing new.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._wanted: Wanted | None = None
        self._again_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._wanted is not None

    def ask(self, wanted: Wanted, version: int) -> None:
        """Ask from ``version`` on, unless as much has been asked for already."""
        if self._wanted in (wanted, "content"):
            return
        self._wanted, self._again_at = wanted, None
        data: dict[str, Any] = {"lastKnownVersion": version}
        self._send(frame("request_sync", data | {"content": True} if wanted == "content" else data))

    def answered(self) -> None:
        """What was asked for is here, or won't come on this connection."""
        self._wanted = self._again_at = None

    def failed(self, now: float) -> None:
        """There was an error."""
        self._again_at = now + AGAIN_AFTER

    def pump(self, version: int, now: float) -> float | None:
        """Ask again if that is due; in how many seconds it will be."""
        if self._wanted is None or self._again_at is None:
            return None
        if now < self._again_at:
            return self._again_at - now
        wanted = self._wanted
        self.answered()
        self.ask(wanted, version)
        return None
