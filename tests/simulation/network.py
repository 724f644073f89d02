"""The network: carries things from one end to the other, in order per connection, late or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from random import Random
from typing import Any, Final

from .loop import VirtualLoop
from .weather import Weather

APART: Final = 1e-6
"""Seconds between two arrivals on one wire, so that they never change places."""

STALLS: Final = 3.0
"""Mean seconds of a stall."""


class Network:
    """Times and chances of everything that travels; they change with ``weather``.

    What it delivers runs in a context of its own: a process that is killed does not take back what it had sent.
    """

    def __init__(self, loop: VirtualLoop, rng: Random, weather: Weather) -> None:
        self.loop = loop
        self.rng = rng
        self.weather = weather
        self._context: Context = copy_context()

    def delay(self) -> float:
        """Seconds that the next thing travels."""
        held_up = self.rng.expovariate(1 / STALLS) if self.happens(self.weather.stall) else 0.0
        return self.weather.latency * self.rng.uniform(0.3, 2.0) + held_up

    def happens(self, chance: float) -> bool:
        """Whether something of this chance comes to pass."""
        return chance > 0 and self.rng.random() < chance

    def later(self, seconds: float, act: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Do something in a while, whoever has died by then."""
        return self.loop.call_later(seconds, act, *args, context=self._context)

    def at(self, when: float, act: Callable[..., object], *args: Any) -> asyncio.TimerHandle:
        """Do something at a time of the loop."""
        return self.loop.call_at(when, act, *args, context=self._context)


class Wire:
    """One direction of a connection. Law: what arrives is a beginning of what was sent, in that order."""

    def __init__(self, network: Network, arrived: Callable[[Any], object]) -> None:
        self.is_cut = False
        self._network = network
        self._arrived = arrived
        self._last = 0.0

    def send(self, thing: Any, delivered: Callable[[], object] | None = None) -> None:
        """Send; ``delivered`` is called on arrival, if there is one."""
        network = self._network
        self._last = max(self._last + APART, network.loop.time() + network.delay())
        network.at(self._last, self._arrive, thing, delivered)

    def cut(self) -> None:
        """Nothing arrives any more, not even what is under way."""
        self.is_cut = True

    def _arrive(self, thing: Any, delivered: Callable[[], object] | None) -> None:
        if self.is_cut:
            return
        if delivered is not None:
            delivered()
        self._arrived(thing)
