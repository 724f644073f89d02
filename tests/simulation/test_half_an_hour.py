"""Half an hour of typing without a pause, in simulated time: the real limiter, the real client, default limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any, Final

import pytest

from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.document.limits import Limits

from .client import Client
from .disk import DiskAccess
from .loop import VirtualLoop
from .patches import stand_ins
from .settings import Settings
from .weather import Weather
from .world import World

SECONDS: Final = 1_800.0
KEY: Final = 0.12
"""Seconds between two keys: a hundred words a minute."""

OFFICE: Final = Weather(latency=0.02, store_time=0.005)
QUIET: Final = replace(
    Settings.of(Random(0)),
    viewers=frozenset(),
    servers=1,
    limits=Limits(),
    window=1_000,
    listed=1_000,
    near=50,
    slice=100,
    backlog=16 * 1024 * 1024,
    thread_time=0.001,
)


class Counting(Exchange):
    """Counts what the server refuses."""

    refusals = 0

    def _refused(self, replica: Replica, data: Mapping[str, Any], now: float) -> None:
        self.refusals += 1
        super()._refused(replica, data, now)


class Heedless(Counting):
    """Sends every edit as soon as the one before has been answered."""

    def _pump_buffer(self, replica: Replica, now: float) -> float | None:
        pacing = self._sending._pacing
        assert pacing is not None
        self._sending._pacing = replace(pacing, turns=2.0, at=now, not_before=now)
        return super()._pump_buffer(replica, now)


@pytest.fixture
def virtual_loop(monkeypatch: pytest.MonkeyPatch) -> VirtualLoop:
    monkeypatch.setattr("tests.simulation.loop.TURNS", 5_000_000)
    return VirtualLoop(lambda: 0.001)


def play(
    loop: VirtualLoop, exchanges: list[type[Exchange]], act: Callable[[World], Any]
) -> tuple[list[Client], dict[Client, list[float]]]:
    """Let somebody with each of these exchanges join; returns them, and when each sent."""
    sent: dict[Client, list[float]] = {}
    rng = Random(1)
    with stand_ins(rng, QUIET) as complaints:
        world = World(loop, rng, QUIET, DiskAccess)

        async def run() -> None:
            await world.begin()
            world.network.weather = OFFICE
            world.on_sent = lambda client: sent.setdefault(client, []).append(loop.time())
            for number, exchange in enumerate(exchanges):
                world.admit(f"user{number}", exchange=exchange)
            await asyncio.sleep(1.0)
            await act(world)
            await asyncio.sleep(130.0)

        # What is shown is compared at the end; to look for marks at every key would take long.
        monkey = pytest.MonkeyPatch()
        monkey.setattr(World, "_shown", lambda *_: None)
        try:
            loop.run_until_complete(run())
        finally:
            monkey.undo()
            loop.finish()
        assert not world.verdict.failures, world.verdict.failures
        assert not complaints.lines, complaints.lines
    return world.clients, sent


async def type_on(client: Client, letter: str, seconds: float = SECONDS) -> int:
    """Type until the time is over; returns how many keys were hit."""
    end = asyncio.get_running_loop().time() + seconds
    keys = 0
    while asyncio.get_running_loop().time() < end:
        client.insert(len(client.text), letter)
        keys += 1
        await asyncio.sleep(KEY)
    return keys


def test_a_typist_meets_no_refusal_and_loses_nothing(
    virtual_loop: VirtualLoop, record_property: Callable[[str, object], None]
) -> None:
    keys: list[int] = []

    async def act(world: World) -> None:
        keys.extend(await asyncio.gather(*(type_on(one, one.name[-1]) for one in world.clients)))

    clients, sent = play(virtual_loop, [Counting, Counting], act)
    waits = [later - before for one in clients for before, later in pairwise(sent[one])]
    record_property(
        "summary",
        f"half an hour of typing: {sum(keys):,} keys in {sum(map(len, sent.values())):,} operations, "
        f"{sum(one.exchange.refusals for one in clients)} refused, "  # type: ignore[attr-defined]
        f"longest wait between two sends {max(waits):.2f} s",
    )
    assert [one.exchange.refusals for one in clients] == [0, 0]  # type: ignore[attr-defined]
    assert max(waits) <= 1.2 + KEY + 0.1
    assert len({one.text for one in clients}) == 1
    assert [clients[0].text.count(str(number)) for number in range(2)] == keys


def test_who_ignores_the_limit_is_refused_singly_and_stays_connected(virtual_loop: VirtualLoop) -> None:
    keys: list[int] = []
    connected: list[bool] = []

    async def act(world: World) -> None:
        heedless, other = world.clients
        both = await asyncio.gather(type_on(heedless, "0", 150.0), type_on(other, "1", 150.0))
        keys.extend(both)
        connected.append(world.trace.counts["connects"] == 2)

    clients, _ = play(virtual_loop, [Heedless, Counting], act)
    assert clients[0].exchange.refusals > 0  # type: ignore[attr-defined]
    assert clients[1].exchange.refusals == 0  # type: ignore[attr-defined]
    assert connected == [True]
    assert [clients[0].text.count(str(number)) for number in range(2)] == keys
