"""The colors of users in a spec: distinct, kept, and the same on two servers that share a bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jupyter_speccollab.bus.memory import MemoryBus, MemoryHub
from jupyter_speccollab.document.colors import PALETTE
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.memory import MemoryStore
from tests.service.faults import ADA, Client, somebody


@asynccontextmanager
async def servers(count: int) -> AsyncIterator[tuple[list[Services], str]]:
    store, hub = MemoryStore(), MemoryHub()
    made = [build(store, Limits(), Role.OWNER, "test", bus=MemoryBus(hub)) for _ in range(count)]
    for server in made:
        await server.documents.save_user(ADA.user)
    entry = await made[0].specs.create(ADA, NewSpec("Spec", "text"))
    yield made, entry["specId"]
    for server in made:
        await server.documents.close()


async def join(server: Services, spec_id: str, login: str, **data: Any) -> Client:
    caller = somebody(login)
    await server.documents.save_user(caller.user)
    return await Client(server, spec_id, caller).join(**data)


def colors(users: list[dict[str, Any]]) -> dict[str, str]:
    return {user["userName"]: user["color"] for user in users}


def shown(server: Services, spec_id: str) -> dict[str, str]:
    """The colors that this server tells its clients."""
    live = server.documents.live(spec_id)
    assert live is not None
    return colors(live.attendance.presence.active_users(live.document))


async def test_ten_people_have_the_first_ten_colors() -> None:
    async with servers(1) as ((server,), spec_id):
        for number in range(10):
            client = await join(server, spec_id, f"user{number}")
        assert list(colors(client.welcome["activeUsers"]).values()) == list(PALETTE[:10])
        entry = await server.specs.get(ADA, spec_id)
        assert colors(entry["activeUsers"]) == colors(client.welcome["activeUsers"])


async def test_a_color_stays_while_somebody_is_there_and_is_free_afterwards() -> None:
    async with servers(1) as ((server,), spec_id):
        ada, bob = await join(server, spec_id, "ada"), await join(server, spec_id, "bob")
        again = await join(server, spec_id, "bob")
        assert colors(again.welcome["activeUsers"]) == {"Ada": PALETTE[0], "Bob": PALETTE[1]}
        await ada.say("leave_session", specId=spec_id)
        await bob.say("leave_session", specId=spec_id)
        left = await join(server, spec_id, "carol")
        assert colors(left.welcome["activeUsers"]) == {"Bob": PALETTE[1], "Carol": PALETTE[0]}


async def test_a_user_has_one_color_on_all_servers_and_new_ones_another() -> None:
    async with servers(2) as ((one, other), spec_id):
        await join(one, spec_id, "ada")
        bob = await join(other, spec_id, "bob")
        assert colors(bob.welcome["activeUsers"]) == {"Ada": PALETTE[0], "Bob": PALETTE[1]}
        ada = await join(other, spec_id, "ada")
        await asyncio.sleep(0)
        assert colors(ada.welcome["activeUsers"]) == shown(one, spec_id) == shown(other, spec_id)


async def test_of_people_who_join_everywhere_at_the_same_moment_nobody_shares_a_color() -> None:
    async with servers(3) as (made, spec_id):
        for server in made:
            await join(server, spec_id, "ada")
        await asyncio.sleep(0.01)
        clients = await asyncio.gather(
            *(join(made[number % 3], spec_id, f"user{number}") for number in range(12))
        )
        await asyncio.sleep(0.05)
        first = shown(made[0], spec_id)
        assert len(set(first.values())) == len(first) == 13
        assert all(shown(server, spec_id) == first for server in made)
        for client in clients:  # and every page was told
            users = client.welcome["activeUsers"]
            for event in client.unread():
                users = event["data"].get("activeUsers", users)
            assert colors(users) == first
        late = await join(made[1], spec_id, "late")
        assert first.items() <= colors(late.welcome["activeUsers"]).items()
        await clients[0].say("leave_session", specId=spec_id)
        await asyncio.sleep(0.01)
        for server in made:
            assert shown(server, spec_id).items() <= colors(late.welcome["activeUsers"]).items()


async def test_two_tabs_on_two_servers_at_the_same_moment_have_one_color() -> None:
    async with servers(2) as ((one, other), spec_id):
        await join(one, spec_id, "ada")
        await join(other, spec_id, "bob")
        await asyncio.sleep(0.01)
        await asyncio.gather(
            join(one, spec_id, "dan"), join(other, spec_id, "carol"), join(other, spec_id, "dan")
        )
        await asyncio.sleep(0.05)
        assert shown(one, spec_id) == shown(other, spec_id)
        assert len(set(shown(one, spec_id).values())) == 4
