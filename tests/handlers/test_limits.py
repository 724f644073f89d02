"""The limits of requests: the error for each, and their configuration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.handlers.request_body import RequestBody
from tests.handlers.logins import Login


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"sessions_per_user": 2, "users_per_spec": 2, "frame_bytes": 4_096, "writes_per_minute": 5}


async def test_sessions_count_whatever_carries_them(ada: Login, bob: Login, logins: Any) -> None:
    spec_id = await ada.new_spec("text")
    session = f"api/specs/{spec_id}/session"
    socket = await ada.joined(spec_id)
    polled = await ada.call("POST", session, {"specId": spec_id})
    assert polled["limits"]["sessionsPerUser"] == 2
    assert await ada.refused("POST", session, {"specId": spec_id}) == (429, "TOO_MANY_SESSIONS")
    third = await ada.socket(spec_id)
    await third.expect("connect")
    await third.send("join_session", specId=spec_id)
    assert (await third.expect("error"))["code"] == "TOO_MANY_SESSIONS"
    assert await third.closed() == 4429
    again = await ada.call("POST", session, {"specId": spec_id, "sessionId": polled["sessionId"]})
    assert again["sessionId"] == polled["sessionId"]
    await ada.call("DELETE", f"{session}/{polled['sessionId']}")
    await ada.call("POST", session, {"specId": spec_id})
    await bob.call("POST", session, {"specId": spec_id})
    eve = logins.of("eve", "Eve")
    assert await eve.refused("POST", session, {"specId": spec_id}) == (429, "SPEC_FULL")
    await socket.nothing_more_but("user_joined", "user_left", "remote_cursor")


async def test_a_body_of_polling_is_bound_like_a_frame(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    session = f"api/specs/{spec_id}/session"
    joined = await ada.call("POST", session, {"specId": spec_id})
    events = f"{session}/{joined['sessionId']}/events"
    ping = json.dumps([{"event": "ping"}])
    assert await ada.call("POST", events, ping.ljust(4_096)) == {}
    assert await ada.refused("POST", events, ping.ljust(4_097)) == (413, "OPERATION_TOO_LARGE")
    assert await ada.refused("POST", session, "{}".ljust(4_097)) == (413, "OPERATION_TOO_LARGE")


async def test_saves_renames_restores_and_sharing_have_a_minute_of_their_own(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    path = f"api/specs/{spec_id}"
    for method, where, body in [
        ("PUT", "/document", {"content": "more", "version": 1}),
        ("PATCH", "", {"title": "new"}),
        ("POST", "/revisions/1/restore", {}),
        ("PUT", "/collaborators/user:bob", {"role": "admin"}),
    ]:
        await ada.call(method, path + where, body)
    for method, where, body in [
        ("PUT", "/document", {"content": "most", "version": 2}),
        ("PATCH", "", {"title": "newer"}),
        ("POST", "/revisions/1/restore", {}),
        ("PUT", "/collaborators/user:bob", {"role": "viewer"}),
        ("DELETE", "/collaborators/user:bob", None),
    ]:
        answer = await ada.fetch(method, path + where, body)
        envelope = json.loads(answer.body)
        assert (answer.code, envelope["code"]) == (429, "RATE_LIMITED"), (method, where)
        assert 0 < envelope["details"]["retryAfterMs"] <= 60_000
    repeat = await ada.call("PUT", f"{path}/document", {"content": "more", "version": 1})
    assert repeat["content"] == "text"
    await bob.call("PATCH", path, {"title": "bob's minute is another"})
    socket = await ada.joined(spec_id)
    await socket.commits({"type": "insert", "position": 0, "content": "x"})


@given(st.lists(st.binary(max_size=20)), st.integers(0, 60))
def test_a_request_body_is_kept_whole_or_not_at_all(chunks: list[bytes], most: int) -> None:
    body = RequestBody(most)
    for chunk in chunks:
        body.add(chunk)
        assert len(body.content) <= most
    sent = b"".join(chunks)
    assert body.is_too_long == (len(sent) > most)
    assert body.content == (b"" if body.is_too_long else sent)


async def test_a_text_of_escapes_and_one_of_long_characters_fit(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    for version, character in enumerate("я🎈"):
        escaped = json.dumps({"content": character * 2_000_000, "version": version + 1}).encode()
        assert (await ada.fetch("PUT", f"api/specs/{spec_id}/document", escaped)).code == 200


@pytest.mark.parametrize(
    ("method", "where", "most"),
    [("PUT", "/document", 65_536 + 12 * 2_000_000), ("PATCH", "", 65_536), ("POST", "/revisions", 65_536)],
)
async def test_a_body_that_is_too_long_is_not_parsed(ada: Login, method: str, where: str, most: int) -> None:
    spec_id = await ada.new_spec("text")
    refused = await ada.refused(method, f"api/specs/{spec_id}{where}", b"{" + b" " * most)
    assert refused == (413, "DOCUMENT_TOO_LARGE")
