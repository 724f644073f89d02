"""Operations over a WebSocket: committed, transformed, acknowledged and broadcast."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.logins import Login, applied, delete, insert, retain, text_of

ENTRY = {"operationId", "userId", "userName", "sessionId", "version", "operations", "timestamp"}


async def test_an_operation_is_acked_and_broadcast(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("hello")
    one, tab, two = await ada.joined(spec_id), await ada.joined(spec_id), await bob.joined(spec_id)
    operation_id = await one.edit(insert(5, " world"))
    assert await one.until("operation_ack") == {
        "operationId": operation_id,
        "version": 2,
        "success": True,
        "rateLimit": {"remaining": 99, "resetMs": pytest.approx(60_000, abs=2_000)},
    }
    told = await two.expect("remote_operation")
    assert told.keys() == ENTRY
    assert told["operationId"] == operation_id
    assert (told["userId"], told["userName"]) == (one.me["userId"], "Ada Lovelace")
    assert told["sessionId"] == one.welcome["sessionId"]
    assert told["version"] == 2
    assert told["operations"] == [insert(5, " world")]
    assert told["timestamp"].endswith("Z")
    assert await tab.until("remote_operation") == told
    for socket in (one, tab, two):
        await socket.nothing_more()
    assert await text_of(ada, spec_id) == "hello world"


async def test_who_a_client_says_it_is_does_not_count(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    await one.commits(
        insert(0, "x"),
        userId=two.me["userId"],
        userName="Bob",
        timestamp="1999-01-01T00:00:00Z",
        sessionId="s",
    )
    told = await two.expect("remote_operation")
    assert told["userId"] == one.me["userId"]
    assert told["sessionId"] == one.welcome["sessionId"]
    assert not told["timestamp"].startswith("1999")


FORMS: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]] = [
    ([insert(1, "X"), delete(3, 1), insert(5, "Y")], [insert(5, "Y"), delete(2, 1), insert(1, "X")]),
    ([retain(1), {"type": "insert", "content": "X"}, {"type": "delete", "length": 2}, retain(1)],
     [delete(1, 2), insert(1, "X")]),
    ([{"type": "delete", "length": 2}, {"type": "insert", "content": "X"}], [delete(0, 2), insert(0, "X")]),
    ([{"type": "insert", "content": "a"}, {"type": "insert", "content": "b"}], [insert(0, "ab")]),
    ([insert(3, "b"), insert(3, "a")], [insert(3, "ab")]),
    ([insert(0, "XY"), delete(0, 1)], [insert(0, "Y")]),
    ([delete(4, 1), insert(4, "X"), delete(3, 1)], [delete(3, 2), insert(3, "X")]),
    ([insert(2, "gone"), delete(2, 4)], []),
    ([insert(0, ""), delete(3, 0), retain(0)], []),
    ([retain(6)], []),
    ([], []),
    ([delete(0, 6)], [delete(0, 6)]),
    ([{"type": "insert", "position": 2, "content": "😀", "length": 99, "attributes": {}}], [insert(2, "😀")]),
    ([{**delete(2, 3), "content": "wrong"}], [delete(2, 3)]),
    ([insert(0, "a"), retain(6), {"type": "insert", "content": "z"}, insert(0, "0")],
     [insert(6, "z"), insert(0, "0a")]),
]  # fmt: skip


async def test_every_form_of_a_list_is_taken_and_goes_out_in_the_one_wire_form(
    ada: Login, bob: Login
) -> None:
    text = "012345"
    for components, wire in FORMS:
        spec_id = await ada.new_spec(text)
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        assert (await one.commits(*components))["version"] == 2
        told = await two.expect("remote_operation")
        assert told["operations"] == wire, components
        assert told["version"] == 2
        assert await text_of(ada, spec_id) == applied(text, components) == applied(text, wire)


async def test_positions_count_code_points(ada: Login) -> None:
    spec_id = await ada.new_spec("😀😀ä")
    one = await ada.joined(spec_id)
    await one.commits(insert(2, "x"), delete(3, 1))
    assert await text_of(ada, spec_id) == "😀😀x"


async def test_of_two_inserts_in_one_gap_the_later_goes_left(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("[]")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(1, "first"), version=1)
    await two.edit(insert(1, "later"), version=1)
    assert (await two.expect("remote_operation"))["operations"] == [insert(1, "first")]
    assert (await two.expect("operation_ack"))["version"] == 3
    assert (await one.until("remote_operation"))["operations"] == [insert(1, "later")]
    assert await text_of(ada, spec_id) == "[laterfirst]"


async def test_text_inserted_into_a_deleted_range_survives(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("abcdef")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(3, "XYZ"))
    await two.edit(delete(1, 4), version=1)
    told = await one.until("remote_operation")
    assert told["operations"] == [delete(6, 2), delete(1, 2)]
    assert await text_of(ada, spec_id) == "aXYZf"


async def test_what_two_delete_is_deleted_once_and_an_empty_rest_keeps_its_version(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("abcdef")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(delete(1, 4))
    await two.edit(delete(2, 2), version=1)
    told = await one.until("remote_operation")
    assert (told["version"], told["operations"]) == (3, [])
    assert await text_of(ada, spec_id) == "af"


async def test_an_operation_is_transformed_against_each_in_turn_not_against_their_composition(
    ada: Login, bob: Login
) -> None:
    """``Y`` would tie with ``|`` only if the three operations were composed first."""
    spec_id = await ada.new_spec("ab")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(1, "X"))  # aXb
    await one.commits(delete(0, 1))  # Xb
    await one.commits(insert(1, "Y"))  # XYb
    await two.edit(insert(1, "|"), version=1)
    told = [await two.expect("remote_operation") for _ in range(3)]
    ack = await two.expect("operation_ack")
    assert [event["version"] for event in [*told, ack]] == [2, 3, 4, 5]
    assert (await one.until("remote_operation"))["operations"] == [insert(0, "|")]
    assert await text_of(ada, spec_id) == "|XYb"


async def test_several_in_flight_of_one_client_are_concurrent_in_order_of_arrival(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    ids = [await one.edit(insert(0, str(number)), version=0) for number in range(9)]
    acks = [await one.expect("operation_ack") for _ in ids]
    assert [ack["operationId"] for ack in acks] == ids
    assert [ack["version"] for ack in acks] == list(range(1, 10))
    text = ""
    for version in range(1, 10):
        told = await two.expect("remote_operation")
        assert told["version"] == version
        text = applied(text, told["operations"])
    assert text == "876543210" == await text_of(ada, spec_id)


async def test_versions_come_without_a_gap_to_everybody(ada: Login, bob: Login) -> None:
    """Two sessions send edits without waiting. Both receive all versions once, in order, and get the same text."""
    spec_id = await ada.new_spec("")
    sockets = [await ada.joined(spec_id), await bob.joined(spec_id)]
    await sockets[0].expect("user_joined")
    mine: dict[str, list[dict[str, Any]]] = {}
    for number in range(30):
        for name, socket in zip("ab", sockets, strict=True):
            components = [insert(0, f"{name}{number} ")]
            mine[await socket.edit(*components, version=0)] = components
    texts = []
    for socket in sockets:
        versions, text = [], ""
        others: list[list[dict[str, Any]]] = []
        while len(versions) < 60:
            event = await socket.event()
            assert event is not None
            data = event["data"]
            assert event["event"] in ("operation_ack", "remote_operation")
            versions.append(data["version"])
            if event["event"] == "remote_operation":
                others.append(data["operations"])
        assert versions == list(range(1, 61))
        texts.append(text)
    content = await text_of(ada, spec_id)
    assert sorted(content.split()) == sorted(f"{name}{number}" for name in "ab" for number in range(30))


def test_the_plain_client_applies_in_order() -> None:
    """The function `applied` of these tests follows section 1 of the protocol."""
    assert applied("abc", [insert(1, "X"), delete(3, 1), {"type": "insert", "content": "Y"}]) == "aXbY"
