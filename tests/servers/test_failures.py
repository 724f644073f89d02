"""Servers, PostgreSQL and Redis fail and recover while users write on two servers."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.postgres import PostgresServer
from tests.backends.proxy import Proxy
from tests.backends.redis import RedisServer
from tests.handlers.logins import Socket, insert
from tests.servers.team import Team, settled, until_acknowledged
from tests.soak.kill import Flooder, Log, Writer

COMMIT = b'"fingerprint"'
"""Bytes that only the SQL of a commit contains."""


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis server for one test."""
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.remove()


async def until_heard(socket: Socket, version: int) -> None:
    while (await socket.until("remote_operation"))["version"] < version:
        pass


async def test_without_redis_edits_still_reach_everybody_and_all_comes_back(
    tmp_path: Path, postgres_url: str, redis: RedisServer
) -> None:
    with Team(tmp_path, postgres_url, redis.url()) as team:
        ada, bob = team.login(0, "ada"), team.login(1, "bob")
        spec_id = await ada.new_spec("text")
        one, other = await ada.joined(spec_id), await bob.joined(spec_id)
        redis.kill()
        for mine, theirs in ((one, other), (other, one)):
            ack = await mine.commits(insert(0, "x"))
            await until_heard(theirs, ack["version"])
            theirs.version = ack["version"]
        cleo = await team.login(1, "cleo").joined(spec_id)  # a join does not need Redis
        await asyncio.to_thread(redis.start)
        while (await one.until("user_joined"))["userName"] != "Cleo":
            pass  # the join is announced when Redis is back; earlier joins may be announced again
        by_bus = False
        while not by_bus:  # the first may still arrive by polling the database, each second
            ack = await one.commits(insert(0, "y"))
            started = time.monotonic()
            await until_heard(other, ack["version"])
            by_bus = time.monotonic() - started < 0.5
        for socket in (one, other, cleo):
            socket.close()


async def test_the_people_of_a_killed_server_vanish_within_half_a_minute(
    tmp_path: Path, postgres_url: str, redis: RedisServer
) -> None:
    with Team(tmp_path, postgres_url, redis.url()) as team:
        ada, bob = team.login(0, "ada"), team.login(1, "bob")
        spec_id = await ada.new_spec("text")
        one = await ada.joined(spec_id)
        other = await bob.joined(spec_id)
        await one.until("user_joined")
        await other.commits(insert(0, "last words "))
        team.servers[1].kill()
        started = time.monotonic()
        while True:
            try:
                left = await one.until("user_left")
                break
            except TimeoutError:  # a test waits 20 s for an event
                assert time.monotonic() - started < 30
        assert time.monotonic() - started < 30
        assert [user["userName"] for user in left["activeUsers"]] == ["Ada"]
        content = (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"]
        assert content == "last words text"
        # the session continues here
        again = await team.login(0, "bob").joined(spec_id, sessionId=other.welcome["sessionId"])
        assert (await again.commits(insert(0, "more ")))["success"]
        one.close()
        again.close()


async def test_while_postgresql_is_away_nothing_is_acknowledged_and_nothing_lost(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer, redis: RedisServer
) -> None:
    with Team(tmp_path, postgres_url, redis.url()) as team:
        reader = team.login(0, "reader")
        spec_id = await reader.new_spec("." * 2_000)
        log = Log(team.store, spec_id)
        crowd: list[Writer | Flooder] = [
            await team.writer(number, name, spec_id, number) for number, name in enumerate("ab")
        ]
        await until_acknowledged(crowd, 20)
        for stop in (postgres_server.stop, postgres_server.kill):
            await asyncio.to_thread(stop)
            await asyncio.sleep(0.5)
            before = [len(writer.acknowledged) for writer in crowd]
            await asyncio.sleep(1.5)
            assert [len(writer.acknowledged) for writer in crowd] == before
            await asyncio.to_thread(postgres_server.start)
            await until_acknowledged(crowd, 20)
        await settled(crowd, log, reader)


async def test_connections_cut_in_the_middle_of_commits_double_nothing(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer, redis: RedisServer
) -> None:
    """Half of the interrupted commits were executed and half were not, and the servers don't know which."""
    proxy = await Proxy(postgres_server.port).start()
    through = f"postgresql://postgres@127.0.0.1:{proxy.port}/{postgres_url.rpartition('/')[2]}"
    chance = random.Random(7)
    team = Team(tmp_path, through, redis.url(), direct_url=postgres_url)
    await asyncio.to_thread(team.__enter__)
    try:
        reader = team.login(0, "reader")
        spec_id = await reader.new_spec("." * 2_000)
        log = Log(team.store, spec_id)
        crowd = await team.crowd(spec_id, people=1, seed=7)
        for number in range(30):
            if number % 10 == 9:
                proxy.cut()
            else:
                setattr(proxy, chance.choice(["lose", "lose_answer_to"]), COMMIT)
            await until_acknowledged(crowd, 10)
        assert proxy.losses >= 20
        await settled(crowd, log, reader)
    finally:
        await asyncio.to_thread(team.__exit__, None, None, None)
        await proxy.close()
