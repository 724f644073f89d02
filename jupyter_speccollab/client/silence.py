"""Silence: how long a client has waited for the server in vain."""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 15.0
"""Seconds without an answer of the server after which closing gives up."""


class Silence:
    """The time since which the server has left a client without an answer. It decides when `close` gives up.

    Time counts while no connection is open, and while the answer to an edit is missing. It does not count while
    the client itself holds edits back because of its rate. ``STORE_UNAVAILABLE`` and ``INTERNAL`` are no answers
    to an edit: nobody knows when the server can take it.

    A join counts as an answer only if an edit was answered since the join before, so that a server that accepts
    each connection and then drops it is given up too. Times are seconds of one monotonic clock.

    Law (``test_leaving.py``): a client whose edits are answered is never silent for longer than an answer takes.
    """

    def __init__(self) -> None:
        self.since: float | None = None
        """When the silence began; ``None`` if the client waits for no answer."""
        self._is_join_answer = True

    def begin(self, now: float) -> None:
        """The client waits for the server; nothing changes if it did so before."""
        if self.since is None:
            self.since = now

    def joined(self, now: float) -> None:
        """The server answered a join."""
        if self._is_join_answer and self.since is not None:
            self.since = now
        self._is_join_answer = False

    def end(self) -> None:
        """The client waits for no answer."""
        self.since = None
        self._is_join_answer = True
