"""``/api/specs/:specId/threads``: comments and suggestions as they are created and listed."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_speccollab.service.threads import reading
from tests.handlers.logins import Login, delete, insert
from tests.handlers.threads import QUICK, TEXT, Spec, comment, new_id, suggestion, user_id


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


async def test_a_comment_as_it_is_answered_and_listed(spec: Spec, bob: Login) -> None:
    body = comment(*QUICK, 1, "Is it?")
    made = await bob.call("POST", f"{spec.path}/threads", body)
    bob_id = await user_id(bob, spec)
    assert made.pop("createdAt").endswith("Z")
    assert made["messages"][0].pop("createdAt").endswith("Z")
    assert made == {
        "threadId": body["threadId"],
        "kind": "comment",
        "state": "open",
        "anchor": {"start": 4, "end": 9, "version": 1, "orphaned": False},
        "quote": "quick",
        "prefix": "The ",
        "suffix": TEXT[9:73],
        "createdBy": bob_id,
        "createdByName": "Bob Kahn",
        "messages": [
            {
                "messageId": body["threadId"],
                "userId": bob_id,
                "userName": "Bob Kahn",
                "body": "Is it?",
                "mentions": [],
            }
        ],
        "changed": 1,
    }
    page = await spec.list()
    assert (page["threadsVersion"], page["version"], page["deleted"], page["nextBefore"]) == (1, 1, [], None)
    assert page["threads"] == [await spec.one(body["threadId"])]


async def test_a_suggestion_needs_no_message(spec: Spec, bob: Login) -> None:
    made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
    assert (made["kind"], made["replacement"], made["messages"]) == ("suggestion", "slow", [])
    with_reason = await spec.by(bob).open(suggestion(*QUICK, 1, "", body="Not needed."))
    assert (with_reason["replacement"], with_reason["messages"][0]["body"]) == ("", "Not needed.")


async def test_anchors_are_those_of_the_present_text(spec: Spec, bob: Login, ada: Login) -> None:
    socket = await ada.joined(spec.spec_id)
    made = await spec.by(bob).open(comment(*QUICK, 1))
    await socket.commits(insert(0, "Now: "))
    await socket.commits(insert(5 + 6, "!!"))
    late = await spec.by(bob).open(comment(*QUICK, 1))
    for thread in (await spec.one(made["threadId"]), late):
        assert thread["anchor"] == {"start": 9, "end": 16, "version": 3, "orphaned": False}
        assert thread["quote"] == "quick"
    await socket.commits(delete(9, 7))
    gone = (await spec.one(made["threadId"]))["anchor"]
    assert gone == {"start": 9, "end": 9, "version": 4, "orphaned": True, "letters": "qu!!ick"}
    await socket.commits(insert(9, "the qu!!ick one"))
    back = (await spec.one(made["threadId"]))["anchor"]
    assert back == {"start": 13, "end": 20, "version": 5, "orphaned": False}
    socket.close()


class TestCreating:
    async def test_a_repeat_is_answered_as_it_stands(self, spec: Spec, bob: Login, ada: Login) -> None:
        body = comment(*QUICK, 1)
        made = await spec.by(bob).open(body)
        await spec.reply(made["threadId"], "Yes.")
        again = await spec.by(bob).open(body)
        assert len(again["messages"]) == 2
        path = f"{spec.path}/threads"
        other = {**body, "body": "What?"}
        assert await bob.refused("POST", path, other) == (409, "ID_REUSED")
        assert await bob.refused("POST", path, {**body, "start": 3}) == (409, "ID_REUSED")
        assert await ada.refused("POST", path, body) == (409, "ID_REUSED")
        assert (await spec.list())["threadsVersion"] == 2

    async def test_ids_are_unique_in_the_spec_also_after_a_deletion(self, spec: Spec, bob: Login) -> None:
        mine = spec.by(bob)
        first = await mine.open(comment(*QUICK, 1))
        message_id = new_id()
        await mine.reply(first["threadId"], "One.", message_id)
        assert await mine.refused("POST", "threads", comment(*QUICK, 1, threadId=message_id)) == (
            409,
            "ID_REUSED",
        )
        second = await mine.open(suggestion(*QUICK, 1, "slow"))
        for taken in (message_id, second["threadId"], first["threadId"]):
            place = f"threads/{second['threadId']}/messages"
            answer = {"messageId": taken, "body": "Two."}
            assert await mine.refused("POST", place, answer) == (409, "ID_REUSED"), taken
        assert await bob.call("DELETE", f"{spec.path}/threads/{first['threadId']}") == {}
        again = comment(*QUICK, 1, threadId=first["threadId"])
        assert await mine.refused("POST", "threads", again) == (409, "ID_REUSED")
        assert await mine.refused("POST", "threads", {**again, "threadId": message_id}) == (409, "ID_REUSED")
        assert await mine.refused("GET", f"threads/{first['threadId']}") == (404, "THREAD_NOT_FOUND")

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            (comment(*QUICK, 1, ""), (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, " \n"), (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, body=None), (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, replacement="x"), (400, "INVALID_MESSAGE")),
            (comment(4, 4, 1), (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, kind="remark"), (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, threadId="1"), (400, "INVALID_MESSAGE")),
            ({**comment(*QUICK, 1), "version": "1"}, (400, "INVALID_MESSAGE")),
            ({**comment(*QUICK, 1), "start": 1.5}, (400, "INVALID_MESSAGE")),
            (comment(*QUICK, 1, body=7), (400, "INVALID_MESSAGE")),
            (suggestion(*QUICK, 1, "quick"), (400, "INVALID_MESSAGE")),
            (suggestion(4, 4, 1, ""), (400, "INVALID_MESSAGE")),
            ({**suggestion(*QUICK, 1, "x"), "replacement": None}, (400, "INVALID_MESSAGE")),
            (suggestion(*QUICK, 1, "x", body=""), (400, "INVALID_MESSAGE")),
            ([], (400, "INVALID_MESSAGE")),
            (comment(4, 1_000, 1), (422, "INVALID_OPERATION")),
            (comment(-1, 4, 1), (422, "INVALID_OPERATION")),
            (comment(9, 4, 1), (422, "INVALID_OPERATION")),
            (suggestion(46, 46, 1, "x"), (422, "INVALID_OPERATION")),
            (comment(*QUICK, 1, "a\0b"), (422, "INVALID_CONTENT")),
            (comment(*QUICK, 1, "a\r\nb"), (422, "INVALID_CONTENT")),
            (comment(*QUICK, 1, "a\ud800b"), (422, "INVALID_CONTENT")),
            (suggestion(*QUICK, 1, "a\r"), (422, "INVALID_CONTENT")),
            (comment(*QUICK, 1, "a" * 10_001), (413, "OPERATION_TOO_LARGE")),
            (suggestion(*QUICK, 1, "a" * 10_001), (413, "OPERATION_TOO_LARGE")),
            (comment(*QUICK, 1, "a" * 400_000), (413, "OPERATION_TOO_LARGE")),
            (comment(*QUICK, 2), (409, "VERSION_CONFLICT")),
        ],
    )
    async def test_what_does_not_fit_is_refused(
        self, spec: Spec, bob: Login, body: Any, refusal: tuple[int, str]
    ) -> None:
        assert await spec.by(bob).refused("POST", "threads", body) == refusal
        assert (await spec.list(state="all"))["threads"] == []

    async def test_the_longest_texts_are_taken(self, spec: Spec, bob: Login) -> None:
        long = "\U0001f98a" * 10_000
        made = await spec.by(bob).open(suggestion(*QUICK, 1, long, body=long))
        assert (made["replacement"], made["messages"][0]["body"]) == (long, long)

    async def test_a_quote_is_shown_up_to_a_thousand(self, spec: Spec, ada: Login) -> None:
        long = "0123456789" * 300
        spec_id = await ada.new_spec(long)
        made = await Spec(ada, spec_id).open(comment(100, 2_900, 1))
        assert made["quote"] == long[100:1_100]
        assert (made["prefix"], made["suffix"]) == (long[36:100], long[2_900:2_964])


class TestLists:
    async def test_pages_and_what_has_changed_since(self, spec: Spec, bob: Login) -> None:
        made = [(await spec.by(bob).open(comment(*QUICK, 1)))["threadId"] for _ in range(5)]
        await spec.state(made[1], "resolved")
        await bob.call("DELETE", f"{spec.path}/threads/{made[4]}")
        assert await spec.ids() == [made[3], made[2], made[0]]
        assert await spec.ids(state="closed") == [made[1]]
        assert await spec.ids(state="all") == [made[1], made[3], made[2], made[0]]
        first = await spec.list(state="all", limit=3)
        assert [thread["threadId"] for thread in first["threads"]] == [made[1], made[3], made[2]]
        assert (first["nextBefore"], first["deleted"]) == (3, [])
        second = await spec.list(state="all", limit=3, before=first["nextBefore"])
        assert [thread["threadId"] for thread in second["threads"]] == [made[0]]
        assert second["nextBefore"] is None
        since = await spec.list(since=4)
        assert [thread["threadId"] for thread in since["threads"]] == [made[1]]
        assert (since["deleted"], since["threadsVersion"]) == ([made[4]], 7)
        assert (await spec.list(since=7))["threads"] == []
        assert await spec.ids(state="open", since=0) == [made[1], made[3], made[2], made[0]]

    async def test_a_page_holds_as_much_as_fits(
        self, spec: Spec, bob: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "PAGE_BYTES", 30_000)
        for _ in range(5):
            await spec.by(bob).open(comment(*QUICK, 1, "x" * 10_000))
        found: list[str] = []
        query: dict[str, Any] = {}
        while True:
            page = await spec.list(**query)
            assert 1 <= len(page["threads"]) <= 2
            found += [thread["threadId"] for thread in page["threads"]]
            if page["nextBefore"] is None:
                break
            query = {"before": page["nextBefore"]}
        assert len(set(found)) == 5

    @pytest.mark.parametrize(
        "query", [{"state": "gone"}, {"since": "x"}, {"before": "-1"}, {"limit": "0"}, {"limit": "1.0"}]
    )
    async def test_a_query_that_does_not_fit(self, spec: Spec, query: dict[str, str]) -> None:
        assert await spec.refused("GET", "threads", **query) == (400, "INVALID_MESSAGE")

    async def test_entries_count_open_threads_and_mentions(self, spec: Spec, ada: Login, bob: Login) -> None:
        async def counts(login: Login) -> tuple[int, int]:
            (listed,) = (await login.call("GET", "api/specs"))["specs"]
            alone = await login.call("GET", spec.path)
            assert (listed["openThreads"], listed["mentions"]) == (alone["openThreads"], alone["mentions"])
            return alone["openThreads"], alone["mentions"]

        assert await counts(ada) == (0, 0)
        first = await spec.by(bob).open(comment(*QUICK, 1, "Hello @ada"))
        await spec.by(bob).open(comment(*QUICK, 1, "Hello"))
        assert (await counts(ada), await counts(bob)) == ((2, 1), (2, 0))
        await spec.reply(first["threadId"], "Hello @bob")
        assert (await counts(ada), await counts(bob)) == ((2, 0), (2, 1))
        await spec.state(first["threadId"], "resolved")
        assert (await counts(ada), await counts(bob)) == ((1, 0), (1, 0))
