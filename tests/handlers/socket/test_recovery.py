"""What makes a lost connection, a repeated operation and a restarted server harmless."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, Socket, applied, delete, insert
from tests.serving import JupyterServer


async def text_of(login: Login, spec_id: str) -> str:
    return str((await login.call("GET", f"api/specs/{spec_id}/document"))["content"])


async def resumed(login: Login, socket: Socket, **data: Any) -> Socket:
    """A new connection that goes on where ``socket`` was."""
    return await login.joined(
        socket.spec_id,
        **{
            "lastKnownVersion": socket.version,
            "epoch": socket.welcome["epoch"],
            "sessionId": socket.welcome["sessionId"],
            **data,
        },
    )


def services_of(jp_serverapp: Any) -> Any:
    (extension,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    return extension.services


async def is_reused(socket: Socket, first: dict[str, Any], *components: Any, **data: Any) -> None:
    await socket.edit(*components, operationId=first["operationId"], **data)
    ack = await socket.answer()
    assert ack["operationId"] == first["operationId"]
    assert (ack["success"], ack["code"]) == (False, "OPERATION_ID_REUSED")
    assert ack["version"] == first["version"]


# repeats ------------------------------------------------------------------------------------------------


async def test_a_repeat_gets_the_ack_of_the_first_and_nobody_else_hears(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, tab, two = await ada.joined(spec_id), await ada.joined(spec_id), await bob.joined(spec_id)
    first = await one.commits(insert(4, "!"))
    await two.expect("remote_operation")
    await two.commits(insert(0, "# "), version=2)
    for repeat in (
        {"version": 1},
        {"version": 3},
        {"version": 0},
        {"version": 2**50},
        {"version": 1, "cursor": {"line": 0, "column": 3}},
        {"version": 1, "cursor": "nonsense"},
        {"version": "nonsense"},
        {"version": 1, "more": "x" * 11_000},
    ):
        again = await one.commits(insert(4, "!"), operationId=first["operationId"], **repeat)
        assert again["version"] == first["version"] == 2, repeat
        assert again["rateLimit"]["remaining"] == first["rateLimit"]["remaining"], repeat
    same = {"content": "!", "position": 4, "type": "insert"}
    again = await tab.commits(
        same, operationId=first["operationId"]
    )  # keys in another order, another session
    assert again["version"] == 2
    await two.nothing_more()
    assert await text_of(ada, spec_id) == "# text!"


async def test_an_id_with_other_components_or_of_another_user_is_reused(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    first = await one.commits(insert(4, "!"))
    await two.expect("remote_operation")
    await is_reused(one, first, insert(4, "?"))
    await is_reused(one, first, insert(4, "!"), insert(0, ""))
    await is_reused(one, first)
    await is_reused(one, first, insert(99, "!"))
    await is_reused(two, first, insert(4, "!"), version=1)
    await one.nothing_more_but("user_joined")
    await two.nothing_more()
    assert await text_of(ada, spec_id) == "text!"


async def test_an_id_is_used_up_on_its_spec_only(ada: Login) -> None:
    operation_id = str(uuid4())
    for title in ("a", "b"):
        socket = await ada.joined(await ada.new_spec("", title=title))
        assert (await socket.commits(insert(0, title), operationId=operation_id))["version"] == 1


async def test_only_committed_ids_are_used_up(ada: Login) -> None:
    socket = await ada.joined(await ada.new_spec("text"))
    operation_id = await socket.edit(insert(99, "!"))
    assert (await socket.answer())["code"] == "INVALID_OPERATION"
    await socket.commits(insert(0, "!"), operationId=operation_id)


async def test_repeats_in_one_breath_are_committed_once(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = str(uuid4())
    for _ in range(5):
        await one.edit(insert(0, "x"), version=0, operationId=operation_id)
    await one.edit(insert(0, "y"), version=0, operationId=operation_id)
    acks = [await one.expect("operation_ack") for _ in range(6)]
    assert [ack["version"] for ack in acks] == [1] * 6
    assert [ack["success"] for ack in acks] == [True] * 5 + [False]
    assert acks[5]["code"] == "OPERATION_ID_REUSED"
    assert (await two.expect("remote_operation"))["operations"] == [insert(0, "x")]
    await two.nothing_more()


async def test_a_repeat_that_would_now_be_refused_for_its_role_is_still_a_repeat(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("")
    one = await bob.joined(spec_id)
    first = await one.commits(insert(0, "x"))
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    assert (await one.expect("role_changed")) == {"role": "viewer"}
    two = await bob.joined(spec_id)
    assert two.welcome["role"] == "viewer"
    operation_id = await two.edit(insert(0, "y"))
    ack = await two.answer()
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "FORBIDDEN")
    assert (await two.commits(insert(0, "x"), operationId=first["operationId"]))["version"] == 1
    await two.nothing_more()


class TestLongAgo:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 10_000}

    async def test_a_repeat_after_two_thousand_others_and_a_client_that_missed_them(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        first = await one.commits(insert(0, "x"), version=0)
        version = 1
        while version < 2_001:
            for _ in range(100):
                await one.edit(insert(0, "y"), version=version)
            for _ in range(100):
                version = (await one.answer())["version"]
        again = await one.commits(insert(0, "x"), version=0, operationId=first["operationId"])
        assert again["version"] == 1
        await is_reused(one, first, insert(0, "z"), version=0)
        assert one.version == 1
        await one.commits(insert(0, "."), version=1_100)
        # A list is at most 1,000 long; beyond, the text comes.
        await two.until("remote_operation")
        for known, listed in ((2_002, 0), (2_001, 1), (1_002, 1_000), (1_001, None), (0, None)):
            await two.send("request_sync", lastKnownVersion=known)
            sync = await two.until("sync")
            assert sync["version"] == 2_002
            assert len(sync["operations"]) == listed if listed is not None else "operations" not in sync
            assert ("content" in sync) is (listed is None)
            three = await bob.joined(spec_id, lastKnownVersion=known, epoch=sync["epoch"])
            assert ("content" in three.welcome) is (listed is None)
            assert [entry["version"] for entry in three.welcome.get("operations", [])] == [
                2_002 - offset for offset in reversed(range(listed or 0))
            ]
            three.close()


class TestRate:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 1, "operation_length": 500}

    async def test_a_repeat_that_would_now_be_refused_is_still_a_repeat(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        first = await one.commits(insert(0, "x"), version=0)
        await one.edit(insert(0, "y"))
        assert (await one.answer())["code"] == "RATE_LIMITED"
        again = await one.commits(insert(0, "x"), version=0, operationId=first["operationId"], pad="x" * 600)
        assert again["version"] == 1
        await is_reused(one, first, insert(0, "z"))


# resuming -----------------------------------------------------------------------------------------------


async def test_a_lost_session_is_resumed_and_nobody_notices(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    two.connection.protocol.stream.close()  # type: ignore[union-attr]
    await one.commits(insert(4, "!"))
    await one.commits(insert(5, "?"))
    back = await resumed(bob, two)
    assert back.welcome["sessionId"] == two.welcome["sessionId"]
    assert back.welcome["version"] == 3
    assert "content" not in back.welcome
    entries = back.welcome["operations"]
    assert [(entry["version"], entry["operations"]) for entry in entries] == [
        (2, [insert(4, "!")]),
        (3, [insert(5, "?")]),
    ]
    assert entries[0].keys() == {
        "operationId", "userId", "userName", "sessionId", "version", "operations", "timestamp",
    }  # fmt: skip
    assert len(back.welcome["activeUsers"]) == 2
    await one.nothing_more()
    await one.commits(insert(0, "-"))
    assert (await back.expect("remote_operation"))["version"] == 4


async def test_what_was_in_flight_is_met_in_the_stream_and_by_its_repeat(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    operation_id = await two.edit(insert(4, "!"), version=1)
    assert (await one.until("remote_operation"))["operationId"] == operation_id
    two.connection.protocol.stream.close()  # type: ignore[union-attr]
    back = await resumed(bob, two)
    (entry,) = back.welcome["operations"]
    assert (entry["operationId"], entry["version"]) == (operation_id, 2)
    again = await back.commits(insert(4, "!"), version=1, operationId=operation_id)
    assert again["version"] == 2
    await one.nothing_more()


async def test_a_half_open_socket_is_taken_over_and_closed_with_4409(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    back = await resumed(bob, two)
    assert back.welcome["sessionId"] == two.welcome["sessionId"]
    assert back.welcome["operations"] == []
    assert await two.closed() == 4409
    await one.nothing_more()
    await back.commits(insert(0, "x"), version=1)
    assert (await one.expect("remote_operation"))["sessionId"] == two.welcome["sessionId"]
    await one.nothing_more()
    # Whoever was closed joins once more as a new session.
    third = await bob.joined(spec_id)
    assert third.welcome["sessionId"] != two.welcome["sessionId"]
    await one.nothing_more()


async def test_foreign_and_unknown_sessions_are_ignored(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    other = await ada.joined(await ada.new_spec("other", title="other"))
    for session_id in (
        one.welcome["sessionId"],
        str(uuid4()),
        "nonsense",
        "",
        other.welcome["sessionId"],
        None,
    ):
        two = await bob.joined(spec_id, sessionId=session_id)
        assert two.welcome["sessionId"] != session_id
        await two.send("leave_session", specId=spec_id)
        await two.nothing_more()
    mine = await ada.joined(spec_id, sessionId=other.welcome["sessionId"])  # one's own, but of another spec
    assert mine.welcome["sessionId"] not in (one.welcome["sessionId"], other.welcome["sessionId"])
    await one.nothing_more_but("user_joined", "user_left")
    await other.nothing_more()


async def test_another_epoch_or_a_version_ahead_is_answered_with_content(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    epoch = one.welcome["epoch"]
    for known, named in ((1, str(uuid4())), (0, ""), (2, epoch), (10**15, epoch), (1, "nonsense")):
        back = await ada.joined(
            spec_id, lastKnownVersion=known, epoch=named, sessionId=one.welcome["sessionId"]
        )
        assert "operations" not in back.welcome, (known, named)
        assert (back.welcome["version"], back.welcome["content"]) == (1, "text")
    back = await ada.joined(spec_id, lastKnownVersion=0, epoch=epoch)
    assert [entry["operations"] for entry in back.welcome["operations"]] == [[insert(0, "text")]]


class TestLinger:
    @pytest.fixture(autouse=True)
    def soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("jupyter_speccollab.service.presence.attendance.LINGER", 0.8)

    async def test_a_lost_session_stays_listed_for_a_while(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        two.close()
        assert len((await ada.joined(spec_id)).welcome["activeUsers"]) == 2
        assert len((await ada.call("GET", f"api/specs/{spec_id}/document"))["activeCollaborators"]) == 2
        await one.nothing_more()
        left = await one.expect("user_left")
        assert left["userId"] == two.me["userId"]
        assert len(left["activeUsers"]) == 1
        assert len((await ada.call("GET", f"api/specs/{spec_id}/document"))["activeCollaborators"]) == 1
        back = await resumed(bob, two)
        assert (
            back.welcome["sessionId"] != two.welcome["sessionId"]
        )  # too late for the session, not for the text
        assert back.welcome["operations"] == []

    async def test_a_resumed_session_lingers_no_longer(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        two.close()
        await two.closed()
        back = await resumed(bob, two)
        await asyncio.sleep(1.0)
        await one.nothing_more()
        await back.commits(insert(0, "x"), version=1)

    async def test_a_taken_over_socket_that_closes_takes_nothing_with_it(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        back = await resumed(bob, two)
        assert await two.closed() == 4409
        await asyncio.sleep(1.0)
        await one.nothing_more()
        await back.commits(insert(0, "x"), version=1)


class TestSessionCount:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sessions_per_user": 1}

    async def test_a_session_without_a_connection_does_not_count(self, ada: Login) -> None:
        spec_id = await ada.new_spec("text")
        one = await ada.joined(spec_id)
        two = await resumed(ada, one)
        assert await one.closed() == 4409
        two.close()
        await two.closed()
        await ada.joined(spec_id)


# syncs --------------------------------------------------------------------------------------------------


async def test_request_sync_lists_what_came_or_gives_the_text(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(4, "!"))
    told = await two.expect("remote_operation")
    epoch = one.welcome["epoch"]
    await two.send("request_sync", lastKnownVersion=1)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": [told]}
    await two.send("request_sync", lastKnownVersion=2)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": []}
    await two.send("request_sync", lastKnownVersion=1, content=False)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": [told]}
    for asked in (
        {"lastKnownVersion": 2, "content": True},
        {"lastKnownVersion": 3},
        {"lastKnownVersion": 2**53 - 1},
    ):
        await two.send("request_sync", **asked)
        assert await two.expect("sync") == {"version": 2, "epoch": epoch, "content": "text!"}, asked
    await two.nothing_more()


async def test_four_mebibytes_of_operations_come_as_content(ada: Login) -> None:
    spec_id = await ada.new_spec("")
    path = f"api/specs/{spec_id}/document"
    for version in range(6):
        content = chr(97 + version) * 400_000
        assert (await ada.call("PUT", path, {"content": content, "version": version}))[
            "version"
        ] == version + 1
    socket = await ada.joined(spec_id, lastKnownVersion=0, epoch=(await ada.call("GET", path))["epoch"])
    assert "content" in socket.welcome or len(str(socket.welcome["operations"])) <= 4 * 1024 * 1024
    await socket.send("request_sync", lastKnownVersion=5)
    (entry,) = (await socket.expect("sync"))["operations"]
    assert entry["version"] == 6


# the server goes and comes ------------------------------------------------------------------------------


async def test_a_shutdown_closes_with_1001(ada: Login, jp_serverapp: Any) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    await one.commits(insert(0, "x"))
    await services_of(jp_serverapp).documents.close()
    assert await one.closed() == 1001


async def test_a_restart_loses_nothing_that_was_acked(tmp_path: Path) -> None:
    server = await asyncio.to_thread(JupyterServer(tmp_path).start)
    try:
        ada = server.login("ada", "Ada Lovelace")
        spec_id = await ada.new_spec("text")
        one = await ada.joined(spec_id)
        first = await one.commits(insert(4, "!"))
        await one.commits(insert(0, "# "))
        user_id = one.me["userId"]
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        back = await resumed(ada, one)
        assert back.me["userId"] == user_id
        assert back.welcome["epoch"] == one.welcome["epoch"]
        assert (back.welcome["version"], back.welcome["operations"]) == (3, [])
        again = await back.commits(insert(4, "!"), version=1, operationId=first["operationId"])
        assert again["version"] == 2
        await is_reused(back, first, insert(4, "?"), version=1)
        back.version = 3
        assert (await back.commits(delete(0, 2)))["version"] == 4
        await asyncio.to_thread(server.stop)
        assert await back.closed() == 1001
    finally:
        await asyncio.to_thread(server.kill)


# two servers on one file --------------------------------------------------------------------------------


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
    """Both type without waiting, made on one version; the streams have no gap and end in one text."""
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
    """Somebody who was acked here and asks there is not told of an older text."""
    path = f"api/specs/{one.spec_id}"
    for _ in range(3):
        ack = await one.commits(insert(0, "x"))
        assert (await right.call("GET", f"{path}/document"))["version"] == ack["version"]
        ack = await one.commits(insert(0, "y"))
        assert (await right.call("GET", f"{path}/revisions/{ack['version']}"))["version"] == ack["version"]
        ack = await one.commits(insert(0, "z"))
        labelled = await right.call("POST", f"{path}/revisions", {"label": "now"})
        assert labelled["version"] == ack["version"]


def test_the_plain_client_applies_in_order() -> None:
    """The model that these tests compare with does what section 1 of the protocol says."""
    assert applied("abc", [insert(1, "X"), delete(3, 1), {"type": "insert", "content": "Y"}]) == "aXbY"
