"""Our own servers: one on SQLite, or several on PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from jupyter_speccollab._version import __version__
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.text import Text, from_wire
from tests.backends.redis import RedisServer
from tests.bench import cores
from tests.bench.database import Database
from tests.bench.load import LoadClient, Recorder, Typist
from tests.serving import JupyterServer

NO_LIMITS: Mapping[str, object] = {
    "SpecCollabApp.default_role": "owner",
    "SpecCollabApp.operations_per_minute": 100_000_000,
    "SpecCollabApp.writes_per_minute": 1_000_000,
    "SpecCollabApp.users_per_spec": 10_000,
    "SpecCollabApp.sessions_per_user_in_all": 10_000,
    "SpecCollabApp.document_length": 4_000_000,
}


class Ours:
    """So many servers, on PostgreSQL and Redis if a ``team``; people sit on them in turn, so many on each."""

    durable = True
    keeps = True

    def __init__(self, directory: Path, servers: int = 1, team: bool = False, in_a_row: int = 1) -> None:
        self.name = "ours, PostgreSQL + Redis" if team else "ours, SQLite"
        if servers > 1:
            self.name += f", {servers} servers"
        self._directory = directory
        self._count = servers
        self._in_a_row = in_a_row
        self._backends = Backends() if team else None
        self.servers: list[JupyterServer] = []

    def start(self) -> None:
        environment = self._backends.start() if self._backends else {}
        if not self.servers:
            self.servers = [
                JupyterServer(
                    self._directory / f"server{number}",
                    options=NO_LIMITS,
                    environment=environment,
                    patience=120,
                )
                for number in range(self._count)
            ]
        with cores.on(cores.SERVER):
            for server in self.servers:
                server.launch()
        for server in self.servers:
            server.wait()

    def stop(self) -> None:
        for server in self.servers:
            server.stop()

    def kill(self) -> None:
        for server in self.servers:
            server.kill()

    def close(self) -> None:
        self.stop()
        if self._backends:
            self._backends.close()

    def versions(self) -> Mapping[str, str]:
        stands_on = self._backends.versions() if self._backends else {}
        return {"jupyter_speccollab": __version__, **stands_on}

    def pids(self) -> Sequence[int]:
        return [server.pid for server in self.servers]

    def database_pids(self) -> Sequence[int]:
        return self._backends.pids() if self._backends else []

    def disk_bytes(self) -> int:
        if self._backends:
            return self._backends.disk_bytes()
        return sum(file.stat().st_size for file in self.servers[0].database.parent.glob("specs.sqlite3*"))

    async def new_document(self, text: str) -> str:
        return await self.servers[0].login("user0", "Person 0").new_spec(text)

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        return await self.client(document, number, recorder).connect()

    def client(self, document: str, number: int, recorder: Recorder) -> LoadClient:
        """Somebody who has not connected yet."""
        server = self.servers[number // self._in_a_row % self._count]
        headers = server.headers(f"user{number}", f"Person {number}")
        return LoadClient(recorder, server.port, f"/ws/specs/{document}", headers)

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        text = Text(first)
        steps: dict[int, bytes] = {}
        for watcher in watchers:
            assert isinstance(watcher, LoadClient)
            steps |= dict(watcher.seen)
        for _, components in sorted(steps.items()):
            text = text.apply(from_wire(msgspec.json.decode(components), len(text)))
        return str(text)


class Backends:
    """PostgreSQL with our tables, and Redis."""

    def __init__(self) -> None:
        self._database = Database(_migrate)
        self._redis = RedisServer()

    def start(self) -> Mapping[str, str]:
        """Start them, where they don't run yet; returns what tells a server of them."""
        self._database.start()
        if not self._redis.runs:
            with cores.on(cores.ALL):
                self._redis.start()
        return {"SPECCOLLAB_DATABASE_URL": self._database.url(), "SPECCOLLAB_REDIS_URL": self._redis.url()}

    def close(self) -> None:
        self._database.close()
        self._redis.remove()

    def pids(self) -> Sequence[int]:
        return [self._database.server.pid, self._redis.pid]

    def versions(self) -> Mapping[str, str]:
        redis = self._redis.client().info("server")["redis_version"]
        return {"PostgreSQL": self._database.version(), "Redis": str(redis)}

    def disk_bytes(self) -> int:
        return self._database.size()


async def _migrate(url: str) -> None:
    store = PostgresStore(url)
    try:
        await store.upgrade()
    finally:
        await store.close()
