"""Users of two servers in one document, as on one server. All comes by the bus: nobody reads the database again."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.handlers.logins import Login, insert
from tests.servers.team import Team, settled, until_acknowledged
from tests.soak.kill import Log


async def test_what_one_types_the_other_sees(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec("text")
    one, other = await ada.joined(spec_id), await bob.joined(spec_id)
    for number in range(10):
        for mine, theirs in ((one, other), (other, one)):
            ack = await mine.commits(insert(0, f"{number}🎈"))
            seen = await theirs.until("remote_operation")
            assert (seen["version"], seen["operationId"]) == (ack["version"], ack["operationId"])
            assert seen["operations"] == [insert(0, f"{number}🎈")]
            theirs.version = ack["version"]
    one.close()
    other.close()


async def collaborators(login: Login, spec_id: str) -> set[str]:
    document = await login.call("GET", f"api/specs/{spec_id}/document")
    return {user["userName"] for user in document["activeCollaborators"]}


async def test_who_is_there_and_where(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec("one\ntwo\n")
    one = await ada.joined(spec_id)
    await one.send("cursor_update", cursor={"line": 1, "column": 2})
    other = await bob.joined(spec_id)
    joined = await one.until("user_joined")
    assert [user["userName"] for user in joined["activeUsers"]] == ["Ada", "Bob"]  # type: ignore[index, attr-defined]
    assert [user["userName"] for user in other.welcome["activeUsers"]] == ["Ada", "Bob"]
    (ada_there,) = [user for user in other.welcome["activeUsers"] if user["userName"] == "Ada"]
    if ada_there["cursor"] is None:  # the cursor has not arrived yet
        ada_there = await other.until("remote_cursor")
    assert ada_there["cursor"] == {"line": 1, "column": 2, "selection": None}
    await other.send("cursor_update", cursor={"line": 0, "column": 1})
    moved = await one.until("remote_cursor")
    assert (moved["userName"], moved["cursor"]) == ("Bob", {"line": 0, "column": 1, "selection": None})
    for _ in range(600):  # the rows of another server's sessions are written in the background
        if await collaborators(ada, spec_id) == {"Ada", "Bob"}:
            break
        await asyncio.sleep(0.05)
    assert await collaborators(ada, spec_id) == {"Ada", "Bob"}
    await other.send("leave_session", specId=spec_id)
    left = await one.until("user_left")
    assert [user["userName"] for user in left["activeUsers"]] == ["Ada"]  # type: ignore[index, attr-defined]
    one.close()
    other.close()


async def test_whoever_goes_from_server_to_server_is_there_once(team: Team) -> None:
    """As behind a proxy that takes turns: of each session only the newest connection counts."""
    spec_id = await team.login(0, "ada").new_spec("text")
    watcher = await team.login(0, "bob").joined(spec_id)
    hops, session_id = [], None
    for number in range(12):  # twice as many as one user may have open
        resumed = {"sessionId": session_id} if session_id else {}
        hops.append(await team.login(number % 2, "ada").joined(spec_id, **resumed))
        session_id = hops[-1].welcome["sessionId"]
        if number:
            assert await hops[-2].closed() == 4409
    people = hops[-1].welcome["activeUsers"]
    assert sorted(user["userName"] for user in people) == ["Ada", "Bob"]
    await hops[-1].commits(insert(0, "x"))
    assert (await watcher.until("remote_operation"))["userName"] == "Ada"
    hops[-1].close()
    watcher.close()


async def test_a_new_title_is_told_on_both_servers(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec("text")
    one, other = await ada.joined(spec_id), await bob.joined(spec_id)
    for number, login in enumerate((ada, bob, ada)):
        await login.call("PATCH", f"api/specs/{spec_id}", {"title": f"Title {number}"})
        for socket in (one, other):
            assert (await socket.until("spec_changed"))["title"] == f"Title {number}"
    await one.nothing_more_but("user_joined", "remote_cursor")
    one.close()
    other.close()


async def test_a_cursor_never_comes_before_its_version(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec("text")
    one, other = await ada.joined(spec_id), await bob.joined(spec_id)
    for column in range(1, 30):
        await one.commits(insert(0, "x"), cursor={"line": 0, "column": column})
    version = 1
    while version < 30:
        event = await other.event()
        assert event is not None
        if event["event"] == "remote_operation":
            version = event["data"]["version"]
        elif event["event"] == "remote_cursor":
            assert event["data"]["version"] <= version, event
    one.close()
    other.close()


async def test_a_repeat_on_another_server_gets_the_first_ack(team: Team) -> None:
    ada = [team.login(number, "ada") for number in range(2)]
    spec_id = await ada[0].new_spec("text")
    one, other = [await login.joined(spec_id) for login in ada]
    operation_id = str(uuid4())
    first = await one.commits(insert(0, "x"), operationId=operation_id)
    for _ in range(3):
        await other.edit(insert(0, "x"), version=1, operationId=operation_id)
        again = await other.answer()
        assert (again["success"], again["version"]) == (True, first["version"])
    await other.edit(insert(0, "y"), version=1, operationId=operation_id)
    refused = await other.answer()
    assert (refused["success"], refused["code"]) == (False, "OPERATION_ID_REUSED")
    content = (await ada[1].call("GET", f"api/specs/{spec_id}/document"))["content"]
    assert content == "xtext"
    one.close()
    other.close()


async def test_the_same_operation_sent_to_both_at_once_is_committed_once(team: Team) -> None:
    ada = [team.login(number, "ada") for number in range(2)]
    spec_id = await ada[0].new_spec("")
    sockets = [await login.joined(spec_id) for login in ada]
    ids = [str(uuid4()) for _ in range(30)]
    for operation_id in ids:
        await asyncio.gather(
            *(socket.edit(insert(0, "x"), version=0, operationId=operation_id) for socket in sockets)
        )
    versions: list[dict[str, int]] = [{}, {}]
    for socket, seen in zip(sockets, versions, strict=True):
        while len(seen) < len(ids):
            event = await socket.event()
            assert event is not None
            if event["event"] in ("operation_ack", "remote_operation"):
                data = event["data"]
                assert seen.setdefault(data["operationId"], data["version"]) == data["version"]
        socket.close()
    assert versions[0] == versions[1]
    assert sorted(versions[0].values()) == list(range(1, 31))


async def test_a_role_given_on_one_server_is_felt_on_the_other(team: Team) -> None:
    ada, bob = team.login(0, "ada"), team.login(1, "bob")
    spec_id = await ada.new_spec("text")
    one, other = await ada.joined(spec_id), await bob.joined(spec_id)
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    assert (await other.until("role_changed"))["role"] == "viewer"
    await other.edit(insert(0, "x"))
    assert (await other.answer())["code"] == "FORBIDDEN"
    await ada.call("DELETE", f"api/specs/{spec_id}")
    await other.until("document_deleted")
    assert await other.closed() == 4404
    one.close()


async def test_sessions_are_counted_over_both(team: Team) -> None:
    logins = [team.login(number, "ada") for number in range(2)]
    spec_id = await logins[0].new_spec("text")
    sockets = [await logins[number % 2].joined(spec_id) for number in range(5)]
    await asyncio.sleep(0.2)
    for login in logins:
        refused = await login.socket(spec_id)
        await refused.expect("connect")
        await refused.send("join_session", specId=spec_id)
        assert (await refused.until("error"))["code"] == "TOO_MANY_SESSIONS"
        refused.close()
    # a session that moves to the other server does not count twice
    moved = await logins[0].joined(spec_id, sessionId=sockets[1].welcome["sessionId"])
    for socket in (*sockets, moved):
        socket.close()


async def test_all_that_many_type_on_both_is_there_once(team: Team) -> None:
    reader = team.login(0, "reader")
    spec_id = await reader.new_spec("." * 2_000)
    log = Log(team.store, spec_id)
    crowd = await team.crowd(spec_id, people=2, seed=1)
    await until_acknowledged(crowd, 1_000)
    share = [sum(len(writer.acknowledged) for writer in half) for half in (crowd[:3], crowd[3:])]
    assert min(share) > 0.2 * sum(share), f"one server starves: {share}"
    await settled(crowd, log, reader)
