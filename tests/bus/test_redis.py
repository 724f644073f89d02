"""Failures of Redis: it stops, hangs or loses its data, and servers die without removing their sessions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from uuid import uuid4

import msgspec
import pytest
from redis.asyncio.client import Pipeline
from redis.exceptions import TimeoutError as RedisTimeout

from jupyter_speccollab.bus import redis as redis_bus
from jupyter_speccollab.bus.news import OPERATIONS, Changed, Committed, Joined, Left, Missed
from jupyter_speccollab.bus.redis import RedisBus
from jupyter_speccollab.bus.redis_server import ANSWER
from jupyter_speccollab.text import Operation
from tests.backends.proxy import Proxy
from tests.backends.redis import RedisServer
from tests.bus.values import EPOCH, SPEC, Ear, committed, eventually, joined
from tests.store.values import an_id, an_operation

Connect = Callable[..., Awaitable[RedisBus]]


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis server for one test."""
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def connect(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Connect]:
    opened: list[RedisBus] = []

    async def connect(url: str, **options: object) -> RedisBus:
        bus = RedisBus(url, **options)  # type: ignore[arg-type]
        await bus.open()
        opened.append(bus)
        return bus

    yield connect
    for bus in opened:
        jp_asyncio_loop.run_until_complete(bus.close())


