"""Two servers on one SQLite file: each sees the users, edits and roles of the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.handlers.logins import Login, Socket, insert
from tests.handlers.test_collaborators import share
from tests.serving import JupyterServer


async def lists(login: Login, spec_id: str, people: list[object]) -> None:
    """Wait until the entry lists these users: a session is written to the store after the join is answered."""
    async with asyncio.timeout(10):
        while (await login.call("GET", f"api/specs/{spec_id}"))["activeUsers"] != people:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_role_changed_here_is_felt_there(tmp_path: Path) -> None:
    """A session that only reads notices it within seconds, and one that edits at once."""
    options: dict[str, object] = {"SpecCollabApp.default_role": "none"}
    one = JupyterServer(tmp_path / "one", options=options)
    there = {**options, "SpecCollabApp.database_path": str(one.database)}
    other = JupyterServer(tmp_path / "other", options=there)
    with one, other:
        ada, bob = one.login("ada", "Ada"), other.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        await share(ada, spec_id, "user:bob", "viewer")
        socket = await bob.joined(spec_id)
        await lists(ada, spec_id, socket.welcome["activeUsers"])
        await share(ada, spec_id, "user:bob", "contributor")
        assert (await socket.expect("role_changed")) == {"role": "contributor"}
        await socket.commits(insert(0, "x"))

        await share(ada, spec_id, "user:bob", "viewer")
        await socket.edit(insert(0, "y"))
        told = [await socket.event(), await socket.event()]
        assert sorted(event["event"] for event in told if event) == ["operation_ack", "role_changed"]
        assert [event["data"]["code"] for event in told if event and "code" in event["data"]] == ["FORBIDDEN"]

        await ada.call("DELETE", f"api/specs/{spec_id}/collaborators/user:bob")
        assert await asyncio.wait_for(socket.closed(), 5) == 4403
        assert await bob.refused("GET", f"api/specs/{spec_id}") == (404, "SPEC_NOT_FOUND")
        assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "xtext"


async def test_two_servers_on_one_file_are_one(tmp_path: Path) -> None:
    database = {"SpecCollabApp.database_path": str(tmp_path / "shared.sqlite3")}
    servers = [JupyterServer(tmp_path / name, options=database) for name in ("left", "right")]
    try:
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
        left, right = (server.login("ada", "Ada Lovelace") for server in servers)
        bob = servers[1].login("bob", "Bob Kahn")
        spec_id = await left.new_spec("text")
        one, two = await left.joined(spec_id), await bob.joined(spec_id)
        await _news_travel(one, two)
        await _a_repeat_elsewhere_gets_the_first_ack(one, right)
        await _concurrent_edits_converge(one, two)
        path = f"api/specs/{spec_id}/document"
        documents = [await login.call("GET", path) for login in (left, right)]
        assert documents[0]["contentHash"] == documents[1]["contentHash"]
        await _reads_see_what_the_other_acked(one, right)
    finally:
        for server in servers:
            await asyncio.to_thread(server.kill)


async def _news_travel(one: Socket, two: Socket) -> None:
    await one.commits(insert(4, "!"))
    async with asyncio.timeout(3):
        told = await two.until("remote_operation")
    assert (told["version"], told["operations"]) == (2, [insert(4, "!")])
    assert told["userId"] == one.me["userId"]
    two.version = 2


async def _a_repeat_elsewhere_gets_the_first_ack(one: Socket, right: Login) -> None:
    first = await one.commits(insert(0, "?"))
    elsewhere = await right.joined(one.spec_id)
    again = await elsewhere.commits(insert(0, "?"), version=2, operationId=first["operationId"])
    assert again["version"] == first["version"]
    await elsewhere.edit(insert(0, "other"), version=2, operationId=first["operationId"])
    assert (await elsewhere.answer())["code"] == "OPERATION_ID_REUSED"
    elsewhere.close()


async def _concurrent_edits_converge(one: Socket, two: Socket) -> None:
    """Both send edits on one base version without waiting. Both receive all versions, in order."""
    base = max(one.version, 3)
    content = "?text!"
    for number in range(20):
        await one.edit(insert(0, f"a{number} "), version=base)
        await two.edit(insert(len(content), f" b{number}"), version=base)
    for socket in (one, two):
        versions: list[int] = []
        while not versions or versions[-1] < base + 40:
            event = await socket.event()
            assert event is not None
            if event["event"] in ("operation_ack", "remote_operation") and event["data"]["version"] > base:
                versions.append(event["data"]["version"])
        assert versions == list(range(base + 1, base + 41))
        socket.version = base + 40


async def _reads_see_what_the_other_acked(one: Socket, right: Login) -> None:
    """After an acknowledgement by one server, a request to the other never returns an older text."""
    path = f"api/specs/{one.spec_id}"
    for _ in range(3):
        ack = await one.commits(insert(0, "x"))
        assert (await right.call("GET", f"{path}/document"))["version"] == ack["version"]
        ack = await one.commits(insert(0, "y"))
        assert (await right.call("GET", f"{path}/revisions/{ack['version']}"))["version"] == ack["version"]
        ack = await one.commits(insert(0, "z"))
        labelled = await right.call("POST", f"{path}/revisions", {"label": "now"})
        assert labelled["version"] == ack["version"]
