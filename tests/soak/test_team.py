"""Servers, PostgreSQL and Redis fail at random while users write: no acknowledged operation is lost or doubled."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from jupyter_speccollab.store.postgres import PostgresStore
from tests.backends.postgres import PostgresServer
from tests.backends.proxy import Proxy
from tests.backends.redis import RedisServer
from tests.servers.team import Team, settled, until_acknowledged
from tests.soak.kill import Log

SECONDS = float(os.environ.get("SPECCOLLAB_SOAK_SECONDS", "120"))
SEED = int(os.environ.get("SPECCOLLAB_SEED", "1"))

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]


@pytest.mark.parametrize("servers", [2, 4])
async def test_nothing_is_lost_whatever_dies(
    tmp_path: Path, servers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    postgres, redis = PostgresServer(), RedisServer()
    await asyncio.to_thread(postgres.start)
    await asyncio.to_thread(redis.start)
    database = await asyncio.to_thread(postgres.new_database)
    store = PostgresStore(postgres.url(database))
    await store.upgrade()
    await store.close()
    to_postgres, to_redis = await Proxy(postgres.port).start(), await Proxy(redis.port).start()
    team = Team(
        tmp_path,
        postgres.url(database, to_postgres.port),
        redis.url(to_redis.port),
        servers,
        direct_url=postgres.url(database),
    )
    try:
        await asyncio.to_thread(team.__enter__)
        told = await _run(team, postgres, redis, to_postgres, to_redis)
        with capsys.disabled():
            print(f"\n{servers} servers: {told}")
    finally:
        await asyncio.to_thread(team.__exit__, None, None, None)
        await to_postgres.close()
        await to_redis.close()
        postgres.remove()
        redis.remove()


async def _run(
    team: Team, postgres: PostgresServer, redis: RedisServer, to_postgres: Proxy, to_redis: Proxy
) -> str:
    chance = random.Random(SEED)
    reader = team.login(0, "reader")
    spec_id = await reader.new_spec("." * 2_000)
    log = Log(team.store, spec_id)
    crowd = await team.crowd(spec_id, people=2, seed=SEED)

    async def kill_a_server() -> None:
        server = chance.choice(team.servers)
        server.kill()
        await asyncio.to_thread(server.start)

    async def restart_postgres() -> None:
        await asyncio.to_thread(chance.choice([postgres.stop, postgres.kill]))
        await asyncio.sleep(chance.random())
        await asyncio.to_thread(postgres.start)

    async def restart_redis() -> None:
        redis.kill()
        await asyncio.sleep(chance.random())
        await asyncio.to_thread(redis.start)

    async def empty_redis() -> None:
        await asyncio.to_thread(redis.command, "FLUSHALL")

    async def cut() -> None:
        chance.choice([to_postgres, to_redis]).cut()

    async def stall() -> None:
        proxy = chance.choice([to_postgres, to_redis])
        proxy.stall()
        await asyncio.sleep(chance.random() * 4)
        proxy.stall(False)

    async def lose_a_commit() -> None:
        setattr(to_postgres, chance.choice(["lose", "lose_answer_to"]), b'"fingerprint"')

    accidents: list[Callable[[], Awaitable[None]]] = [
        *[kill_a_server, restart_postgres, restart_redis, empty_redis, stall],
        *[cut, lose_a_commit, lose_a_commit],
    ]
    begun, happened, longest = time.monotonic(), 0, 0.0
    while time.monotonic() - begun < SECONDS:
        await chance.choice(accidents)()
        happened += 1
        waited = time.monotonic()
        await until_acknowledged(crowd, chance.randrange(1, 200), patience=90)
        longest = max(longest, time.monotonic() - waited)
    figures = await settled(crowd, log, reader)
    return f"seed {SEED}, {happened} accidents, longest pause {longest:.1f} s; {figures}"
