"""The hub service with two replicas, and while the hub is unavailable."""

from __future__ import annotations

import asyncio

from tests.backends.proxy import Proxy
from tests.handlers.logins import Login, insert
from tests.hub.hub import SERVICE, Hub
from tests.hub.replicas import Replica


async def test_people_at_different_replicas_see_each_other(
    hub: Hub, credentials: dict[str, str], ada: Login, grace: Login
) -> None:
    """One replica is the service that the hub started, and the test starts another."""
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})
    replica = await Replica(hub, credentials).start()
    try:
        there = Login(f"127.0.0.1:{replica.port}/{SERVICE}", grace.headers)
        mine, theirs = await ada.joined(spec_id), await there.joined(spec_id)
        await mine.commits(insert(0, "Seen. "))
        assert (await theirs.until("remote_operation"))["userId"] == mine.me["userId"]
        people = (await ada.joined(spec_id)).welcome["activeUsers"]
        assert {person["userId"] for person in people} == {mine.me["userId"], theirs.me["userId"]}
    finally:
        replica.stop()


async def test_while_the_hub_is_away_open_connections_go_on(
    hub: Hub, credentials: dict[str, str], ada: Login
) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    way = await Proxy(hub.port).start()
    api = {"JUPYTERHUB_API_URL": f"http://127.0.0.1:{way.port}/hub/api"}
    replica = await Replica(hub, {**credentials, **api}).start()
    there = Login(f"127.0.0.1:{replica.port}/{SERVICE}", ada.headers)
    try:
        socket = await there.joined(spec_id)
        way.refuse()
        await asyncio.sleep(3)
        await socket.commits(insert(0, "Typed while the hub is away. "))
        assert await there.refused("GET", "api/specs") == (503, "STORE_UNAVAILABLE")
        newcomer = await there.socket(spec_id)
        assert (await newcomer.expect("error"))["code"] == "STORE_UNAVAILABLE"
        assert await newcomer.closed() == 1011
        way.refuse(False)
        await asyncio.sleep(1.5)
        await socket.commits(insert(0, "And after. "))
        assert (await there.joined(spec_id)).welcome["role"] == "owner"
    finally:
        replica.stop()
        await way.close()
