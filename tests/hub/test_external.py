"""A hub service that the hub does not start: replicas behind a load balancer, behind the hub's proxy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from jupyter_speccollab.client import SpecClient
from tests.handlers.logins import insert
from tests.hub.conftest import SPECS
from tests.hub.hub import SERVICE, Hub
from tests.hub.replicas import Balancer, Replica

WORDS = 40
PEOPLE = ("ada", "grace")


@asynccontextmanager
async def hub_with_replicas(
    directory: Path, credentials: dict[str, str]
) -> AsyncIterator[tuple[Hub, Replica, Replica]]:
    """A hub without the credentials of the database, and two replicas that have them."""
    balancer = await Balancer().start()
    hub = Hub(directory, users=PEOPLE, team=PEOPLE, service_url=balancer.url)
    one, two = Replica(hub, credentials), Replica(hub, credentials)
    try:
        await asyncio.gather(one.start(), two.start())
        balancer.add(one.port)
        balancer.add(two.port)
        await asyncio.to_thread(hub.start)
        yield hub, one, two
    finally:
        await asyncio.to_thread(hub.stop)
        one.stop()
        two.stop()
        await balancer.close()


async def test_a_replica_dies_while_they_type(tmp_path: Path, credentials: dict[str, str]) -> None:
    """Without sticky sessions nothing is lost, writers pause only for seconds, and removed members lose access."""
    async with hub_with_replicas(tmp_path, credentials) as (hub, one, _):
        ada, grace = (hub.login(hub.new_token(user, SPECS)) for user in PEOPLE)
        spec_id = await ada.new_spec("# Churn\n", title="Replicas")
        await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})

        async def write(user: str) -> SpecClient:
            address = f"{hub.url}{SERVICE}"
            client = await SpecClient(address, token=hub.new_token(user, SPECS), spec=spec_id).connect()
            for number in range(WORDS):
                await client.append(f"{user} {number}\n")
                await client.synchronised(60)
                if user == "ada" and number == WORDS // 3:
                    one.kill()
            return client

        clients = await asyncio.gather(*map(write, PEOPLE))
        lines = (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"].splitlines()
        for user in PEOPLE:
            assert [line for line in lines if line.startswith(user)] == [f"{user} {n}" for n in range(WORDS)]
        await asyncio.gather(*(client.close() for client in clients))

        socket = await grace.joined(spec_id)
        await socket.commits(insert(0, "By Grace. "))
        hub.api("DELETE", "/groups/team/users", {"users": ["grace"]})
        assert await socket.closed() == 4403
