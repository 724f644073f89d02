"""Operations that are sent again: committed once, and acknowledged again."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.handlers.logins import Login, insert, text_of
from tests.handlers.socket.refusals import is_reused


async def test_a_repeat_gets_the_ack_of_the_first_and_nobody_else_hears(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, tab, two = await ada.joined(spec_id), await ada.joined(spec_id), await bob.joined(spec_id)
    first = await one.commits(insert(4, "!"))
    await two.expect("remote_operation")
    await two.commits(insert(0, "# "), version=2)
    for repeat in (
        {"version": 1},
        {"version": 3},
        {"version": 0},
        {"version": 2**50},
        {"version": 1, "cursor": {"line": 0, "column": 3}},
        {"version": 1, "cursor": "nonsense"},
        {"version": "nonsense"},
        {"version": 1, "more": "x" * 11_000},
    ):
        again = await one.commits(insert(4, "!"), operationId=first["operationId"], **repeat)
        assert again["version"] == first["version"] == 2, repeat
        assert again["rateLimit"]["remaining"] == first["rateLimit"]["remaining"], repeat
    same = {"content": "!", "position": 4, "type": "insert"}
    again = await tab.commits(
        same, operationId=first["operationId"]
    )  # keys in another order, from another session
    assert again["version"] == 2
    await two.nothing_more()
    assert await text_of(ada, spec_id) == "# text!"


async def test_an_id_with_other_components_or_of_another_user_is_reused(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    first = await one.commits(insert(4, "!"))
    await two.expect("remote_operation")
    await is_reused(one, first, insert(4, "?"))
    await is_reused(one, first, insert(4, "!"), insert(0, ""))
    await is_reused(one, first)
    await is_reused(one, first, insert(99, "!"))
    await is_reused(two, first, insert(4, "!"), version=1)
    await one.nothing_more_but("user_joined")
    await two.nothing_more()
    assert await text_of(ada, spec_id) == "text!"


async def test_an_id_is_used_up_on_its_spec_only(ada: Login) -> None:
    operation_id = str(uuid4())
    for title in ("a", "b"):
        socket = await ada.joined(await ada.new_spec("", title=title))
        assert (await socket.commits(insert(0, title), operationId=operation_id))["version"] == 1


async def test_only_committed_ids_are_used_up(ada: Login) -> None:
    socket = await ada.joined(await ada.new_spec("text"))
    operation_id = await socket.edit(insert(99, "!"))
    assert (await socket.answer())["code"] == "INVALID_OPERATION"
    await socket.commits(insert(0, "!"), operationId=operation_id)


async def test_repeats_in_one_breath_are_committed_once(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = str(uuid4())
    for _ in range(5):
        await one.edit(insert(0, "x"), version=0, operationId=operation_id)
    await one.edit(insert(0, "y"), version=0, operationId=operation_id)
    acks = [await one.expect("operation_ack") for _ in range(6)]
    assert [ack["version"] for ack in acks] == [1] * 6
    assert [ack["success"] for ack in acks] == [True] * 5 + [False]
    assert acks[5]["code"] == "OPERATION_ID_REUSED"
    assert (await two.expect("remote_operation"))["operations"] == [insert(0, "x")]
    await two.nothing_more()


async def test_a_repeat_that_would_now_be_refused_for_its_role_is_still_a_repeat(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("")
    one = await bob.joined(spec_id)
    first = await one.commits(insert(0, "x"))
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    assert (await one.expect("role_changed")) == {"role": "viewer"}
    two = await bob.joined(spec_id)
    assert two.welcome["role"] == "viewer"
    operation_id = await two.edit(insert(0, "y"))
    ack = await two.answer()
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "FORBIDDEN")
    assert (await two.commits(insert(0, "x"), operationId=first["operationId"]))["version"] == 1
    await two.nothing_more()


class TestLongAgo:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 10_000}

    async def test_a_repeat_after_two_thousand_others_and_a_client_that_missed_them(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        first = await one.commits(insert(0, "x"), version=0)
        version = 1
        while version < 2_001:
            for _ in range(100):
                await one.edit(insert(0, "y"), version=version)
            for _ in range(100):
                version = (await one.answer())["version"]
        again = await one.commits(insert(0, "x"), version=0, operationId=first["operationId"])
        assert again["version"] == 1
        await is_reused(one, first, insert(0, "z"), version=0)
        assert one.version == 1
        await one.commits(insert(0, "."), version=1_100)
        # A list has at most 1,000 operations; if there are more, the text is sent.
        await two.until("remote_operation")
        for known, listed in ((2_002, 0), (2_001, 1), (1_002, 1_000), (1_001, None), (0, None)):
            await two.send("request_sync", lastKnownVersion=known)
            sync = await two.until("sync")
            assert sync["version"] == 2_002
            assert len(sync["operations"]) == listed if listed is not None else "operations" not in sync
            assert ("content" in sync) is (listed is None)
            three = await bob.joined(spec_id, lastKnownVersion=known, epoch=sync["epoch"])
            assert ("content" in three.welcome) is (listed is None)
            assert [entry["version"] for entry in three.welcome.get("operations", [])] == [
                2_002 - offset for offset in reversed(range(listed or 0))
            ]
            three.close()


class TestRate:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 1, "operation_length": 500}

    async def test_a_repeat_that_would_now_be_refused_is_still_a_repeat(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        first = await one.commits(insert(0, "x"), version=0)
        await one.edit(insert(0, "y"))
        assert (await one.answer())["code"] == "RATE_LIMITED"
        again = await one.commits(insert(0, "x"), version=0, operationId=first["operationId"], pad="x" * 600)
        assert again["version"] == 1
        await is_reused(one, first, insert(0, "z"))
