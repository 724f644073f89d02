"""Two servers for a whole module, over the database and the Redis of this run.

They never look by themselves for what others committed: what arrives came by the bus.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.servers.team import Team

NO_POLLING = "from jupyter_speccollab.service.live import documents\ndocuments.POLL = 3600.0\n"


@pytest.fixture(scope="module")
def team(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
    migrated_database: str,
    redis_server: RedisServer,
) -> Iterator[Team]:
    directory: Path = tmp_path_factory.mktemp("team")
    url = postgres_server.url(postgres_server.new_database(migrated_database))
    with Team(directory, url, redis_server.url(), configuration=NO_POLLING) as team:
        yield team
