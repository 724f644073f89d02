"""Operations over a WebSocket: committed, transformed, broadcast; or refused by their own id."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, Socket, applied, delete, insert, retain

ENTRY = {"operationId", "userId", "userName", "sessionId", "version", "operations", "timestamp"}


async def text_of(login: Login, spec_id: str) -> str:
    return str((await login.call("GET", f"api/specs/{spec_id}/document"))["content"])


async def refused(socket: Socket, *components: Any, **data: Any) -> dict[str, Any]:
    """Send an operation that has to be refused by its own id; the ack."""
    operation_id = await socket.edit(*components, **data)
    ack = await socket.expect("operation_ack")
    assert ack["operationId"] == operation_id
    assert ack["success"] is False
    assert ack["message"]
    assert isinstance(ack["currentVersion"], int)
    assert "version" not in ack or ack["code"] == "OPERATION_ID_REUSED"
    return ack


async def refused_frame(socket: Socket, data: str, operation_id: str) -> str:
    """Send ``data``, written as JSON by hand, as an operation; the code of the ack that refuses it."""
    await socket.raw(f'{{"event":"operation","data":{data}}}')
    ack = await socket.expect("operation_ack")
    assert ack["operationId"] == operation_id
    assert ack["success"] is False
    return str(ack["code"])


# committed ----------------------------------------------------------------------------------------------


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


# concurrent ---------------------------------------------------------------------------------------------


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
    """Deleted and typed anew at one place is a tie only for the composition: in turn the old gap is left of it."""
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
    """Two that type at once, without waiting: each sees every version once, in order, and the same text."""
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


# refused ------------------------------------------------------------------------------------------------


BAD_COMPONENTS: list[Any] = [
    [insert(5, "x")],
    [delete(0, 5)],
    [delete(4, 1)],
    [retain(5)],
    [insert(-1, "x")],
    [delete(0, -1)],
    [retain(-1)],
    [insert(10**30, "x")],
    [delete(0, 2**63)],
    [insert(1.5, "x")],  # type: ignore[arg-type]
    [{"type": "insert", "position": True, "content": "x"}],
    [{"type": "insert", "position": "1", "content": "x"}],
    [{"type": "insert", "position": None, "content": "x"}],
    [{"type": "insert", "position": 1}],
    [{"type": "insert", "position": 1, "content": 5}],
    [{"type": "insert", "position": 1, "content": None}],
    [{"type": "insert", "position": 1, "content": ["x"]}],
    [{"type": "delete", "position": 1}],
    [{"type": "delete", "position": 1, "length": True}],
    [{"type": "delete", "position": 1, "length": 1.0e300}],
    [{"type": "retain"}],
    [{"type": "replace", "position": 0, "content": "x"}],
    [{"position": 0, "content": "x"}],
    [{"type": ["insert"], "position": 0, "content": "x"}],
    [insert(0, "x"), None],
    [None],
    [[]],
    ["insert"],
    [5],
    "insert",
    {},
    insert(0, "x"),
    None,
    5,
    True,
]


async def test_an_operation_that_does_not_fit_is_refused_by_its_id(ada: Login) -> None:
    spec_id = await ada.new_spec("0123")
    one = await ada.joined(spec_id)
    for operations in BAD_COMPONENTS:
        operation_id = str(uuid4())
        await one.send("operation", operationId=operation_id, version=1, operations=operations)
        ack = await one.expect("operation_ack")
        assert ack["operationId"] == operation_id, operations
        assert (ack["success"], ack["code"]) == (False, "INVALID_OPERATION"), (operations, ack)
        assert ack["currentVersion"] == 1
    assert (await one.commits(insert(4, "!")))["version"] == 2
    assert await text_of(ada, spec_id) == "0123!"


async def test_an_operation_without_a_list_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    operation_id = str(uuid4())
    await one.send("operation", operationId=operation_id, version=1)
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "INVALID_OPERATION")


async def test_an_operation_with_a_version_that_is_none_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    for version in [None, "1", 1.5, -1, True, [], 2**70, 1e300]:
        operation_id = str(uuid4())
        await one.send("operation", operationId=operation_id, version=version, operations=[insert(0, "x")])
        ack = await one.expect("operation_ack")
        assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "INVALID_MESSAGE")
        await one.send("operation", operationId=operation_id, operations=[insert(0, "x")])
        assert (await one.expect("operation_ack"))["code"] == "INVALID_MESSAGE"


async def test_without_a_usable_id_the_answer_is_an_error(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    for operation_id in [None, 5, "", "x", f"{{{uuid4()}}}", uuid4().hex, f"{uuid4()} ", True, []]:
        await one.send("operation", operationId=operation_id, version=1, operations=[insert(0, "x")])
        error = await one.expect("error")
        assert error["code"] == "INVALID_MESSAGE"
        assert error["requestId"]
        await one.nothing_more()


async def test_an_id_in_capitals_comes_back_as_it_was_sent(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = str(uuid4()).upper()
    await one.commits(insert(0, "x"), operationId=operation_id)
    assert (await two.expect("remote_operation"))["operationId"] == operation_id.lower()
    ack = await refused(one, insert(0, "y"), operationId=operation_id)
    assert ack["code"] == "OPERATION_ID_REUSED"
    conflicting = str(uuid4()).upper()
    await one.edit(version=99, operationId=conflicting)
    assert (await one.expect("version_conflict"))["operationId"] == conflicting


async def test_what_can_not_be_text_is_refused(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    for content in ["a\0b", "a\rb", "\r\n"]:
        assert (await refused(one, insert(0, content)))["code"] == "INVALID_CONTENT"
        assert await text_of(ada, spec_id) == "text"


async def test_a_lone_surrogate_is_refused_by_its_id(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    for escaped in [r"\ud800", r"\udc00", r"a\udfffb", r"\ude00\ud83d", r"\ud83dx"]:
        operation_id = str(uuid4())
        operations = f'[{{"type":"insert","position":0,"content":"{escaped}"}}]'
        data = f'{{"operationId":"{operation_id}","version":1,"operations":{operations}}}'
        assert await refused_frame(one, data, operation_id) in ("INVALID_CONTENT", "INVALID_MESSAGE")
        assert await text_of(ada, spec_id) == "text"


async def test_a_pair_of_surrogates_by_escapes_is_one_code_point(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    operations = r'[{"type":"insert","position":0,"content":"\ud83d\ude00"}]'
    await one.raw(
        f'{{"event":"operation","data":{{"operationId":"{uuid4()}","version":1,"operations":{operations}}}}}'
    )
    assert (await one.expect("operation_ack"))["success"] is True
    assert await text_of(ada, spec_id) == "😀text"


class TestOperationLength:
    """``JSON.stringify(data).length``: compact, in UTF-16 units; exactly the limit passes."""

    LIMIT = 10_000

    def data(self, unit: str, length: int) -> dict[str, Any]:
        """Data whose compact JSON is ``length`` UTF-16 units long, filled with ``unit``."""
        data: dict[str, Any] = {
            "operationId": str(uuid4()), "version": 0, "operations": [insert(0, "")], "pad": "",
        }  # fmt: skip
        width = units(unit) - 2
        count, rest = divmod(length - units(data), width)
        data["operations"][0]["content"] = unit * count
        data["pad"] = "x" * rest
        assert units(data) == length
        return data

    async def test_it_is_counted_as_a_browser_counts(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        for unit in ["x", "é", "日", "😀", "\n", '"', "\\", "\x01", "/", "\u2028"]:
            for write in (compact, spaced, escaped):
                data = self.data(unit, self.LIMIT + 1)
                await one.raw(write({"event": "operation", "data": data}))
                ack = await one.expect("operation_ack")
                assert ack["operationId"] == data["operationId"]
                assert ack.get("code") == "OPERATION_TOO_LARGE", (unit, write)
                await one.raw(write({"event": "operation", "data": self.data(unit, self.LIMIT)}))
                assert (await one.expect("operation_ack"))["success"] is True, (unit, write)

    async def test_spaces_do_not_count(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        await one.raw(
            " " * 20_000 + compact({"event": "operation", "data": self.data("x", 9_000)}) + "\n" * 20_000
        )
        assert (await one.expect("operation_ack"))["success"] is True
        inner = compact(self.data("x", 9_000)).replace('"operations":', '"operations":' + " " * 30_000)
        await one.raw(f'{{"event":"operation","data":{inner}}}')
        assert (await one.expect("operation_ack"))["success"] is True


def units(value: object) -> int:
    return len(compact(value).encode("utf-16-le")) // 2


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def spaced(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def escaped(value: object) -> str:
    return json.dumps(value)


class TestDocumentLength:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"document_length": 10}

    async def test_a_document_may_be_as_long_as_the_limit_and_no_longer(self, ada: Login) -> None:
        spec_id = await ada.new_spec("01234567")
        one = await ada.joined(spec_id)
        await one.commits(insert(0, "😀😀"))
        assert (await refused(one, insert(0, "x")))["code"] == "DOCUMENT_TOO_LARGE"
        await one.commits(delete(0, 1), insert(0, "y"))
        assert await text_of(ada, spec_id) == "y😀01234567"
        path = f"api/specs/{spec_id}/document"
        body = {"content": "x" * 11, "version": 3}
        assert await ada.refused("PUT", path, body) == (413, "DOCUMENT_TOO_LARGE")
        body = {"title": "x", "content": "x" * 11}
        assert await ada.refused("POST", "api/specs", body) == (413, "DOCUMENT_TOO_LARGE")

    async def test_what_shortens_a_text_is_always_taken(self, ada: Login, jp_serverapp: Any) -> None:
        """After the limit was lowered a longer document can still be made shorter."""
        services = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"].pop().services
        object.__setattr__(services.documents.limits, "document_length", 20)
        spec_id = await ada.new_spec("x" * 20)
        object.__setattr__(services.documents.limits, "document_length", 10)
        one = await ada.joined(spec_id)
        assert (await refused(one, insert(0, "x")))["code"] == "DOCUMENT_TOO_LARGE"
        await one.commits(delete(0, 3))


class TestRate:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 5}

    async def test_one_too_many_in_a_minute_is_refused(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        for remaining in (4, 3, 2, 1, 0):
            limit = (await one.commits(insert(0, "x")))["rateLimit"]
            assert limit["remaining"] == remaining
            assert 50_000 < limit["resetMs"] <= 60_000
        ack = await refused(one, insert(0, "x"))
        assert ack["code"] == "RATE_LIMITED"
        assert 50_000 < ack["retryAfterMs"] <= 60_000
        for _ in range(5):
            await two.expect("remote_operation")
        await two.commits(insert(0, "y"), version=5)  # others have their own minute

    async def test_it_counts_a_user_over_all_specs_and_sessions(self, ada: Login) -> None:
        specs = [await ada.new_spec("", title=str(number)) for number in range(2)]
        tabs = [await ada.joined(specs[0]), await ada.joined(specs[0]), await ada.joined(specs[1])]
        for tab in tabs:
            await tab.commits(insert(0, "x"), version=0)
        await tabs[2].commits(insert(0, "x"))
        assert (await tabs[2].commits(insert(0, "x")))["rateLimit"]["remaining"] == 0
        for tab in tabs:
            await tab.edit(insert(0, "x"), version=0)
            assert (await tab.answer())["code"] == "RATE_LIMITED"

    async def test_repeats_and_its_own_refusals_cost_nothing(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        first = await one.commits(insert(0, "a"), version=0)
        for _ in range(8):
            again = await one.commits(insert(0, "a"), version=0, operationId=first["operationId"])
            assert again["version"] == first["version"]
            assert again["rateLimit"]["remaining"] == 4
        # Also where repeats and others come without waiting.
        ids = [first["operationId"]] * 5 + [str(uuid4()) for _ in range(4)]
        for operation_id in ids:
            await one.edit(insert(0, "a"), version=0, operationId=operation_id)
        acks = [await one.expect("operation_ack") for _ in ids]
        assert [ack["success"] for ack in acks] == [True] * 9
        for _ in range(20):
            assert (await refused(one, insert(0, "x")))["code"] == "RATE_LIMITED"
        again = await one.commits(insert(0, "a"), version=0, operationId=first["operationId"])
        assert again["version"] == first["version"]

    async def test_other_refusals_cost(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        await refused(one, insert(99, "x"))
        await refused(one, insert(0, "\r"))
        await refused(one, insert(0, "x" * 10_000))
        await one.edit(version=99)
        await one.expect("version_conflict")
        await one.expect("sync")
        assert (await one.commits(insert(0, "x"), version=0))["rateLimit"]["remaining"] == 0


# versions that can't be bridged -------------------------------------------------------------------------


async def test_a_version_ahead_is_a_conflict_and_a_sync_with_content_follows(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = await one.edit(insert(0, "x"), version=7)
    assert await one.expect("version_conflict") == {
        "operationId": operation_id,
        "expectedVersion": 7,
        "currentVersion": 1,
        "conflictingOperations": [],
    }
    assert await one.expect("sync") == {"version": 1, "epoch": one.welcome["epoch"], "content": "text"}
    await one.nothing_more()
    await two.nothing_more()
    # Only committed ids are used up.
    await one.commits(insert(0, "x"), version=1, operationId=operation_id)


class TestTooFarBehind:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"max_stale_versions": 3, "operations_per_minute": 10_000}

    async def test_what_came_since_is_listed_and_the_client_may_send_again(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        told = []
        for number in range(4):
            await one.commits(insert(0, str(number)))
            told.append(await two.expect("remote_operation"))
        assert two.welcome["limits"]["maxStaleVersions"] == 3
        operation_id = await two.edit(insert(4, "!"), version=1)
        conflict = await two.expect("version_conflict")
        assert conflict == {
            "operationId": operation_id,
            "expectedVersion": 1,
            "currentVersion": 5,
            "conflictingOperations": told,
        }
        await two.nothing_more()
        await two.commits(insert(8, "!"), version=5, operationId=operation_id)
        assert await text_of(ada, spec_id) == "3210text!"
        await two.commits(insert(0, "?"), version=3)  # three behind is as far as it goes

    async def test_where_too_many_came_a_sync_with_content_follows(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        for number in range(1_001):
            await one.edit(insert(0, "x"), version=number // 3 * 3)
            if number % 3 == 2:
                for _ in range(3):
                    assert (await one.expect("operation_ack"))["success"], number
        while (await two.expect("remote_operation"))["version"] < 1_001:
            pass
        await two.edit(insert(0, "!"), version=0)
        conflict = await two.expect("version_conflict")
        assert (conflict["expectedVersion"], conflict["conflictingOperations"]) == (0, [])
        assert conflict["currentVersion"] == 1_001
        sync = await two.expect("sync")
        assert (sync["version"], sync["content"]) == (1_001, "x" * 1_001)


# cursors that come with an operation --------------------------------------------------------------------


async def test_a_cursor_sent_with_an_operation_goes_on_at_the_version_that_it_got(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(5, "e"), cursor={"line": 1, "column": 3})
    assert (await two.expect("remote_operation"))["version"] == 2
    cursor = await two.expect("remote_cursor")
    assert cursor == {
        "userId": one.me["userId"],
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "cursor": {"line": 1, "column": 3, "selection": None},
        "version": 2,
    }
    await one.nothing_more()


async def test_a_cursor_of_a_concurrent_operation_is_moved_with_it(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(0, "new\nlines\n"))
    selection = {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": 3}}
    await two.edit(insert(5, "e"), version=1, cursor={"line": 1, "column": 3, "selection": selection})
    assert (await one.until("remote_operation"))["version"] == 3
    cursor = await one.expect("remote_cursor")
    assert cursor["version"] == 3
    assert cursor["cursor"] == {
        "line": 3,
        "column": 3,
        "selection": {"start": {"line": 3, "column": 0}, "end": {"line": 3, "column": 3}},
    }


async def test_a_malformed_cursor_refuses_the_operation_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for cursor in (5, {"line": 1}, {"line": -1, "column": 0}, {"line": 0, "column": 0, "selection": []}):
        assert (await refused(one, insert(0, "x"), cursor=cursor))["code"] == "INVALID_MESSAGE"
    await one.commits(insert(0, "x"), cursor=None)


# frames -------------------------------------------------------------------------------------------------


async def test_a_malformed_frame_gets_an_error_and_leaves_the_socket_open(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for frame in [
        "",
        " ",
        "x",
        "{",
        "[]",
        "[{}]",
        "null",
        "5",
        '"ping"',
        "{}",
        '{"event":5}',
        '{"event":null,"data":{}}',
        '{"event":"shout","data":{}}',
        '{"event":"connect","data":{}}',
        '{"data":{}}',
        '{"event":"ping","data":[]}',
        '{"event":"ping","data":5}',
        '{"event":"ping","data":null}',
        '{"event":"operation"}',
        '{"event":"operation","data":null}',
        '{"event":"operation","data":[]}',
        '{"event":"ping"} {}',
        "[" * 30_000,
        "[" * 30_000 + "]" * 30_000,
        '{"event":"ping","data":' + '{"a":' * 9_000 + "1" + "}" * 9_000 + "}",
        '{"event":"\\ud800","data":{}}',
        '{"event":"cursor_update","data":{"cursor":{"line":1e999,"column":0}}}',
        '{"event":"request_sync","data":{"lastKnownVersion":' + "9" * 10_000 + "}}",
        '{"event":"cursor_update","data":{"cursor":NaN}}',
        "\ufeff{}",
        '{"event":"cursor_update","data":{}}',
        '{"event":"operation","data":{"operationId":"\\ud800","version":0,"operations":[]}}',
        '{"event":"request_sync","data":{}}',
        '{"event":"request_sync","data":{"lastKnownVersion":-1}}',
    ]:
        await one.raw(frame)
        error = await one.expect("error")
        assert error["code"] == "INVALID_MESSAGE", frame[:80]
        assert error["message"]
        assert error["requestId"]
        await one.commits(insert(0, "x"))


async def test_nesting_however_deep_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for depth in [10, 400, 900, 950, 980, 990, 995, 1_000, 1_100, 3_000, 20_000]:
        operation_id = str(uuid4())
        nested = "[" * depth + "]" * depth
        for data in (
            f'{{"operationId":"{operation_id}","version":1,"operations":{nested}}}',
            f'{{"operationId":"{operation_id}","version":1,"operations":[{nested}]}}',
            f'{{"operations":{nested},"version":1,"operationId":"{operation_id}"}}',
            f'{{"operationId":"{operation_id}","version":1,"operations":[],"cursor":{nested}}}',
        ):
            assert await refused_frame(one, data, operation_id) in (
                "INVALID_OPERATION",
                "INVALID_MESSAGE",
                "OPERATION_TOO_LARGE",
            )
        await one.commits(insert(0, "x"))


async def test_numbers_however_large_are_refused_by_the_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for number in ["9" * 400, "9" * 5_000, "-" + "9" * 5_000, "1e400", "-1e999", "1E5000", "0.1", "1e-9"]:
        operation_id = str(uuid4())
        for data in (
            f'{{"operationId":"{operation_id}","version":1,"operations":[{{"type":"retain","length":{number}}}]}}',
            f'{{"operationId":"{operation_id}","version":{number},"operations":[]}}',
        ):
            assert await refused_frame(one, data, operation_id) in ("INVALID_OPERATION", "INVALID_MESSAGE")
        await one.commits(insert(0, "x"))


async def test_of_two_equal_keys_the_last_counts_and_unknown_ones_nothing(ada: Login) -> None:
    spec_id = await ada.new_spec("")
    one = await ada.joined(spec_id)
    await one.raw(
        f'{{"event":"ping","event":"operation","extra":[1],"data":{{"operationId":"{uuid4()}","version":9,"version":0,'
        '"operations":[{"type":"insert","position":5,"position":0,"content":"x","bold":true}],"more":{"x":1}}}'
    )
    assert (await one.expect("operation_ack"))["success"] is True
    assert await text_of(ada, spec_id) == "x"


async def test_a_frame_beyond_the_limit_closes_with_1009(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    ping = '{"event":"ping","data":{}}'
    await one.raw(ping.ljust(65_536))
    await one.expect("pong")
    await one.raw(ping.ljust(65_537))
    assert await one.closed() == 1009
    assert await text_of(ada, spec_id) == "text"


async def test_a_binary_frame_or_invalid_utf8_harms_nobody(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.raw(b'{"event":"ping","data":{}}', binary=True)
    assert await one.closed() in (1003, None)
    three = await ada.joined(spec_id)
    protocol = three.connection.protocol
    assert protocol is not None
    await protocol._write_frame(True, 0x1, b'{"event":"ping","data":{"x":"\xff\xfe"}}')
    assert await three.closed() in (1006, 1007, None)
    await two.nothing_more()
    await two.commits(insert(0, "x"), version=1)
