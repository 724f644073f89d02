"""The bus of one process: for a single server, or shared by several servers in simulations and tests."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .base import WINDOW, Spent
from .news import Attendee, Heard, News, apply_news, roster_of

Receive = Callable[[Heard], None]


@dataclass(eq=False)
class MemoryHub:
    """The state that the buses of one process share."""

    monotonic: Callable[[], float] = time.monotonic
    buses: list[MemoryBus] = field(default_factory=list)
    spent: dict[str, deque[tuple[float, MemoryBus, int]]] = field(default_factory=dict)


class MemoryBus:
    """A bus that loses no news. Without a ``hub`` there are no other servers."""

    def __init__(self, hub: MemoryHub | None = None) -> None:
        self.is_shared = hub is not None
        self.is_up = True
        self._hub = hub or MemoryHub()
        self._subscribers: dict[str, Receive] = {}
        self._here: dict[str, dict[str, Attendee]] = {}
        self._connections: dict[str, dict[str, str]] = {}

    async def open(self) -> None:
        self._hub.buses.append(self)

    async def close(self) -> None:
        if self in self._hub.buses:
            self._hub.buses.remove(self)
        self._subscribers.clear()
        specs = list(self._here)
        self._here.clear()
        for bus in self._hub.buses:
            for spec_id in specs:
                bus.tell_roster(spec_id)

    async def subscribe(self, spec_id: str, receive: Receive) -> None:
        self._subscribers[spec_id] = receive
        self.tell_roster(spec_id)

    def unsubscribe(self, spec_id: str) -> None:
        self._subscribers.pop(spec_id, None)

    def publish(self, spec_id: str, news: News) -> None:
        here = self._here.setdefault(spec_id, {})
        apply_news(here, news)
        if not here:
            del self._here[spec_id]
        for bus in self._hub.buses:
            if bus is not self and spec_id in bus._subscribers:
                asyncio.get_running_loop().call_soon(bus._tell, spec_id, news)

    def tell_roster(self, spec_id: str) -> None:
        """Send the subscriber a roster of the other servers' sessions."""
        others = [bus._here.get(spec_id, {}) for bus in self._hub.buses if bus is not self]
        self._tell(spec_id, roster_of(attendee for here in others for attendee in here.values()))

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        self._connections.setdefault(user_id, {})[session_id] = spec_id

    def disconnected(self, user_id: str, session_id: str) -> None:
        for bus in {self, *self._hub.buses}:
            bus._connections.get(user_id, {}).pop(session_id, None)

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        others = [bus._connections.get(user_id, {}) for bus in self._hub.buses if bus is not self]
        return {session_id: spec_id for found in others for session_id, spec_id in found.items()}

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        now = self._hub.monotonic()
        told = {}
        for name, count in spent.items():
            entries = self._hub.spent.setdefault(name, deque())
            if count:
                entries.append((now, self, count))
            while entries and entries[0][0] + WINDOW <= now:
                entries.popleft()
            told[name] = [(now - at, number) for at, bus, number in entries if bus is not self]
        return told

    def _tell(self, spec_id: str, heard: Heard) -> None:
        if receive := self._subscribers.get(spec_id):
            receive(heard)
