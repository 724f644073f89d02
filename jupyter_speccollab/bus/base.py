"""The bus: carries news between servers. It may lose news; the database decides what holds.

No method raises while the bus is away: news are lost, and counts are those of this server alone. When it is back,
every subscriber receives `Missed` and a `Roster`. `tests/bus/contract/` is the suite that every implementation
passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from .news import Heard, News

Spent = Sequence[tuple[float, int]]
"""Pairs of an age in seconds and a count."""

WINDOW: Final = 60
"""Seconds for which `Bus.spend` counts."""

VANISH: Final = 25.0
"""Seconds after which the sessions of a server that died are in no roster any more."""


class Bus(Protocol):
    """News of specs, sessions on all servers, and how much users have spent of their limits there."""

    @property
    def is_up(self) -> bool:
        """Whether news reach other servers now."""

    @property
    def is_shared(self) -> bool:
        """Whether there can be other servers."""

    async def open(self) -> None:
        """Connect; returns at once even if the bus is away."""

    async def close(self) -> None:
        """Remove this server's sessions from every roster, tell the other servers, and stop."""

    async def subscribe(self, spec_id: str, receive: Callable[[Heard], None]) -> None:
        """Call ``receive`` with what other servers publish about a spec, in the order of each of them.

        If other servers have sessions of the spec, ``receive`` gets a `Roster` before this returns. It gets all
        news that are published after this has returned, or `Missed`.
        """

    def unsubscribe(self, spec_id: str) -> None:
        """Receive no more news about the spec."""

    def publish(self, spec_id: str, news: News) -> None:
        """Send news to the other servers, without waiting. `Joined`, `Moved` and `Left` also change the roster."""

    # connections and limits of a user, over all servers -----------------------------------------------------

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        """Note that a session of this server has a connection."""

    def disconnected(self, user_id: str, session_id: str) -> None:
        """Note that a session has no connection any more, or stop counting it for another server."""

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        """The specs of the user's connected sessions on other servers, by session id."""

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        """Add each count to the name's total; returns what other servers added to it within the last `WINDOW`.

        A count may be negative, to correct an earlier one, or 0, to only read.
        """
