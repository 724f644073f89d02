"""The forms of events: arrays, names of cursor events, UTF-8, and a document of the maximum length."""

from __future__ import annotations

import hashlib
import json

from tests.handlers.logins import Login, Logins, insert


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
