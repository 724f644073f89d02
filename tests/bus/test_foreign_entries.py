"""Entries in Redis that this release can't read, as during an upgrade: they are left out, and logged once."""

from __future__ import annotations

import asyncio
import logging

import msgspec
import pytest
from redis.asyncio import Redis

from jupyter_speccollab.bus import redis_entries
from jupyter_speccollab.bus.redis import RedisBus
from tests.backends.redis import RedisServer
from tests.bus.test_redis import Connect, connect, fast, server
from tests.bus.values import SPEC, Ear, attendee, committed, eventually, joined
from tests.store.values import ADA

__all__ = ["connect", "fast", "server"]

PREFIX = "speccollab:"
FOREIGN = [
    b"",
    b"\xc1",
    b"{}",
    msgspec.msgpack.encode([]),
    msgspec.msgpack.encode(5),
    msgspec.msgpack.encode({"server": "x", "attendee": {}}),
    msgspec.msgpack.encode(["a server that is gone", {"session": 5}]),
    msgspec.msgpack.encode(["a server that is gone", attendee(7), "more"]),
    b"\x91" * 5_000 + b"\x01",
]


async def test_a_roster_is_read_without_them_and_the_heart_beats_on(
    server: RedisServer, connect: Connect, fast: None, caplog: pytest.LogCaptureFixture
) -> None:
    first = await connect(server.url())
    await eventually(lambda: first.is_up)
    first.publish(SPEC, joined(1))
    redis = Redis.from_url(server.url())
    for number, value in enumerate(FOREIGN):
        await redis.hset(f"{PREFIX}spec:{SPEC}:users", f"foreign-{number}", value)  # type: ignore[misc]
    second = await connect(server.url())
    await eventually(lambda: second.is_up)
    ear = await Ear.at(second)
    await eventually(lambda: ear.roster == [attendee(1).session_id])
    for bus in (first, second):
        await redis.delete(bus._keys.alive)
        await alive_again(redis, bus)
    first.publish(SPEC, joined(2))
    await eventually(lambda: joined(2) in ear.news)
    assert [one.levelno for one in caplog.records if one.name == redis_entries.__name__] == [logging.WARNING]
    await eventually_gone(redis)
    await redis.aclose()


async def test_a_users_connections_are_counted_without_them(server: RedisServer, connect: Connect) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    first.connected(ADA.user_id, "session", SPEC)
    redis = Redis.from_url(server.url())
    for number, value in enumerate([*FOREIGN, b"a b c", b"alone", b"\xff \xfe"]):
        await redis.hset(f"{PREFIX}user:{ADA.user_id}:session", f"foreign-{number}", value)  # type: ignore[misc]
    await redis.hset(f"{PREFIX}user:{ADA.user_id}:session", b"\xff", b"gone spec")  # type: ignore[misc]
    await asyncio.sleep(0.1)
    assert await second.connections_elsewhere(ADA.user_id) == {"session": SPEC}
    await redis.aclose()


async def test_news_are_read_without_them(server: RedisServer, connect: Connect) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(second)
    await eventually(lambda: ear.roster is not None)
    redis = Redis.from_url(server.url())
    for value in FOREIGN:
        await redis.xadd(f"{PREFIX}spec:{SPEC}:news", {"s": "elsewhere", "n": value})
        await redis.xadd(f"{PREFIX}spec:{SPEC}:news", {"another": value})
    ear.heard.clear()
    first.publish(SPEC, committed(1))
    await eventually(lambda: bool(ear.news))
    assert ear.news[-1:] == [committed(1)]
    await redis.aclose()


async def test_a_loop_that_fails_runs_again(
    server: RedisServer, connect: Connect, fast: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in a heartbeat, the next one comes."""
    bus = await connect(server.url())
    await eventually(lambda: bus.is_up)
    redis = Redis.from_url(server.url())
    bus._here["spec"] = {"session": object()}  # type: ignore[dict-item]
    await redis.delete(bus._keys.alive)
    await asyncio.sleep(0.5)
    bus._here.clear()
    await redis.delete(bus._keys.alive)
    await alive_again(redis, bus)
    await redis.aclose()


async def alive_again(redis: Redis, bus: RedisBus) -> None:
    async with asyncio.timeout(10):
        while not await redis.exists(bus._keys.alive):  # noqa: ASYNC110 (Redis tells nobody)
            await asyncio.sleep(0.05)


async def eventually_gone(redis: Redis) -> None:
    """The entries of a server that is gone are removed, also those that can't be read."""
    async with asyncio.timeout(10):
        dead, key = {b"foreign-6", b"foreign-7"}, f"{PREFIX}spec:{SPEC}:users"
        while dead & set(await redis.hkeys(key)):  # type: ignore[misc]  # noqa: ASYNC110
            await asyncio.sleep(0.05)
