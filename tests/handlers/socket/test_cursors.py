"""Cursors: their positions at the version that each client knows."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.handlers.logins import Login, delete, insert


def at(line: int, column: int) -> dict[str, Any]:
    return {"line": line, "column": column, "selection": None}


async def test_a_cursor_goes_to_every_session_but_its_own(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, tab, two = await ada.joined(spec_id), await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    selection = {"start": {"line": 0, "column": 1}, "end": {"line": 1, "column": 2}}
    cursor = {"line": 1, "column": 2, "selection": selection}
    await one.send("cursor_update", cursor=cursor, version=1)
    told = await two.expect("remote_cursor")
    assert told == {
        "userId": one.me["userId"],
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "cursor": cursor,
        "version": 1,
    }
    assert await tab.until("remote_cursor") == told
    await one.nothing_more()


async def test_a_cursor_may_go(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.send("cursor_update", cursor=None)
    assert (await two.expect("remote_cursor"))["cursor"] is None


async def test_without_a_version_the_last_one_sent_is_meant(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await two.commits(insert(0, "new\n"))
    await one.until("remote_operation")
    await one.send("cursor_update", cursor={"line": 2, "column": 1})
    told = await two.expect("remote_cursor")
    assert (told["cursor"], told["version"]) == (at(2, 1), 2)


async def test_a_version_that_was_never_sent_is_an_error_with_the_current_one(ada: Login) -> None:
    socket = await ada.joined(await ada.new_spec("text"))
    await socket.send("cursor_update", cursor={"line": 0, "column": 1}, version=2)
    error = await socket.expect("error")
    assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", 1)
    await socket.commits(insert(0, "x"))


async def test_a_cursor_of_an_older_version_is_shown_where_it_is_now(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await two.commits(insert(0, "new\n"))
    await one.until("remote_operation")
    await one.send("cursor_update", cursor={"line": 1, "column": 1}, version=1)
    assert await two.expect("remote_cursor") == {
        "userId": one.me["userId"],
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "cursor": at(1, 1),
        "version": 1,
    }
    rows = {row["userName"]: row for row in (await ada.joined(spec_id)).welcome["activeUsers"]}
    assert rows["Ada Lovelace"]["cursor"] == at(2, 1)
    assert rows["Bob Kahn"]["cursor"] is None


async def test_a_newcomer_sees_cursors_moved_by_what_came_since(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    await one.send("cursor_update", cursor={"line": 1, "column": 1})
    await two.expect("remote_cursor")
    await two.commits(insert(4, "x"))  # an insert at the cursor moves it right
    await two.commits(delete(0, 3))
    assert (await ada.joined(spec_id)).welcome["activeUsers"][0]["cursor"] == at(0, 2)


class TestLongAgo:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 10_000}

    async def test_a_cursor_that_rested_is_still_where_its_user_is(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("ab\ncd")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        await one.send("cursor_update", cursor={"line": 1, "column": 1})
        await two.expect("remote_cursor")
        version = 1
        while version < 1_501:
            for _ in range(100):
                await two.edit(insert(0, "-\n"), version=version)
            for _ in range(100):
                version = (await two.answer())["version"]
        assert (await ada.joined(spec_id)).welcome["activeUsers"][0]["cursor"] == at(1_501, 1)


async def test_a_user_is_where_the_session_is_that_moved_last(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, tab, two = await ada.joined(spec_id), await ada.joined(spec_id), await bob.joined(spec_id)
    await tab.send("cursor_update", cursor={"line": 0, "column": 1})
    await two.expect("remote_cursor")
    await one.send("cursor_update", cursor={"line": 1, "column": 1})
    await two.expect("remote_cursor")
    assert (await bob.joined(spec_id)).welcome["activeUsers"][0]["cursor"] == at(1, 1)
    await one.send("leave_session", specId=spec_id)
    gone = await two.expect("remote_cursor")
    assert (gone["cursor"], gone["sessionId"]) == (None, one.welcome["sessionId"])
    assert (await bob.joined(spec_id)).welcome["activeUsers"][0]["cursor"] == at(0, 1)


async def test_a_place_outside_the_text_is_clamped(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    for line, column, shown in ((0, 99, at(0, 2)), (99, 0, at(1, 2)), (2**53 - 1, 2**53 - 1, at(1, 2))):
        await one.send("cursor_update", cursor={"line": line, "column": column})
        await two.until("remote_cursor")
        assert (await bob.joined(spec_id)).welcome["activeUsers"][0]["cursor"] in (shown, at(line, column))


async def test_cursors_are_coalesced_to_twenty_a_second_and_the_newest_wins(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("x" * 500)
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    began = time.monotonic()
    for column in range(300):
        await one.send("cursor_update", cursor={"line": 0, "column": column})
    await one.nothing_more()
    seen = []
    while not seen or seen[-1] != 299:
        seen.append((await two.expect("remote_cursor"))["cursor"]["column"])
    assert seen == sorted(seen)
    assert len(seen) <= 2 + 20 * (time.monotonic() - began) < 300


async def test_a_cursor_never_comes_before_its_version(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    for number in range(30):
        await one.edit(insert(0, "x"), version=0, cursor={"line": 0, "column": number})
    version = 0
    while version < 30:
        event = await two.event()
        assert event is not None
        if event["event"] == "remote_operation":
            version = event["data"]["version"]
        else:
            assert event["event"] == "remote_cursor"
            assert event["data"]["version"] <= version


async def test_a_malformed_cursor_is_an_error(ada: Login) -> None:
    socket = await ada.joined(await ada.new_spec("text"))
    place = {"line": 0, "column": 0}
    for data in (
        {},
        {"cursor": 5},
        {"cursor": []},
        {"cursor": {}},
        {"cursor": {"line": 0}},
        {"cursor": {"line": -1, "column": 0}},
        {"cursor": {"line": 0, "column": 1.5}},
        {"cursor": {"line": True, "column": 0}},
        {"cursor": {**place, "selection": {}}},
        {"cursor": {**place, "selection": {"start": place}}},
        {"cursor": place, "version": -1},
        {"cursor": place, "version": "1"},
    ):
        await socket.send("cursor_update", **data)
        assert (await socket.expect("error"))["code"] == "INVALID_MESSAGE", data
    await socket.send(
        "cursor_update", cursor={**place, "selection": {"start": place, "end": place}, "more": 1}
    )
    await socket.nothing_more()
