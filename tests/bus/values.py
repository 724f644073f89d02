"""News for tests of the bus, and a subscriber that records what it receives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.news import Attendee, Committed, Heard, Joined, Roster, apply_news
from tests.store.values import ADA, an_id, an_operation, moment

SPEC, OTHER = an_id("spec", 1), an_id("spec", 2)
EPOCH = an_id("epoch")


async def eventually(holds: Callable[[], bool], patience: float = 10.0) -> None:
    """Wait until ``holds()`` is true."""
    deadline = asyncio.get_running_loop().time() + patience
    while not holds():
        assert asyncio.get_running_loop().time() < deadline, "the condition did not become true"
        await asyncio.sleep(0.005)


def attendee(number: int) -> Attendee:
    return Attendee(an_id("session", number), ADA, moment(number))


def joined(number: int) -> Joined:
    return Joined(attendee(number))


def committed(version: int) -> Committed:
    return Committed.of(EPOCH, [an_operation(version)])


class Ear:
    """A subscriber that records the news of a spec; `Joined`, which a bus may repeat, is recorded once."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._there: dict[str, Attendee] = {}

    def __call__(self, heard: Heard) -> None:
        if isinstance(heard, Joined) and heard.attendee in self._there.values():
            return
        if not isinstance(heard, Roster):
            apply_news(self._there, heard)
        self.heard.append(heard)

    @classmethod
    async def at(cls, bus: Bus, spec_id: str = SPEC) -> Ear:
        ear = cls()
        await bus.subscribe(spec_id, ear)
        return ear

    @property
    def news(self) -> list[Heard]:
        """What was received, without rosters."""
        return [heard for heard in self.heard if not isinstance(heard, Roster)]

    @property
    def roster(self) -> list[str] | None:
        """The sessions of the last roster."""
        rosters = [heard for heard in self.heard if isinstance(heard, Roster)]
        return [one.session_id for one in rosters[-1].attendees] if rosters else None

    @property
    def colors(self) -> list[str] | None:
        """The colors of the sessions of the last roster."""
        rosters = [heard for heard in self.heard if isinstance(heard, Roster)]
        return [one.color for one in rosters[-1].attendees] if rosters else None

    async def hears(self, *news: Heard) -> None:
        """Wait for these news; fail if others have been received since the last call."""
        await eventually(lambda: len(self.news) >= len(news))
        assert self.news == list(news)
        self.heard.clear()
