"""A session by polling: the same events in the same order as by WebSocket."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.service.sessions import polling as polls
from jupyter_speccollab.service.sessions.conversation import Conversation
from tests.handlers.logins import Login, insert, refusal


class Polling:
    """A minimal polling client."""

    def __init__(self, login: Login, spec_id: str) -> None:
        self.login = login
        self.path = f"api/specs/{spec_id}/session"
        self.spec_id = spec_id
        self.seq = 0
        self.welcome: dict[str, Any] = {}

    async def join(self, **data: Any) -> dict[str, Any]:
        self.welcome = await self.login.call("POST", self.path, {"specId": self.spec_id, **data})
        self.events_path = f"{self.path}/{self.welcome['sessionId']}/events"
        self.seq = 0
        return self.welcome

    async def send(self, *events: Any) -> None:
        assert await self.login.call("POST", self.events_path, list(events)) == {}

    async def edit(self, version: int, *components: Any) -> str:
        operation_id = str(uuid4())
        data = {"operationId": operation_id, "version": version, "operations": list(components)}
        await self.send({"event": "operation", "data": data})
        return operation_id

    async def events(self, wait: int = 5) -> list[dict[str, Any]]:
        answer = await self.login.call("GET", self.events_path, after=self.seq, wait=wait)
        assert [event["seq"] for event in answer["events"]] == sorted({e["seq"] for e in answer["events"]})
        self.seq = answer["seq"]
        return list(answer["events"])

    async def refusal_details(self) -> dict[str, Any]:
        """Fetch events; the server has to refuse it."""
        response = await self.login.fetch("GET", self.events_path, after=self.seq)
        assert refusal(response) == (409, "NOT_JOINED")
        details = json.loads(response.body)["details"]
        del details["requestId"]
        return dict(details)

    async def until(self, name: str) -> dict[str, Any]:
        while True:
            for event in await self.events():
                if event["event"] == name:
                    return dict(event["data"])


async def test_two_people_converge_one_on_each_transport(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("hello")
    one, two = Polling(ada, spec_id), await bob.joined(spec_id)
    welcome = await one.join()
    assert welcome["content"] == "hello"
    assert welcome["userName"] == "Ada Lovelace"
    assert welcome["userId"] in [user["userId"] for user in welcome["activeUsers"]]
    assert (await two.expect("user_joined"))["userName"] == "Ada Lovelace"
    mine = await one.edit(1, insert(5, " world"))
    assert (await one.until("operation_ack"))["operationId"] == mine
    assert (await two.expect("remote_operation"))["operations"] == [insert(5, " world")]
    await two.edit(insert(0, "oh "), version=1)
    assert (await one.until("remote_operation"))["operations"] == [insert(0, "oh ")]
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "oh hello world"
    two.close()


async def test_a_fetch_may_be_repeated(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    await one.edit(1, insert(0, "a"))
    await asyncio.sleep(0.3)
    first = await one.login.call("GET", one.events_path, after=0, wait=5)
    again = await one.login.call("GET", one.events_path, after=0, wait=5)
    assert first == again
    assert first["events"][0]["seq"] > 0


async def test_a_second_fetch_ends_the_first(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    waiting = asyncio.ensure_future(one.login.call("GET", one.events_path, after=one.seq + 99, wait=9))
    await asyncio.sleep(0.2)
    await one.login.call("GET", one.events_path, after=99, wait=0)
    assert (await asyncio.wait_for(waiting, 2))["events"] == []


async def test_a_bad_event_gets_its_error_and_the_rest_go_on(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    good = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "a")]}
    await one.send({"event": "nonsense"}, 5, {"event": "operation", "data": good})
    names: list[str] = []
    while "operation_ack" not in names:
        names += [event["event"] for event in await one.events()]
    assert names.count("error") == 2


async def test_what_a_frame_would_be_told_by_its_id_a_body_is_told_too(ada: Login) -> None:
    """A deeply nested or large event in an array is answered, and the other events are handled."""
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    ids = [str(uuid4()) for _ in range(4)]
    deep, lists = "[" * 20_000 + "]" * 20_000, ["[" + "9" * 5_000 + "]", '[{"content":"\\ud800"}]', '"[,"']
    texts = [
        f'{{"event":"operation","data":{{"operationId":"{operation_id}","version":1,"operations":{operations}}}}}'
        for operation_id, operations in zip(ids, [*lists, deep], strict=True)
    ]
    body = ' [{"event":"ping"} , ' + ",".join(texts) + ',{"event":"ping","data":{"more":[1,{}]}}]\n'
    assert (await ada.fetch("POST", one.events_path, body)).code == 200
    events: list[dict[str, Any]] = []
    while len(events) < 6:
        events += await one.events()
    assert [event["event"] for event in events].count("pong") == 2
    acks = [event["data"] for event in events if event["event"] == "operation_ack"]
    assert {ack["operationId"]: ack["success"] for ack in acks} == dict.fromkeys(ids, False)


async def test_a_session_that_is_not_here_is_told_to_join_again(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("x")
    one = Polling(ada, spec_id)
    await one.join()
    events = one.events_path
    assert await bob.refused("GET", events, after=0) == (409, "NOT_JOINED")
    assert await ada.refused("GET", f"{one.path}/{uuid4()}/events") == (409, "NOT_JOINED")
    assert await ada.call("DELETE", events.removesuffix("/events")) == {}
    assert await ada.refused("POST", events, []) == (409, "NOT_JOINED")


async def test_a_session_ends_by_silence_and_not_while_it_is_asked_after(
    ada: Login, bob: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert polls.SILENCE == 60
    monkeypatch.setattr(polls, "SILENCE", 0.5)
    spec_id = await ada.new_spec("x")
    socket = await bob.joined(spec_id)
    one = Polling(ada, spec_id)
    await one.join()
    await socket.expect("user_joined")
    fetch = asyncio.create_task(one.events())
    await asyncio.sleep(1.0)
    await socket.nothing_more()
    await socket.commits(insert(0, "a"))
    assert [event["event"] for event in await fetch] == ["remote_operation"]
    assert (await socket.expect("user_left"))["userId"] == one.welcome["userId"]
    assert await ada.refused("GET", one.events_path, after=one.seq) == (409, "NOT_JOINED")


async def test_resuming_takes_the_session_over_from_a_socket(ada: Login) -> None:
    spec_id = await ada.new_spec("x")
    socket = await ada.joined(spec_id)
    await socket.edit(insert(0, "a"))
    await socket.expect("operation_ack")
    one = Polling(ada, spec_id)
    welcome = await one.join(
        sessionId=socket.welcome["sessionId"], lastKnownVersion=1, epoch=socket.welcome["epoch"]
    )
    assert welcome["sessionId"] == socket.welcome["sessionId"]
    assert [entry["version"] for entry in welcome["operations"]] == [2]
    assert await socket.closed() == 4409


async def test_a_session_that_another_connection_has_taken_over_says_so(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    other = await ada.joined(one.spec_id, sessionId=one.welcome["sessionId"])
    assert await one.refusal_details() == {"takenOver": True}
    other.close()
    await one.join()
    await ada.call("DELETE", one.events_path.removesuffix("/events"))
    assert await one.refusal_details() == {}


async def test_of_many_bad_events_in_a_request_the_last_are_counted(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    await ada.call("POST", one.events_path, [{"event": "nothing", "data": {}}] * 1_500)
    events = await one.events()
    assert [event["event"] for event in events] == ["error"] * 101
    assert "1,400 more events" in events[-1]["data"]["message"]
    await ada.call("POST", one.events_path, [{"event": "nothing", "data": {}}] * 100)
    assert len(await one.events()) == 100


async def test_bodies_are_bound_and_checked(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    assert await ada.refused("POST", one.events_path, "x" * 70_000) == (413, "OPERATION_TOO_LARGE")
    assert await ada.refused("POST", one.events_path, "{") == (400, "INVALID_MESSAGE")
    assert await ada.refused("POST", one.events_path, {}) == (400, "INVALID_MESSAGE")
    assert await ada.refused("POST", one.path, {"specId": str(uuid4())}) == (400, "INVALID_MESSAGE")
    assert await ada.refused("GET", one.events_path, after="x") == (400, "INVALID_MESSAGE")
    for wait in ("x", "-1", "nan", "inf", "1_0", "\u0661", ""):
        assert await ada.refused("GET", one.events_path, wait=wait) == (400, "INVALID_MESSAGE")


async def test_a_fetch_may_wait_for_a_part_of_a_second(ada: Login) -> None:
    one = Polling(ada, await ada.new_spec("x"))
    await one.join()
    before = time.monotonic()
    assert await ada.call("GET", one.events_path, after=0, wait=0.3) == {"events": [], "seq": 0}
    assert time.monotonic() - before > 0.25


async def test_a_deleted_spec_is_an_event_and_then_a_404(ada: Login) -> None:
    spec_id = await ada.new_spec("x")
    one = Polling(ada, spec_id)
    await one.join()
    await ada.call("DELETE", f"api/specs/{spec_id}")
    assert (await one.until("document_deleted"))["specId"] == spec_id
    assert await ada.refused("GET", one.events_path, after=one.seq) == (404, "SPEC_NOT_FOUND")


async def test_the_events_of_one_request_leave_turns_to_others(
    ada: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling = Polling(ada, await ada.new_spec("x"))
    await polling.join()
    iterations, seen = 0, set()
    take = Conversation.take

    def noted(conversation: Conversation, frame: str | bytes) -> Any:
        seen.add(iterations)
        return take(conversation, frame)

    monkeypatch.setattr(Conversation, "take", noted)
    sending = asyncio.create_task(polling.send(*[{"event": "ping", "data": {}}] * 1_000))
    while not sending.done():
        await asyncio.sleep(0)
        iterations += 1
    await sending
    assert len(seen) >= 100
