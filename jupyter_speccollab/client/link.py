"""The link: decides when a connection is opened, given up and opened again. No sockets, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from jupyter_speccollab.client.endings import ending_of
from jupyter_speccollab.client.reconnect import Countdown
from jupyter_speccollab.errors import SpecCollabError

JOIN_WITHIN: Final = 30.0
"""Seconds within which a connection must be open; once it is, seconds within which the join must be answered."""

HELD_AFTER: Final = 5.0
"""Seconds that a session must have been joined for the next loss to count as the first."""

GIVEN_UP: Final = 1006
"""The close code of a connection that this side gave up, or that broke."""


class LinkListener(Protocol):
    """Does what a link decides."""

    def open(self) -> None:
        """Open a connection."""

    def join(self) -> None:
        """Join the session on the connection that has just been opened."""

    def give_up(self) -> None:
        """Drop the connection, or stop opening it."""

    def end(self, error: SpecCollabError) -> None:
        """No connection will be opened any more."""


class Link:
    """Tells its listener when to open, join and give up. ``chance`` returns random numbers in [0, 1).

    Only time since the session was joined counts as held: a server that takes long to fail is tried less and
    less often, like one that fails at once. Times are seconds of one monotonic clock. Follows the TypeScript
    client's `Link`; both play the scripts of ``test_vectors.py``.
    """

    def __init__(self, listener: LinkListener, chance: Callable[[], float]) -> None:
        self._listener = listener
        self._chance = chance
        self._countdown = Countdown()
        self._deadline: float | None = None
        self._held_since: float | None = None

    def start(self, now: float) -> None:
        """Open the first connection."""
        self._open(now)

    def opened(self, now: float) -> None:
        """The connection is open."""
        self._deadline = now + JOIN_WITHIN
        self._listener.join()

    def joined(self, now: float) -> None:
        """The server answered the join."""
        self._deadline = None
        if self._held_since is None:
            self._held_since = now

    def lost(self, close_code: int, said: SpecCollabError | None, now: float) -> None:
        """The connection was closed, or could not be opened; ``said`` is the last error that the server sent."""
        ending = ending_of(close_code, said)
        self._drop(now)
        if ending == "reconnect":
            self._countdown.start(self._chance(), now)
        elif ending == "rejoin":
            self._open(now)
        else:
            self._listener.end(ending)

    def abandon(self, now: float) -> None:
        """Give the connection up as if the network had failed."""
        self.lost(GIVEN_UP, None, now)
        self._listener.give_up()

    def close(self) -> None:
        """Open nothing any more."""
        self._countdown.stop()
        self._deadline = self._held_since = None

    def pump(self, now: float) -> float | None:
        """Do what is due; returns the seconds until something else will be, ``None`` if nothing will."""
        if self._countdown.due is not None and now >= self._countdown.due:
            self._open(now)
        elif self._deadline is not None and now >= self._deadline:
            self.abandon(now)
        due = self._countdown.due if self._countdown.due is not None else self._deadline
        return None if due is None else due - now

    def _open(self, now: float) -> None:
        self._countdown.stop()
        self._deadline = now + JOIN_WITHIN
        self._listener.open()

    def _drop(self, now: float) -> None:
        if self._held_since is not None and now - self._held_since >= HELD_AFTER:
            self._countdown.reset()
        self.close()
