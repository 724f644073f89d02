"""Who wrote each letter of what two people recorded, when they write on two servers, one of which starts again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Final

import pytest

from jupyter_speccollab.text import normalise, to_wire
from tests.archive.histories import ADA
from tests.backends.redis import RedisServer
from tests.handlers.logins import Login, Socket
from tests.servers.team import Team
from tests.service.history.test_attribution_traces import edits_of, noted_at
from tests.text.letters import runs_of

pytestmark = [pytest.mark.shared_data, pytest.mark.timeout(600)]

EDITS: Final = 1_600
"""More than three times as many as there are from one snapshot to the next."""

VERSIONS: Final = 200


async def test_both_servers_tell_it_letter_by_letter(
    shared_data: Path, tmp_path: Path, postgres_url: str, redis_server: RedisServer
) -> None:
    recorded = [(normalise(edit), user) for edit, user in edits_of(shared_data, "friendsforever")]
    edits = [(edit, user) for edit, user in recorded if edit.components][:EDITS]
    asked = set(Random("two servers").sample(range(1, EDITS + 1), VERSIONS))
    expected = noted_at(edits, asked)
    with Team(tmp_path, postgres_url, redis_server.url()) as team:
        logins = [team.login(0, "ada"), team.login(1, "bob")]
        spec_id = await logins[0].new_spec("")
        sockets = [await login.joined(spec_id) for login in logins]
        begin = sockets[0].version
        for number, (edit, user) in enumerate(edits):
            if number == EDITS // 2:
                await told(logins[1], spec_id, begin)
                sockets[1].close()
                await asyncio.to_thread(team.servers[1].stop)
                await asyncio.to_thread(team.servers[1].start)
                sockets[1] = await logins[1].joined(spec_id)
            await commits(sockets[0 if user is ADA else 1], begin + number, to_wire(edit))
        for version in sorted(asked):
            runs = [(length, begin + made) for length, made in runs_of(expected[version])]
            for login in logins:
                assert await told(login, spec_id, begin + version) == runs, version
        for socket in sockets:
            socket.close()


async def commits(socket: Socket, version: int, components: list[dict[str, object]]) -> None:
    socket.version = version
    ack = await socket.commits(*components)
    assert ack["version"] == version + 1


async def told(login: Login, spec_id: str, version: int) -> list[tuple[int, int]]:
    """The runs of a version, as one of the servers tells them."""
    answer = await login.call("GET", f"api/specs/{spec_id}/attribution?version={version}")
    return [(length, made) for length, made, _, _ in answer["runs"]]
