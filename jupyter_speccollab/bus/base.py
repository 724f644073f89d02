"""The bus: carries news between servers. It may lose news; the database is authoritative.

No method raises while the bus is unreachable. News are then lost, and counts are those of this server alone. When
the bus is reachable again, every subscriber receives `Missed` and a `Roster`. Every implementation passes the tests
in `tests/bus/contract/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from .news import Heard, News

Spent = Sequence[tuple[float, int]]
"""Pairs of an age in seconds and a count."""

WINDOW: Final = 60
"""Length in seconds of the window over which `Bus.spend` counts."""

VANISH: Final = 25.0
"""Seconds after which no roster holds the sessions of a server that died."""


class Bus(Protocol):
    """News of specs, the sessions on all servers, and how much of their limits users have spent."""

    @property
    def is_up(self) -> bool:
        """Whether news reach other servers now."""

    @property
    def is_shared(self) -> bool:
        """Whether there can be other servers."""

    async def open(self) -> None:
        """Connect; returns at once even if the bus is unreachable."""

    async def close(self) -> None:
        """Remove this server's sessions from every roster, tell the other servers, and stop."""

    async def subscribe(self, spec_id: str, receive: Callable[[Heard], None]) -> None:
        """Call ``receive`` with the news of other servers about a spec. News of one server arrive in order.

        If other servers have sessions of the spec, ``receive`` gets a `Roster` before this method returns.
        Afterwards it gets all news, or `Missed` if some were lost.
        """

    def unsubscribe(self, spec_id: str) -> None:
        """Receive no more news about the spec."""

    def publish(self, spec_id: str, news: News) -> None:
        """Send news to the other servers, without waiting. `Joined`, `Moved` and `Left` also change the roster."""

    # connections and limits of a user, over all servers -----------------------------------------------------

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        """Note that a session of this server has a connection."""

    def disconnected(self, user_id: str, session_id: str) -> None:
        """Note that a session has no connection any more, on this server or on another."""

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        """The specs of the user's connected sessions on other servers, by session id."""

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        """Add each count to the total of its name; returns what other servers have added within the last `WINDOW`.

        A count may be negative, to correct an earlier one, or 0, to read without adding.
        """
