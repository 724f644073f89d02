"""The limits of a user count over all servers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.backends.redis import RedisServer
from tests.handlers.logins import insert
from tests.servers.team import Team


async def test_a_user_has_one_minute_on_all_servers(
    tmp_path: Path, postgres_url: str, redis_server: RedisServer
) -> None:
    options = {"SpecCollabApp.operations_per_minute": 100}
    with Team(tmp_path, postgres_url, redis_server.url(), options=options) as team:
        logins = [team.login(number, "ada") for number in range(2)]
        spec_id = await logins[0].new_spec("")
        sockets = [await login.joined(spec_id) for login in logins]
        for socket in sockets:
            socket.version = 0
        for _ in range(60):
            await sockets[0].commits(insert(0, "x"))
        first = await sockets[1].commits(insert(0, "y"), version=60)
        await asyncio.sleep(0.3)
        outcomes = []
        for _ in range(60):
            await sockets[1].edit(insert(0, "y"), version=60)
            outcomes.append(await sockets[1].answer())
        refused = [ack for ack in outcomes if not ack["success"]]
        assert first["success"] is True
        assert 20 <= len(refused) <= 22
        assert {ack["code"] for ack in refused} == {"RATE_LIMITED"}
        assert all(0 < ack["retryAfterMs"] <= 61_000 for ack in refused)
        for socket in sockets:
            socket.close()
