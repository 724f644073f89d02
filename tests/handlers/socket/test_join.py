"""Opening a WebSocket, joining, leaving, and who is told of it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.handlers.logins import Login, Logins, Socket, insert

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


# opening ------------------------------------------------------------------------------------------------


async def test_connect_is_the_first_event_and_says_who_one_is(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id)
    greeting = await socket.expect("connect")
    assert greeting.keys() == {"specId", "userId", "userName", "timestamp", "protocol"}
    assert greeting["specId"] == spec_id
    assert UUID(greeting["userId"]).version == 5
    assert greeting["userName"] == "Ada Lovelace"
    assert greeting["protocol"] == 1
    moment(greeting["timestamp"])
    await socket.nothing_more()


@pytest.mark.parametrize("spec_id", [str(uuid4()), "not-a-uuid", "0", "%F0%9F%98%80"])
async def test_an_unknown_spec_is_told_and_closed_with_4404(ada: Login, spec_id: str) -> None:
    socket = await ada.socket(spec_id)
    error = await socket.expect("error")
    assert error["code"] == "SPEC_NOT_FOUND"
    assert error["message"]
    assert error["requestId"]
    assert await socket.closed() == 4404


async def test_a_stranger_is_told_and_closed_with_4401(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("secret")
    socket = await logins.stranger().socket(spec_id)
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401


async def test_a_stranger_learns_nothing_of_which_specs_there_are(logins: Logins) -> None:
    socket = await logins.stranger().socket(str(uuid4()))
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401


@pytest.mark.parametrize("scheme", ["token", "Bearer"])
async def test_a_bad_token_is_never_replaced_by_a_good_cookie(ada: Login, scheme: str) -> None:
    spec_id = await ada.new_spec("secret")
    socket = await ada.socket(spec_id, headers={"Authorization": f"{scheme} wrong"})
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401


async def test_a_bad_token_in_the_query_is_never_replaced_by_a_good_cookie(ada: Login) -> None:
    spec_id = await ada.new_spec("secret")
    socket = await ada.socket(spec_id, query="?token=wrong")
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.closed() == 4401


async def test_what_a_refused_socket_says_is_not_acted_on(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("secret")
    socket = await logins.stranger().socket(spec_id)
    await socket.send("join_session", specId=spec_id)
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    assert await socket.event() is None
    assert (await ada.joined(spec_id)).welcome["activeUsers"][0]["userName"] == "Ada Lovelace"


async def test_a_foreign_origin_fails_the_handshake_with_403(ada: Login) -> None:
    spec_id = await ada.new_spec("secret")
    headers = {**ada.headers, "Origin": "https://evil.example"}
    with pytest.raises(HTTPClientError) as failure:
        await websocket_connect(HTTPRequest(f"ws://{ada.address}ws/specs/{spec_id}", headers=headers))
    assert failure.value.code == 403


async def test_a_specs_id_in_capitals_is_the_same_spec(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id.upper())
    assert (await socket.expect("connect"))["specId"] == spec_id
    await socket.send("join_session", specId=spec_id.upper())
    assert (await socket.expect("session_joined"))["content"] == "text"


# joining ------------------------------------------------------------------------------------------------


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
        assert (await one.expect("remote_cursor"))["cursor"] is None  # a session ended, its user stays
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
    """Every event but ``join_session`` and ``ping`` is NOT_JOINED, and the socket stays."""
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


# forms of the stream ------------------------------------------------------------------------------------


async def test_a_client_that_asked_for_batches_may_get_arrays_in_order(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id, batch=True)
    for number in range(40):
        await one.edit(insert(0, str(number)), version=0)
    raw: list[object] = []
    versions: list[int] = []
    while len(versions) < 40:
        frame = await two.connection.read_message()
        assert isinstance(frame, str)
        parsed = json.loads(frame)
        raw.append(parsed)
        events = parsed if isinstance(parsed, list) else [parsed]
        versions += [event["data"]["version"] for event in events if event["event"] == "remote_operation"]
    assert versions == list(range(1, 41))
    assert any(isinstance(frame, list) for frame in raw)


async def test_a_client_that_did_not_ask_never_gets_an_array(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    for number in range(40):
        await one.edit(insert(0, str(number)), version=0)
    seen = 0
    while seen < 40:
        frame = await two.connection.read_message()
        assert isinstance(frame, str)
        parsed = json.loads(frame)
        assert isinstance(parsed, dict)
        seen += parsed["event"] == "remote_operation"


async def test_cursors_come_under_the_name_that_was_asked_for(ada: Login, bob: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    two = await bob.joined(spec_id, cursorEvent="cursor_broadcast")
    three = await logins.of("eve", "Eve").joined(spec_id, cursorEvent="remote_cursor")
    await two.until("user_joined")
    await one.send("cursor_update", cursor={"line": 0, "column": 2})
    broadcast = await two.expect("cursor_broadcast")
    assert await three.expect("remote_cursor") == broadcast
    assert broadcast["cursor"] == {"line": 0, "column": 2, "selection": None}


async def test_text_goes_out_as_unescaped_utf8(ada: Login) -> None:
    spec_id = await ada.new_spec("naïve 😀 日本")
    socket = await ada.socket(spec_id)
    await socket.expect("connect")
    await socket.send("join_session", specId=spec_id)
    frame = await socket.connection.read_message()
    assert isinstance(frame, str)
    assert "naïve 😀 日本" in frame


async def test_a_document_at_its_limit_can_be_joined(ada: Login) -> None:
    content = "😀" * 2_000_000
    spec_id = await ada.new_spec(content)
    socket = await ada.joined(spec_id)
    assert (
        hashlib.sha256(socket.welcome["content"].encode()).digest()
        == hashlib.sha256(content.encode()).digest()
    )
    await socket.edit(insert(0, "x"))
    assert (await socket.answer())["code"] == "DOCUMENT_TOO_LARGE"
    await socket.commits({"type": "delete", "position": 1_999_999, "length": 1})
    await socket.commits(insert(1_999_999, "ä"))
    await socket.send("request_sync", lastKnownVersion=0, content=True)
    assert (await socket.until("sync"))["content"] == "😀" * 1_999_999 + "ä"


# limits -------------------------------------------------------------------------------------------------


async def test_the_limits_are_those_of_the_protocol_where_nothing_else_is_configured(
    ada: Login, logins: Logins
) -> None:
    """By whatever transport: requests are enough to count."""

    async def join(login: Login, spec_id: str) -> tuple[int, str | None]:
        response = await login.fetch("POST", f"api/specs/{spec_id}/session", {"specId": spec_id})
        return response.code, json.loads(response.body).get("code")

    specs = [await ada.new_spec() for _ in range(11)]
    for spec_id in specs[:9]:
        assert [await join(ada, spec_id) for _ in range(5)] == [(200, None)] * 5
        assert await join(ada, spec_id) == (429, "TOO_MANY_SESSIONS")
    assert [await join(ada, specs[9]) for _ in range(5)] == [(200, None)] * 5
    assert await join(ada, specs[10]) == (429, "TOO_MANY_SESSIONS")
    for number in range(50):
        assert await join(logins.of(f"user{number}", "User"), specs[10]) == (200, None)
    assert await join(logins.of("late", "Late"), specs[10]) == (429, "SPEC_FULL")
    assert await join(logins.of("user0", "User"), specs[10]) == (200, None)


class TestLimits:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"sessions_per_user": 2, "users_per_spec": 2, "sessions_per_user_in_all": 4}

    async def test_sessions_per_user_and_spec(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("text")
        tabs = [await ada.joined(spec_id) for _ in range(2)]
        assert tabs[0].welcome["limits"]["sessionsPerUser"] == 2
        third = await ada.socket(spec_id)
        await third.expect("connect")
        await third.send("join_session", specId=spec_id)
        assert (await third.expect("error"))["code"] == "TOO_MANY_SESSIONS"
        assert await third.closed() == 4429
        await bob.joined(spec_id)
        await tabs[0].send("leave_session", specId=spec_id)
        await tabs[0].nothing_more_but("user_joined")
        await ada.joined(spec_id)

    async def test_users_per_spec(self, ada: Login, bob: Login, logins: Logins) -> None:
        spec_id = await ada.new_spec("text")
        await ada.joined(spec_id)
        await bob.joined(spec_id)
        third = await logins.of("eve", "Eve").socket(spec_id)
        await third.expect("connect")
        await third.send("join_session", specId=spec_id)
        assert (await third.expect("error"))["code"] == "SPEC_FULL"
        assert await third.closed() == 4429
        await ada.joined(spec_id)  # another tab of somebody who is there

    async def test_sessions_per_user_in_all(self, ada: Login) -> None:
        specs = [await ada.new_spec("text", title=str(number)) for number in range(3)]
        tabs = [await ada.joined(spec_id) for spec_id in specs[:2] for _ in range(2)]
        fifth = await ada.socket(specs[2])
        await fifth.expect("connect")
        await fifth.send("join_session", specId=specs[2])
        assert (await fifth.expect("error"))["code"] == "TOO_MANY_SESSIONS"
        assert await fifth.closed() == 4429
        # Taking one's own session over makes none more, even where the limit is reached.
        again = await ada.joined(specs[0], sessionId=tabs[0].welcome["sessionId"])
        assert again.welcome["sessionId"] == tabs[0].welcome["sessionId"]
        assert await tabs[0].closed() == 4409
