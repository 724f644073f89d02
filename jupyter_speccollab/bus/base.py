"""The bus: carries news between servers. It is never the truth of anything, and may lose what it carries.

Nothing here raises where the bus is away: news are lost, counts are those of this server alone, and when it is back
everybody hears `Missed` and a `Roster`. `tests/bus/contract/` is the suite that every implementation passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from .news import Heard, News

Spent = Sequence[tuple[float, int]]
"""How long ago, in seconds, how many."""

WINDOW: Final = 60
"""Seconds for which `Bus.spend` remembers."""

VANISH: Final = 25.0
"""Seconds within which the sessions of a server that died are gone from every roster."""


class Bus(Protocol):
    """News of specs, who is where, and what users have spent of their limits, over all servers."""

    @property
    def is_up(self) -> bool:
        """Whether news get through now."""

    @property
    def is_shared(self) -> bool:
        """Whether there can be other servers at all."""

    async def open(self) -> None:
        """Begin; returns at once where the bus is away."""

    async def close(self) -> None:
        """Take this server's sessions out of every roster, tell the others, and stop."""

    async def subscribe(self, spec_id: str, hear: Callable[[Heard], None]) -> None:
        """From now on ``hear`` is called with what other servers publish of a spec, in each one's order.

        Before this returns it hears a `Roster`, where there is anybody elsewhere; whatever is published after it
        returned is heard, or `Missed`.
        """

    def unsubscribe(self, spec_id: str) -> None:
        """No more news of this spec."""

    def publish(self, spec_id: str, news: News) -> None:
        """Tell the other servers, soon. `Joined`, `Moved` and `Left` also change the roster."""

    # what a user has, over all servers ----------------------------------------------------------------------

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        """A session of this server has a connection."""

    def disconnected(self, user_id: str, session_id: str) -> None:
        """It has none any more, or, where it is another server's, counts no more there."""

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        """The specs of the user's connected sessions on other servers, by session id."""

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        """Add what was spent under each name; returns what other servers spent under it in the last `WINDOW`.

        A count may be negative, to take some back, or 0, to ask.
        """
