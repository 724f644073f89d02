"""Several servers that share a database and a Redis server."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.store.postgres import PostgresStore
from tests.handlers.logins import Login
from tests.serving import JupyterServer
from tests.soak.kill import Figures, Flooder, Log, Writer, agree, count

OPTIONS: Mapping[str, object] = {
    "SpecCollabApp.default_role": "owner",
    "SpecCollabApp.operations_per_minute": 1_000_000,
    "SpecCollabApp.max_stale_versions": 1_000_000,  # `Flooder` can't transform its operations
}


class Team:
    """``count`` servers with one database and one Redis server; ``options`` are traits of each.

    With ``lab`` each server has JupyterLab. ``direct_url`` is the address of the database without the proxy that
    ``database_url`` may contain. ``configuration`` is Python that each runs at its start.
    """

    def __init__(
        self,
        directory: Path,
        database_url: str,
        redis_url: str,
        count: int = 2,
        options: Mapping[str, object] | None = None,
        direct_url: str = "",
        *,
        lab: bool = False,
        configuration: str = "",
    ) -> None:
        self._direct_url = direct_url or database_url
        prefix = {"SpecCollabApp.redis_prefix": f"test-{uuid4()}:"}
        self.servers = [
            JupyterServer(
                directory / f"server{number}",
                lab=lab,
                options={**OPTIONS, **prefix, **(options or {})},
                environment={"SPECCOLLAB_DATABASE_URL": database_url, "SPECCOLLAB_REDIS_URL": redis_url},
                configuration=configuration,
            )
            for number in range(count)
        ]

    def __enter__(self) -> Self:
        for server in self.servers:
            server.launch()
        for server in self.servers:
            server.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self.servers:
            server.stop()

    def login(self, number: int, name: str) -> Login:
        """A user of one of the servers."""
        return self.servers[number].login(name, name.capitalize())

    def store(self) -> PostgresStore:
        """The store of all servers."""
        return PostgresStore(self._direct_url)

    async def writer(self, number: int, name: str, spec_id: str, seed: float) -> Writer:
        """A `Writer` on one of the servers."""
        server = self.servers[number]
        spec = SpecClient(server.url, spec=spec_id, headers=server.headers(name, name.upper()), patience=60)
        return Writer(name, await spec.connect(), random.Random(seed))

    async def crowd(self, spec_id: str, people: int, seed: int) -> list[Writer | Flooder]:
        """``people`` writers and a program on each server."""
        chance = random.Random(seed)
        crowd: list[Writer | Flooder] = []
        for number in range(len(self.servers)):
            names = [f"{chr(ord('a') + number)}{chr(ord('a') + person)}" for person in range(people)]
            crowd += [await self.writer(number, name, spec_id, chance.random()) for name in names]
            crowd.append(Flooder(f"p{number}", self.login(number, f"program{number}"), spec_id))
        return crowd


async def until_acknowledged(crowd: Sequence[Writer | Flooder], more: int, patience: float = 60) -> None:
    """Wait until ``more`` operations have been acknowledged."""
    before = [len(writer.acknowledged) for writer in crowd]
    deadline = asyncio.get_running_loop().time() + patience
    while sum(len(writer.acknowledged) for writer in crowd) < sum(before) + more:
        now = [len(writer.acknowledged) for writer in crowd]
        assert asyncio.get_running_loop().time() < deadline, f"acknowledged: {before}, then {now}"
        await asyncio.sleep(0.01)


async def settled(crowd: Sequence[Writer | Flooder], log: Log, reader: Login) -> Figures:
    """Stop the crowd, and check that nothing was lost or doubled, and that all have the same text."""
    await asyncio.gather(*(writer.stop() for writer in crowd))
    await log.check(reader)
    writers = [writer for writer in crowd if isinstance(writer, Writer)]
    await agree(writers, log)
    figures = Figures(0)
    count(crowd, log, figures)
    figures.committed = len(log.versions)
    assert (figures.lost, figures.doubled) == (0, 0), str(figures)
    for writer in writers:
        await writer.spec.close()
    return figures
