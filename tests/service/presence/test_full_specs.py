"""The limit of people in a spec, on two servers that share a bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import SpecFull
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.memory import MemoryStore
from tests.service.faults import ADA, Client, somebody

LIMIT = 3


@asynccontextmanager
async def two_servers() -> AsyncIterator[tuple[list[Services], str]]:
    store, hub = MemoryStore(), MemoryHub()
    limits = Limits(users_per_spec=LIMIT)
    servers = [build(store, limits, Role.OWNER, "test", bus=MemoryBus(hub)) for _ in range(2)]
    for server in servers:
        await server.documents.save_user(ADA.user)
    entry = await servers[0].specs.create(ADA, NewSpec("Spec", "text"))
    yield servers, entry["specId"]
    for server in servers:
        await server.documents.close()


async def join(server: Services, spec_id: str, login: str) -> Client:
    caller = somebody(login)
    await server.documents.save_user(caller.user)
    return await Client(server, spec_id, caller).join()


async def test_one_after_the_other_the_limit_is_exact() -> None:
    async with two_servers() as (servers, spec_id):
        for number in range(LIMIT):
            await join(servers[number % 2], spec_id, f"user{number}")
            await asyncio.sleep(0)  # the other server hears of it
        for server in servers:
            with pytest.raises(SpecFull):
                await join(server, spec_id, "late")
            await join(server, spec_id, "user0")  # who is there already may open another tab


async def test_at_the_same_moment_more_may_join_until_the_servers_have_heard_of_each_other() -> None:
    """As ``docs/protocol.md`` says: no server waits for another one before it lets somebody in."""
    async with two_servers() as (servers, spec_id):
        clients = await asyncio.gather(
            *(join(servers[number % 2], spec_id, f"user{number}") for number in range(4 * LIMIT)),
            return_exceptions=True,
        )
        joined = [client for client in clients if isinstance(client, Client)]
        assert LIMIT <= len(joined) <= len(servers) * LIMIT
        assert all(isinstance(client, Client | SpecFull) for client in clients)
        await asyncio.sleep(0.05)
        for server in servers:
            with pytest.raises(SpecFull):
                await join(server, spec_id, "late")
