"""Drafts: what somebody is typing goes to others with the cursor, and nothing of it is kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, Socket, delete, insert, text_of

PLACE = {"line": 0, "column": 0}


def drafted(*components: Any, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"version": version, "inFlight": None, "operations": list(components), **more}


async def pair(ada: Login, bob: Login, content: str = "text") -> tuple[Socket, Socket, str]:
    """A page of Ada, and one of Bob that takes drafts."""
    spec_id = await ada.new_spec(content)
    one = await ada.joined(spec_id)
    two = await bob.joined(spec_id, features=["drafts"])
    await one.expect("user_joined")
    return one, two, spec_id


async def test_a_draft_goes_to_clients_with_the_feature(ada: Login, bob: Login) -> None:
    one, two, spec_id = await pair(ada, bob)
    other = await bob.joined(spec_id)
    flying = {"operationId": str(uuid4()), "operations": [delete(0, 1), insert(0, "a")]}
    draft = drafted(insert(4, "b"), cursor={"line": 0, "column": 5}) | {"inFlight": flying}
    await one.send("cursor_update", cursor=PLACE, version=1, draft=draft)
    told = await two.expect("remote_cursor")
    assert told.pop("draft") == draft
    assert await other.expect("remote_cursor") == told
    await one.nothing_more()
    assert await text_of(ada, spec_id) == "text"
    assert (await bob.joined(spec_id, features=["drafts"])).welcome["version"] == 1


async def test_by_polling_it_is_the_same(ada: Login, bob: Login) -> None:
    one, _, spec_id = await pair(ada, bob)
    path = f"api/specs/{spec_id}/session"
    welcome = await bob.call("POST", path, {"specId": spec_id, "features": ["drafts", "colors"]})
    assert (welcome["threadsVersion"], welcome["verdictsVersion"]) == (0, 0)
    draft = drafted(insert(0, "x"))
    await one.send("cursor_update", cursor=PLACE, draft=draft)
    events = f"{path}/{welcome['sessionId']}/events"
    fetched = await bob.call("GET", events, after=0, wait=5)
    assert fetched["events"][0]["data"]["draft"] == draft
    two = await bob.joined(spec_id, features=["drafts"])
    sent = [{"event": "cursor_update", "data": {"cursor": PLACE, "draft": draft}}]
    await bob.call("POST", events, sent)
    assert (await two.until("remote_cursor"))["draft"] == draft


async def test_features_hold_until_the_next_join(ada: Login, bob: Login) -> None:
    one, two, spec_id = await pair(ada, bob)
    again = await bob.joined(spec_id, sessionId=two.welcome["sessionId"], lastKnownVersion=1)
    assert "threadsVersion" not in again.welcome
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" not in await again.until("remote_cursor")
    resumed = await bob.joined(
        spec_id, sessionId=two.welcome["sessionId"], lastKnownVersion=1, features=["drafts"]
    )
    assert resumed.welcome["threadsVersion"] == 0
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "y")))
    assert (await resumed.until("remote_cursor"))["draft"] == drafted(insert(0, "y"))


@pytest.mark.parametrize("features", [None, "drafts", {}, [1], ["drafts", None], 5])
async def test_features_that_are_no_list_of_strings_are_refused(ada: Login, features: Any) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id)
    await socket.send("join_session", specId=spec_id, features=features)
    assert (await socket.until("error"))["code"] == "INVALID_MESSAGE"
    status, code = await ada.refused(
        "POST", f"api/specs/{spec_id}/session", {"specId": spec_id, "features": features}
    )
    assert (status, code) == (400, "INVALID_MESSAGE")


OPERATION_ID = str(uuid4())


@pytest.mark.parametrize(
    "draft",
    [
        5,
        "x",
        [],
        {},
        {"version": 1},
        drafted(insert(5, "outside")),
        drafted({"type": "delete", "position": 0, "length": 5}),
        drafted({"type": "insert", "position": 0.5, "content": "x"}),
        drafted({"type": "insert", "position": 0, "content": "\r"}),
        drafted({"type": "insert", "position": 0, "content": "\ud800"}),
        drafted({"type": "paint", "position": 0}),
        drafted("x"),
        drafted(insert(0, "x"), version=2),
        drafted(insert(0, "x"), version=-1),
        drafted(insert(0, "x"), cursor=5),
        drafted(insert(0, "x"), cursor={"line": -1, "column": 0}),
        drafted(insert(0, "x")) | {"inFlight": {"operationId": "x", "operations": []}},
        drafted(insert(0, "x")) | {"inFlight": {"operationId": OPERATION_ID}},
        drafted(insert(0, "x")) | {"inFlight": 5},
        drafted(insert(0, "x" * 4_000)),
        drafted({**insert(0, "x"), "more": "y" * 4_000}),
        drafted(*[insert(0, "x")] * 200),
    ],
)
async def test_of_a_draft_that_does_not_fit_only_the_cursor_goes_on(
    ada: Login, bob: Login, draft: Any
) -> None:
    one, two, _ = await pair(ada, bob)
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "good")))
    assert "draft" in await two.expect("remote_cursor")
    frame = {"event": "cursor_update", "data": {"cursor": {"line": 0, "column": 2}, "draft": draft}}
    await one.raw(json.dumps(frame))
    told = await two.expect("remote_cursor")
    assert told["cursor"]["column"] == 2
    assert "draft" not in told
    await one.nothing_more()


async def test_the_longest_draft_is_measured_as_compact_json(ada: Login, bob: Login) -> None:
    one, two, _ = await pair(ada, bob)
    empty = len(json.dumps([insert(0, "")], separators=(",", ":"))) + len("[]")
    flying = {"operationId": str(uuid4()), "operations": []}
    for length, goes in ((4_000, True), (4_001, False)):
        draft = drafted(insert(0, "😀" * 2 + "x" * (length - empty - 4))) | {"inFlight": flying}
        frame = {"event": "cursor_update", "data": {"cursor": PLACE, "draft": draft}}
        await one.raw(json.dumps(frame, indent=8))
        assert ("draft" in await two.expect("remote_cursor")) is goes


async def test_a_viewers_draft_is_refused_and_the_cursor_goes_on(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    one, two = await ada.joined(spec_id, features=["drafts"]), await bob.joined(spec_id)
    await two.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" not in await one.until("remote_cursor")
    await two.nothing_more()


async def test_who_may_not_edit_any_more_has_no_draft_any_more(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "contributor"})
    one, two = await ada.joined(spec_id, features=["drafts"]), await bob.joined(spec_id)
    await two.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" in await one.until("remote_cursor")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    assert "draft" not in await one.until("remote_cursor")


@pytest.mark.parametrize("ending", [{"draft": None}, {}])
async def test_a_cursor_without_a_draft_ends_it(ada: Login, bob: Login, ending: dict[str, None]) -> None:
    one, two, _ = await pair(ada, bob)
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" in await two.expect("remote_cursor")
    await one.send("cursor_update", cursor=PLACE, **ending)
    assert "draft" not in await two.expect("remote_cursor")


async def test_an_operation_with_a_cursor_ends_it(ada: Login, bob: Login) -> None:
    one, two, _ = await pair(ada, bob)
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" in await two.expect("remote_cursor")
    await one.commits(insert(0, "x"), cursor={"line": 0, "column": 1})
    assert (await two.expect("remote_operation"))["version"] == 2
    told = await two.expect("remote_cursor")
    assert (told["version"], "draft" in told) == (2, False)


async def test_a_refused_operation_with_a_cursor_ends_it_too(ada: Login, bob: Login) -> None:
    one, two, _ = await pair(ada, bob)
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" in await two.expect("remote_cursor")
    await one.edit(insert(99, "outside"), cursor={"line": 0, "column": 1})
    assert "draft" not in await two.expect("remote_cursor")


async def test_a_draft_that_came_after_the_operation_stands(ada: Login, bob: Login) -> None:
    """It holds what was typed since, and the operation in flight under its id."""
    one, two, _ = await pair(ada, bob)
    operation = [insert(0, "x")]
    operation_id = str(uuid4())
    flying = {"operationId": operation_id, "operations": operation}
    await one.send("operation", operationId=operation_id, version=1, operations=operation, cursor=PLACE)
    draft = drafted(insert(1, "y")) | {"inFlight": flying}
    await one.send("cursor_update", cursor=PLACE, version=1, draft=draft)
    assert (await one.until("operation_ack"))["success"]
    while (told := await two.until("remote_cursor")).get("draft") is None:
        pass
    assert told["draft"] == draft
    await one.send("ping")
    await two.nothing_more()


async def test_a_draft_goes_with_its_author(ada: Login, bob: Login) -> None:
    one, two, _ = await pair(ada, bob)
    await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "x")))
    assert "draft" in await two.expect("remote_cursor")
    one.connection.close()
    assert "draft" not in await two.expect("remote_cursor")


async def test_a_draft_never_comes_before_its_version(ada: Login, bob: Login) -> None:
    one, two, _ = await pair(ada, bob)
    for number in range(1, 8):
        answer = await one.commits(insert(0, "x"))
        assert answer["version"] == number + 1
        await one.send("cursor_update", cursor=PLACE, draft=drafted(insert(0, "y"), version=number + 1))
    version, drafts = 1, 0
    while version < 8 or not drafts:
        event = await two.event()
        assert event is not None
        if event["event"] == "remote_operation":
            version = event["data"]["version"]
        elif "draft" in event["data"]:
            drafts += 1
            assert event["data"]["draft"]["version"] <= version


async def test_whoever_may_edit_asks_everybody_to_come(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    one, two = await ada.joined(spec_id, features=["summon"]), await bob.joined(spec_id, features=["summon"])
    other = await bob.joined(spec_id)
    await one.send("cursor_update", cursor=PLACE, summon=True)
    assert (await two.until("remote_cursor"))["summon"] is True
    assert "summon" not in await other.until("remote_cursor")
    await two.send("cursor_update", cursor=PLACE, summon=True)
    assert "summon" not in await one.until("remote_cursor")
