"""An inquiry: a request for the server's text that has not been answered yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from jupyter_speccollab.client.sync.frame import frame

Wanted = Literal["steps", "content"]
"""The operations since the client's version, or the text as a whole."""

ANSWER_WITHIN: Final = 30.0
"""Seconds within which a request must be answered. After that the connection is given up."""

AGAIN_AFTER: Final = 2.0
"""Seconds to wait after a useless answer before the request is sent again."""


class Inquiry:
    """Requests the server's text with ``send``, and repeats the request when the answer is an error.

    ``stalled`` is called when a request has not been answered in time. An ``error`` event does not say which
    request it answers. If it answers another one, the text is requested once more than necessary, and the
    second answer changes nothing. All times are seconds of one monotonic clock.
    """

    def __init__(self, send: Callable[[bytes], None], stalled: Callable[[], None]) -> None:
        self._send = send
        self._stalled = stalled
        self._wanted: Wanted | None = None
        self._again_at: float | None = None
        self._deadline: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still missing."""
        return self._wanted is not None

    def ask(self, wanted: Wanted, version: int, now: float) -> None:
        """Request the text from ``version`` on, unless an open request covers that."""
        if self._wanted in (wanted, "content"):
            return
        self._request(wanted, version, now)

    def ask_later(self, wanted: Wanted, now: float) -> None:
        """Send a request a little later, because the server cannot give what is ``wanted`` yet."""
        self._wanted, self._again_at, self._deadline = wanted, now + AGAIN_AFTER, None

    def failed(self, now: float) -> None:
        """The server sent an error, which may be the answer to the open request."""
        if self._wanted is not None:
            self.ask_later(self._wanted, now)

    def answered(self, with_content: bool) -> None:
        """An answer came. One without content leaves a request for the content open."""
        if with_content or self._wanted == "steps":
            self.settled()

    def settled(self) -> None:
        """No answer is expected any more."""
        self._wanted = self._again_at = self._deadline = None

    def pump(self, version: int, now: float) -> float | None:
        """Do what is due; returns the seconds until something else will be, ``None`` if nothing will."""
        if self._wanted is not None and self._again_at is not None and now >= self._again_at:
            self._request(self._wanted, version, now)
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            self._stalled()
        due = self._again_at if self._again_at is not None else self._deadline
        return None if due is None else due - now

    def _request(self, wanted: Wanted, version: int, now: float) -> None:
        self._wanted, self._again_at, self._deadline = wanted, None, now + ANSWER_WITHIN
        data: dict[str, Any] = {"lastKnownVersion": version}
        self._send(frame("request_sync", data | {"content": True} if wanted == "content" else data))
