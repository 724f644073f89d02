"""Opening a WebSocket: the ``connect`` event, or an error and a close code."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.handlers.logins import Login, Logins


def moment(text: str) -> datetime:
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text)


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


@pytest.mark.parametrize("spec_id", [str(UUID(int=0)), "not-a-uuid", "0", "%F0%9F%98%80"])
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
