"""A run: one seed, from its settings to its verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from jupyter_speccollab.client.sync.exchange import Exchange

from .checks import check_emptiness, check_end
from .disk import DiskAccess
from .loop import VirtualLoop
from .patches import Complaints, stand_ins
from .scenario import Scenario
from .server import StoreOf
from .settings import Settings
from .trace import Trace
from .world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. ``counts`` are those of its trace."""

    seed: int
    settings: Settings
    failures: tuple[str, ...]
    counts: Counter[str]
    trace: Trace

    def __str__(self) -> str:
        failures = "\n".join(["Failed:", *(f"  - {failure}" for failure in self.failures)])
        return (
            f"Simulation of seed {self.seed}\n{self.settings}\n{self.trace}\n\n"
            f"{failures if self.failures else 'All held.'}\n"
            f"Replay it:  python -m tests.simulation --seed {self.seed}\n"
        )


def simulate(seed: int, exchange: type[Exchange] = Exchange, store_of: StoreOf = DiskAccess) -> Outcome:
    """Run a seed. ``exchange`` is that of the first client, ``store_of`` every server's way to the disk.

    Law (``test_simulation.py``): a seed has one outcome, on every machine.
    """
    rng = Random(seed)
    settings = Settings.of(rng)
    loop = VirtualLoop(lambda: rng.random() * settings.thread_time)
    with stand_ins(rng, settings) as complaints:
        world = World(loop, rng, settings, store_of)
        try:
            loop.run_until_complete(_play(world, Scenario(world, exchange), complaints))
        except Exception as error:
            world.verdict.require(False, f"the simulation itself failed: {error!r}")
        finally:
            loop.finish()
    return Outcome(seed, settings, tuple(world.verdict.failures), world.trace.counts, world.trace)


async def _play(world: World, scenario: Scenario, complaints: Complaints) -> None:
    await scenario.play()
    check_end(world)
    if world.settings.to_the_end and not world.verdict.failures:
        await scenario.all_leave()
        check_emptiness(world)
    for fault in (*world.loop.faults, *world.loop.unseen(), *complaints.lines):
        world.verdict.require(False, fault)
