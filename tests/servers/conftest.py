"""Two servers for a whole module, over the database and the Redis of this run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.servers.team import Team


@pytest.fixture(scope="module")
def team(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
    migrated_database: str,
    redis_server: RedisServer,
) -> Iterator[Team]:
    directory: Path = tmp_path_factory.mktemp("team")
    url = postgres_server.url(postgres_server.new_database(migrated_database))
    with Team(directory, url, redis_server.url()) as team:
        yield team
