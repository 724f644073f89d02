"""Joining and leaving a session, and what other sessions receive."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from tests.handlers.logins import Login, Socket, insert

LIMITS = {
    "operationsPerMinute": 100,
    "operationLength": 10_000,
    "frameBytes": 65_536,
    "documentLength": 2_000_000,
    "sessionsPerUser": 5,
    "usersPerSpec": 50,
    "cursorUpdatesPerSecond": 20,
    "maxStaleVersions": 1_000,
}


ROW = {"userId", "userName", "color", "avatarUrl", "cursor", "joinedAt"}


def moment(text: str) -> datetime:
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text)


async def test_session_joined_holds_all_that_a_client_needs(ada: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    socket = await ada.joined(spec_id)
    welcome = socket.welcome
    assert welcome.keys() == {
        "specId", "sessionId", "epoch", "version", "content", "role", "activeUsers", "limits",
    }  # fmt: skip
    assert welcome["specId"] == spec_id
    UUID(welcome["sessionId"])
    assert welcome["epoch"] == (await ada.call("GET", f"api/specs/{spec_id}/document"))["epoch"]
    UUID(welcome["epoch"])
    assert (welcome["version"], welcome["content"], welcome["role"]) == (1, "# Churn\n", "owner")
    assert welcome["limits"] == LIMITS
    (row,) = welcome["activeUsers"]
    assert row.keys() == ROW
    assert row["userId"] == socket.me["userId"]
    assert row["userName"] == "Ada Lovelace"
    assert row["color"]
    assert row["cursor"] is None
    moment(row["joinedAt"])
    await socket.nothing_more()


async def test_others_are_told_of_a_newcomer_and_the_newcomer_is_not(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    two = await bob.joined(spec_id)
    told = await one.expect("user_joined")
    assert told.keys() == {"userId", "userName", "cursor", "activeUsers", "version"}
    assert (told["userId"], told["userName"]) == (two.me["userId"], "Bob Kahn")
    assert told["cursor"] is None
    assert told["version"] == 1
    assert [row["userName"] for row in told["activeUsers"]] == ["Ada Lovelace", "Bob Kahn"]
    assert all(row.keys() == ROW for row in told["activeUsers"])
    assert two.welcome["activeUsers"] == told["activeUsers"]
    await one.nothing_more()
    await two.nothing_more()


async def test_others_are_told_of_who_leaves(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    await two.send("leave_session", specId=spec_id)
    told = await one.expect("user_left")
    assert told.keys() == {"userId", "activeUsers", "version"}
    assert told["userId"] == two.me["userId"]
    assert told["version"] == 1
    assert [row["userName"] for row in told["activeUsers"]] == ["Ada Lovelace"]
    await one.nothing_more()
    await two.nothing_more()


async def test_a_user_is_one_row_however_many_sessions(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    tabs = [await bob.joined(spec_id) for _ in range(3)]
    assert len({tab.welcome["sessionId"] for tab in tabs}) == 3
    assert len(tabs[2].welcome["activeUsers"]) == 2
    await one.expect("user_joined")
    await one.nothing_more()
    for tab in tabs[:2]:
        await tab.send("leave_session", specId=spec_id)
        assert (await one.expect("remote_cursor"))["cursor"] is None  # the user has another session
    await one.nothing_more()
    await tabs[2].send("leave_session", specId=spec_id)
    assert (await one.expect("user_left"))["userId"] == tabs[2].me["userId"]
    await one.nothing_more()


async def test_joining_again_on_one_socket_is_a_resync(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    await one.commits(insert(4, "!"))
    await two.expect("remote_operation")
    await two.send("join_session", specId=spec_id)
    again = await two.expect("session_joined")
    assert again["sessionId"] == two.welcome["sessionId"]
    assert (again["version"], again["content"]) == (2, "text!")
    assert len(again["activeUsers"]) == 2
    await two.send("join_session", specId=spec_id, lastKnownVersion=1, epoch=again["epoch"])
    resumed = await two.expect("session_joined")
    assert "content" not in resumed
    assert [entry["version"] for entry in resumed["operations"]] == [2]
    await one.nothing_more()
    await two.nothing_more()


async def test_another_spec_than_the_paths_is_refused_and_the_socket_stays(ada: Login) -> None:
    spec_id, other = await ada.new_spec("text"), await ada.new_spec("other")
    socket = await ada.socket(spec_id)
    await socket.expect("connect")
    for wrong in (other, str(uuid4()), "nonsense", ""):
        await socket.send("join_session", specId=wrong)
        assert (await socket.expect("error"))["code"] == "INVALID_MESSAGE", wrong
    await socket.send("join_session", specId=spec_id)
    assert (await socket.expect("session_joined"))["content"] == "text"
    await socket.send("join_session", specId=other)
    assert (await socket.expect("error"))["code"] == "INVALID_MESSAGE"
    await socket.send("leave_session", specId=other)
    assert (await socket.expect("error"))["code"] == "INVALID_MESSAGE"
    await socket.nothing_more()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"specId": None},
        {"specId": 5},
        {"specId": "SPEC", "batch": "yes"},
        {"specId": "SPEC", "cursorEvent": "cursor_shout"},
        {"specId": "SPEC", "lastKnownVersion": -1},
        {"specId": "SPEC", "lastKnownVersion": 1.5},
        {"specId": "SPEC", "lastKnownVersion": "1"},
        {"specId": "SPEC", "lastKnownVersion": True},
        {"specId": "SPEC", "epoch": 7},
        {"specId": "SPEC", "sessionId": 7},
    ],
)
async def test_a_malformed_join_is_refused_and_the_socket_stays(ada: Login, data: dict[str, object]) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id)
    await socket.expect("connect")
    await socket.send(
        "join_session", **{key: spec_id if value == "SPEC" else value for key, value in data.items()}
    )
    assert (await socket.expect("error"))["code"] == "INVALID_MESSAGE"
    await socket.send("join_session", specId=spec_id, unknown={"field": [1]}, batch=False, cursorEvent=None)
    assert (await socket.expect("session_joined"))["version"] == 1


async def not_joined(socket: Socket, spec_id: str) -> None:
    """Every event except ``join_session`` and ``ping`` is refused with NOT_JOINED; the connection stays open."""
    for event, data in [
        ("cursor_update", {"cursor": {"line": 0, "column": 0}}),
        ("cursor_update", {"cursor": None, "version": 99}),
        ("request_sync", {"lastKnownVersion": 0}),
        ("request_sync", {"lastKnownVersion": 0, "content": True}),
        ("leave_session", {"specId": spec_id}),
    ]:
        await socket.send(event, **data)
        assert (await socket.expect("error"))["code"] == "NOT_JOINED", event
    operation_id = await socket.edit(insert(0, "x"), version=1)
    ack = await socket.expect("operation_ack")
    assert ack["operationId"] == operation_id
    assert (ack["success"], ack["code"]) == (False, "NOT_JOINED")
    assert ack["message"]
    await socket.nothing_more()


async def test_everything_before_joining_is_not_joined(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id)
    await socket.expect("connect")
    await not_joined(socket, spec_id)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text"


async def test_one_may_leave_and_join_again(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket, other = await ada.joined(spec_id), await bob.joined(spec_id)
    await socket.expect("user_joined")
    await socket.send("leave_session", specId=spec_id)
    await not_joined(socket, spec_id)
    await other.commits(insert(0, "more "))
    await socket.nothing_more()
    await socket.send("join_session", specId=spec_id)
    again = await socket.expect("session_joined")
    assert again["content"] == "more text"
    assert again["sessionId"] != socket.welcome["sessionId"]
    assert (await socket.commits(insert(0, "a"), version=2))["version"] == 3


async def test_authenticate_fails_without_ending_the_session(ada: Login) -> None:
    socket = await ada.joined(await ada.new_spec("text"))
    await socket.send("authenticate", token="nonsense")
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    await socket.commits(insert(0, "still here"))