@pytest.fixture
def proxy(server: RedisServer, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Proxy]:
    proxy = jp_asyncio_loop.run_until_complete(Proxy(server.port).start())
    yield proxy
    jp_asyncio_loop.run_until_complete(proxy.close())


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats, and their expiry, at twenty times the usual speed."""
    monkeypatch.setattr(redis_bus, "BEAT", 0.25)
    monkeypatch.setattr(redis_bus, "ALIVE", 1)
    monkeypatch.setattr(redis_bus, "VANISH", 1.25)


async def roster_of_a_newcomer(server: RedisServer, connect: Connect) -> list[str] | None:
    bus = await connect(server.url())
    await eventually(lambda: bus.is_up)
    await asyncio.sleep(0.2)
    return (await Ear.at(bus)).roster


async def test_after_a_restart_subscribers_are_notified_and_sessions_are_back(
    server: RedisServer, connect: Connect
) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(second)
    first.publish(SPEC, joined(1))
    first.connected(an_id("user", 1), an_id("session", 1), SPEC)
    await ear.hears(joined(1))
    for _ in range(2):
        server.kill()
        await eventually(lambda: not first.is_up and not second.is_up)
        first.publish(SPEC, committed(1))  # lost, but not an error
        assert await second.connections_elsewhere(an_id("user", 1)) == {}
        assert await second.spend({"a": 1}) == {}
        server.start()
        await eventually(lambda: first.is_up and second.is_up)
        await eventually(lambda: Missed() in ear.heard)
        assert await roster_of_a_newcomer(server, connect) == [an_id("session", 1)]
        assert await second.connections_elsewhere(an_id("user", 1)) == {an_id("session", 1): SPEC}
        ear.heard.clear()
        first.publish(SPEC, committed(2))
        await eventually(lambda: committed(2) in ear.heard)
        ear.heard.clear()


@pytest.mark.usefixtures("fast")
async def test_sessions_are_rewritten_after_redis_was_emptied(server: RedisServer, connect: Connect) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    first.publish(SPEC, joined(1))
    ear = await Ear.at(second)
    await asyncio.sleep(0.1)
    await asyncio.to_thread(server.command, "FLUSHALL")
    third = await connect(server.url())
    await asyncio.sleep(0.8)
    assert (await Ear.at(third)).roster == [an_id("session", 1)]
    first.publish(SPEC, committed(1))
    await eventually(lambda: committed(1) in ear.heard)


@pytest.mark.usefixtures("fast")
async def test_sessions_of_a_dead_server_vanish(server: RedisServer, connect: Connect) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    first.publish(SPEC, joined(1))
    first.connected(an_id("user", 1), an_id("session", 1), SPEC)
    await asyncio.sleep(0.1)
    ear = await Ear.at(second)
    assert ear.roster == [an_id("session", 1)]
    for task in first._tasks:  # as after SIGKILL: nothing more is sent
        task.cancel()
    await eventually(lambda: ear.roster == [], 5)
    assert await second.connections_elsewhere(an_id("user", 1)) == {}
    assert await asyncio.to_thread(server.command, "HLEN", f"speccollab:spec:{SPEC}:users") == 0


@pytest.mark.usefixtures("fast")
async def test_sessions_of_other_servers_vanish_while_redis_is_away(
    server: RedisServer, connect: Connect
) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(second)
    first.publish(SPEC, joined(1))
    await ear.hears(joined(1))
    server.kill()
    await eventually(lambda: ear.roster == [], 10)


@pytest.mark.usefixtures("fast")
async def test_a_session_whose_end_was_lost_leaves_the_roster_later(
    server: RedisServer, proxy: Proxy, connect: Connect
) -> None:
    first, second = await connect(server.url(proxy.port)), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(second)
    first.publish(SPEC, joined(1))
    first.publish(SPEC, joined(2))
    await ear.hears(joined(1), joined(2))
    proxy.refuse()
    await eventually(lambda: not first.is_up)
    first.publish(SPEC, Left(an_id("session", 1)))
    proxy.refuse(False)
    await eventually(lambda: ear.roster == [an_id("session", 2)])


async def test_a_redis_that_hangs_delays_nobody(server: RedisServer, proxy: Proxy, connect: Connect) -> None:
    first, second = await connect(server.url(proxy.port)), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(first)
    proxy.stall()
    for number in range(20_000):
        first.publish(SPEC, committed(number + 1))
    await first.spend({"a": 1})
    await eventually(lambda: not first.is_up)
    proxy.cut()
    proxy.stall(False)
    await eventually(lambda: first.is_up)
    assert Missed() in ear.heard
    second.publish(SPEC, committed(2))
    await eventually(lambda: committed(2) in ear.heard)


@pytest.mark.parametrize("command", ["pipeline", "xread"])
async def test_closing_ends_though_an_error_takes_the_place_of_the_cancellation(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """As redis-py raises one: it closes the connection of a cancelled command, and that takes too long."""
    waiting = asyncio.Event()

    async def never_answered(*_args: object, **_options: object) -> None:
        waiting.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(ANSWER)
        raise RedisTimeout("Timeout writing to socket")

    bus = RedisBus(server.url())
    await bus.open()
    await eventually(lambda: bus.is_up)
    if command == "pipeline":
        monkeypatch.setattr(Pipeline, "execute", never_answered)
        bus.publish(SPEC, committed(1))
    else:
        monkeypatch.setattr(bus._redis, "xread", never_answered)
    await asyncio.wait_for(waiting.wait(), 10)
    bus.is_up = False  # what is to be removed on closing is asked of a Redis that does not answer

    async with asyncio.timeout(5 * ANSWER):
        await bus.close()


async def test_lost_connections_are_opened_again(server: RedisServer, proxy: Proxy, connect: Connect) -> None:
    first, second = await connect(server.url(proxy.port)), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(first)
    for version in range(1, 4):
        proxy.cut()
        await eventually(lambda: Missed() in ear.heard)
        ear.heard.clear()
        await eventually(lambda: first.is_up)
        second.publish(SPEC, committed(version))
        await eventually(lambda version=version: committed(version) in ear.heard)  # type: ignore[misc]


async def test_closing_returns_even_if_redis_has_just_come_back(server: RedisServer) -> None:
    bus = RedisBus(server.url())
    await bus.open()
    await eventually(lambda: bus.is_up)
    await asyncio.sleep(0.2)
    bus._came_back()
    async with asyncio.timeout(5 * ANSWER):
        await bus.close()


async def test_a_stream_stays_short(server: RedisServer, connect: Connect) -> None:
    bus = await connect(server.url(), stream_length=50)
    await eventually(lambda: bus.is_up)
    for version in range(1, 2001):
        bus.publish(SPEC, committed(version))
        if not version % 100:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert 50 <= await asyncio.to_thread(server.command, "XLEN", f"speccollab:spec:{SPEC}:news") < 400


async def test_operations_that_are_too_large_are_sent_as_changed(
    server: RedisServer, connect: Connect
) -> None:
    first, second = await connect(server.url()), await connect(server.url())
    await eventually(lambda: first.is_up and second.is_up)
    ear = await Ear.at(second)
    first.publish(SPEC, Committed.of(EPOCH, [an_operation(1, operation=Operation.of("x" * 1_000_000))]))
    await ear.hears(Changed(OPERATIONS, 1))


async def test_an_unknown_kind_of_news_is_logged_once(
    server: RedisServer, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    bus = await connect(server.url())
    await eventually(lambda: bus.is_up)
    ear = await Ear.at(bus)
    bodies = [
        {"type": "renamed", "title": "Another title"},
        {"type": "renamed", "title": "A third"},
        {"type": "archived"},
        {"type": "changed", "what": "access", "version": 5, "by": "a field that was added"},
        {"type": "changed"},
    ]
    with server.client() as client:
        for body in bodies:
            client.xadd(f"speccollab:spec:{SPEC}:news", {"s": "another", "n": msgspec.msgpack.encode(body)})
    await ear.hears(Changed("access", 5), Changed())
    warnings = [record.getMessage() for record in caplog.records if "skipped" in record.getMessage()]
    assert [("renamed" in warning, "archived" in warning) for warning in warnings] == [
        (True, False),
        (False, True),
    ]


async def test_all_keys_have_the_prefix_and_expire(server: RedisServer, connect: Connect) -> None:
    bus = await connect(server.url(), prefix="team-a:")
    await eventually(lambda: bus.is_up)
    await bus.subscribe(SPEC, lambda _: None)
    bus.publish(SPEC, Joined(joined(1).attendee))
    bus.connected(an_id("user", 1), an_id("session", 1), SPEC)
    await bus.spend({"operations:1": 1})
    await asyncio.sleep(0.2)
    bus._beat_now.set()
    await asyncio.sleep(0.2)
    with server.client() as client:
        keys = {key.decode(): client.ttl(key) for key in client.scan_iter()}
    assert {
        f"team-a:spec:{SPEC}:users",
        f"team-a:spec:{SPEC}:news",
        f"team-a:user:{an_id('user', 1)}:session",
        "team-a:spent:operations:1",
    } <= keys.keys()
    assert all(key.startswith("team-a:") for key in keys)
    assert all(0 < ttl <= 3600 for ttl in keys.values()), keys


async def test_a_password_is_used_and_never_logged(
    caplog: pytest.LogCaptureFixture, connect: Connect
) -> None:
    secret = f"hunter2{uuid4()}"
    server = RedisServer("--requirepass", secret)
    try:
        server.start()
        with caplog.at_level(logging.DEBUG):
            good = await connect(f"redis://:{secret}@127.0.0.1:{server.port}/0")
            bad = await connect(f"redis://:wrong{secret}@127.0.0.1:{server.port}/0")
            await eventually(lambda: good.is_up)
            await asyncio.sleep(0.3)
        assert not bad.is_up
        assert secret not in caplog.text
    finally:
        server.remove()
