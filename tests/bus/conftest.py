"""A bus of each kind, for the suite in ``contract/``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import pytest

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.bus.redis import RedisBus
from tests.backends.redis import RedisServer
from tests.bus.values import eventually

Connect = Callable[[], Awaitable[Bus]]


def memory(_request: pytest.FixtureRequest) -> Callable[[], Bus]:
    hub = MemoryHub()
    return lambda: MemoryBus(hub)


def redis(request: pytest.FixtureRequest) -> Callable[[], Bus]:
    server: RedisServer = request.getfixturevalue("redis_server")
    prefix = f"test-{uuid4()}:"
    return lambda: RedisBus(server.url(), prefix=prefix)


BACKENDS = {"memory": memory, "redis": redis}


@pytest.fixture(params=BACKENDS)
def connect(request: pytest.FixtureRequest, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Connect]:
    """Open buses; each call stands for another server."""
    make = BACKENDS[request.param](request)
    opened: list[Bus] = []

    async def connect() -> Bus:
        bus = make()
        await bus.open()
        opened.append(bus)
        await eventually(lambda: bus.is_up)
        return bus

    yield connect
    for bus in opened:
        jp_asyncio_loop.run_until_complete(bus.close())
