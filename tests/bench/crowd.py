"""People who type together, and what is measured meanwhile."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Sequence

from tests.bench.cores import cpu_seconds, server_core_seconds
from tests.bench.figures import Phase
from tests.bench.load import FIRST_LENGTH, Recorder, Typist
from tests.bench.system import System

PATIENCE = 20.0
"""Seconds that a server which does not keep up is given to deliver what it has, after the last edit."""


class Crowd:
    """Typists in documents of one system; those of one document follow each other in ``groups``."""

    def __init__(self, system: System, recorder: Recorder, groups: Sequence[Sequence[Typist]]) -> None:
        self.system = system
        self.recorder = recorder
        self.groups = groups
        self.clients = [group[place] for place in range(len(groups[0])) for group in groups]
        """In the order in which they type: one of each document, then the next of each."""

    @classmethod
    async def join(
        cls, system: System, documents: Sequence[str], people: int, reach: int = FIRST_LENGTH
    ) -> Crowd:
        """So many people join each document; two of each see, together, everything, and keep it."""
        recorder = Recorder()
        groups = []
        for number, document in enumerate(documents):
            group = [
                await system.join(document, number * people + place, recorder) for place in range(people)
            ]
            for place, client in enumerate(group):
                client.keep, client.reach = place < 2, reach
            groups.append(group)
        return cls(system, recorder, groups)

    def close(self) -> None:
        for client in self.clients:
            client.close()

    # loads ------------------------------------------------------------------------------------------------

    async def closed_loop(self, seconds: float) -> None:
        """Each sends the next edit when it has the acknowledgement of the last."""
        end = time.perf_counter() + seconds

        def go_on(client: Typist) -> Callable[[], None]:
            return lambda: client.edit(now) if (now := time.perf_counter()) < end else None

        for client in self.clients:
            client.idle = go_on(client)
            client.edit(time.perf_counter())
        await asyncio.sleep(seconds)
        await self.settle()

    async def paced(self, seconds: float, rate: float) -> None:
        """All together ``rate`` edits a second, evenly."""
        for client in self.clients:
            client.idle = _rest
        start = time.perf_counter()
        for number in range(int(seconds * rate)):
            due = start + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            elif number % 50 == 0:
                await asyncio.sleep(0)
            self.clients[number % len(self.clients)].edit(due)
        await self.settle()

    async def counted(self, count: int) -> None:
        """Each sends so many, the next with the acknowledgement of the last; nobody waits for the others'."""
        for client in self.clients:
            client.idle = _rest
            for _ in range(count):
                client.edit(time.perf_counter())
        deadline = time.perf_counter() + 3 * PATIENCE
        while any(client.pending() for client in self.clients):
            assert time.perf_counter() < deadline, "not everything is acknowledged"
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Until everybody has every edit, or patience ends."""
        deadline = time.perf_counter() + PATIENCE
        while not self.settled():
            if time.perf_counter() > deadline:
                return
            await asyncio.sleep(0.002)

    def settled(self) -> bool:
        """Whether everybody has every edit of the crowd's; somebody else may edit too."""
        return not any(client.pending() for client in self.clients) and self.heard() >= self.expected()

    def heard(self) -> int:
        """Edits of others that have come, over all clients."""
        return sum(client.heard for client in self.clients)

    def expected(self) -> int:
        """What `heard` comes to in the end."""
        return sum(
            sum(other.sent for other in group) - client.sent for group in self.groups for client in group
        )

    # measuring --------------------------------------------------------------------------------------------

    async def measure(self, name: str, load: Callable[[], Awaitable[None]]) -> Phase:
        """Run a load and look at the clocks."""
        recorder, sent, heard = self.recorder, self._sent(), self.heard()
        recorder.due, recorder.to_ack, recorder.to_others = {}, [], []
        gc.collect()
        gc.disable()
        servers, databases = self.system.pids(), self.system.database_pids()
        cpu, database_cpu, core = cpu_seconds(servers), cpu_seconds(databases), server_core_seconds()
        start, own = time.perf_counter(), time.process_time()
        try:
            await load()
        finally:
            gc.enable()
        seconds, own = time.perf_counter() - start, time.process_time() - own
        operations = self._sent() - sent
        receivers = len(self.groups[0]) - 1
        cpu, database_cpu = cpu_seconds(servers) - cpu, cpu_seconds(databases) - database_cpu
        core = server_core_seconds() - core
        return Phase(
            name,
            operations,
            (self.heard() - heard) // receivers if receivers else operations,
            seconds,
            recorder.to_ack,
            recorder.to_others,
            cpu,
            database_cpu,
            own,
            max(0.0, core - cpu) / seconds,
        )

    def _sent(self) -> int:
        return sum(client.sent for client in self.clients)


def _rest() -> None:
    """Nothing follows an acknowledgement."""
