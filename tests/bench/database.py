"""PostgreSQL for the bench: it waits for its disk, and runs on any core."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.backends.postgres import PostgresServer
from tests.bench import cores


class Database:
    """One empty database on a server of its own, made with the first `start`; ``prepare`` gets its address."""

    def __init__(self, prepare: Callable[[str], Awaitable[None]]) -> None:
        self._prepare = prepare
        self._server: PostgresServer | None = None
        self._name = ""

    def start(self) -> None:
        """Start it, unless it runs."""
        if self._server is None:
            with cores.on(cores.ALL):
                self._server = PostgresServer(fsync=True).start()
            self._name = self._server.new_database()
            with asyncio.Runner() as runner:
                runner.run(self._await_prepared())

    def close(self) -> None:
        if self._server is not None:
            self._server.remove()
            self._server = None

    @property
    def server(self) -> PostgresServer:
        assert self._server is not None, "it does not run"
        return self._server

    def url(self) -> str:
        return self.server.url(self._name)

    def version(self) -> str:
        return str(self.server.sql("SHOW server_version")).split()[0]

    def size(self) -> int:
        """In bytes, of the database: tables, indexes, rows that are dead."""
        return int(self.server.sql(f"SELECT pg_database_size('{self._name}')"))

    async def _await_prepared(self) -> None:
        await self._prepare(self.url())
