"""``/api/specs/:specId/threads``: comments and suggestions, their messages, states and refusals."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from jupyter_speccollab.service.threads import reading, transitions, writing
from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.logins import Login, Logins, delete, insert, text_of
from tests.handlers.test_revisions import put
from tests.handlers.threads import Spec, comment, new_id, suggestion

TEXT = "The quick brown fox jumps over the lazy dog.\n"
QUICK = TEXT.index("quick"), TEXT.index("quick") + len("quick")


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


@pytest.fixture
def spec(ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Spec:
    """Ada owns it, Bob may comment."""

    async def make() -> Spec:
        made = Spec(ada, await ada.new_spec(TEXT))
        await bob.call("GET", "api/specs")  # so that he is known
        await made.role("bob", "commenter")
        return made

    return jp_asyncio_loop.run_until_complete(make())


async def user_id(login: Login, spec: Spec) -> str:
    answer = await login.call("GET", f"{spec.path}/collaborators")
    return str(answer["me"]["userId"])


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


class TestRoles:
    async def test_a_viewer_reads_and_a_stranger_sees_nothing(
        self, spec: Spec, bob: Login, logins: Logins
    ) -> None:
        made = await spec.by(bob).open(comment(*QUICK, 1))
        offered = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        await spec.role("bob", "viewer")
        eve = logins.of("eve", "Eve")
        thread, message = f"threads/{made['threadId']}", f"messages/{made['threadId']}"
        calls: list[tuple[str, str, Any]] = [
            ("POST", "threads", comment(*QUICK, 1)),
            ("POST", f"{thread}/messages", {"messageId": new_id(), "body": "x"}),
            ("PATCH", message, {"body": "x"}),
            ("DELETE", message, None),
            ("PATCH", thread, {"state": "resolved"}),
            ("PATCH", f"threads/{offered['threadId']}", {"state": "rejected"}),
            ("PATCH", f"threads/{offered['threadId']}", {"state": "accepted"}),
            ("DELETE", thread, None),
        ]
        for method, path, body in calls:
            assert await spec.by(bob).refused(method, path, body) == (403, "FORBIDDEN"), path
            assert await spec.by(eve).refused(method, path, body) == (404, "SPEC_NOT_FOUND"), path
        assert set(await spec.by(bob).ids()) == {made["threadId"], offered["threadId"]}
        for path in ("threads", thread):
            assert await spec.by(eve).refused("GET", path) == (404, "SPEC_NOT_FOUND")

    async def test_a_commenter_edits_nothing(self, spec: Spec, bob: Login) -> None:
        body = {"content": "x", "version": 1}
        assert await spec.by(bob).refused("PUT", "document", body) == (403, "FORBIDDEN")
        assert await spec.by(bob).refused("POST", "revisions", {"label": "x"}) == (403, "FORBIDDEN")
        socket = await bob.joined(spec.spec_id)
        assert socket.welcome["role"] == "commenter"
        await socket.edit(insert(0, "x"))
        refused = await socket.answer()
        assert (refused["success"], refused["code"]) == (False, "FORBIDDEN")
        path = f"{spec.path}/session"
        joined = await bob.call("POST", path, {"specId": spec.spec_id})
        session = f"{path}/{joined['sessionId']}/events"
        operation = {"operationId": new_id(), "version": 1, "operations": [insert(0, "x")]}
        await bob.call("POST", session, [{"event": "operation", "data": operation}])
        polled = await bob.call("GET", session, after=0, wait=5)
        (answer,) = [each["data"] for each in polled["events"] if each["event"] == "operation_ack"]
        assert (answer["success"], answer["code"]) == (False, "FORBIDDEN")
        assert await text_of(bob, spec.spec_id) == TEXT
        socket.close()

    async def test_who_may_close_a_suggestion(self, spec: Spec, bob: Login, logins: Logins) -> None:
        cyd = logins.of("cyd", "Cyd")
        await spec.role("cyd", "commenter")
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        place = f"threads/{made['threadId']}"
        for state in ("rejected", "accepted"):
            assert await spec.by(cyd).refused("PATCH", place, {"state": state}) == (403, "FORBIDDEN"), state
        assert await spec.by(bob).refused("PATCH", place, {"state": "accepted"}) == (403, "FORBIDDEN")
        rejected = await spec.by(bob).state(made["threadId"], "rejected")
        assert (rejected["state"], rejected["resolvedByName"]) == ("rejected", "Bob Kahn")
        assert await spec.by(cyd).refused("PATCH", place, {"state": "open"}) == (403, "FORBIDDEN")
        opened = await spec.by(bob).state(made["threadId"], "open")
        assert opened["state"] == "open"
        assert not {"resolvedBy", "resolvedByName", "resolvedAt"} & opened.keys()
        assert (await spec.state(made["threadId"], "rejected"))["resolvedByName"] == "Ada Lovelace"

    async def test_who_may_change_and_delete_messages(
        self, spec: Spec, ada: Login, bob: Login, logins: Logins
    ) -> None:
        cyd = logins.of("cyd", "Cyd")
        await spec.role("cyd", "contributor")
        made = await spec.by(bob).open(comment(*QUICK, 1))
        answer = new_id()
        await spec.by(cyd).reply(made["threadId"], "No.", answer)
        assert await spec.by(bob).refused("PATCH", f"messages/{answer}", {"body": "x"}) == (403, "FORBIDDEN")
        assert await spec.refused("PATCH", f"messages/{answer}", {"body": "x"}) == (403, "FORBIDDEN")
        assert await spec.by(bob).refused("DELETE", f"messages/{answer}") == (403, "FORBIDDEN")
        edited = await spec.by(cyd).edit(answer, "Well.")
        assert edited["messages"][1]["body"] == "Well."
        assert edited["messages"][1]["editedAt"] >= edited["messages"][1]["createdAt"]
        emptied = await ada.call("DELETE", f"{spec.path}/messages/{answer}")
        assert emptied["messages"][1]["body"] == ""
        assert emptied["messages"][1]["deleted"] is True

    async def test_who_may_delete_a_thread(self, spec: Spec, bob: Login, logins: Logins) -> None:
        cyd = logins.of("cyd", "Cyd")
        await spec.role("cyd", "contributor")
        made = await spec.by(bob).open(comment(*QUICK, 1))
        place = f"threads/{made['threadId']}"
        assert await spec.by(cyd).refused("DELETE", place) == (403, "FORBIDDEN")
        await spec.by(cyd).reply(made["threadId"], "Answered.")
        assert await spec.by(bob).refused("DELETE", place) == (403, "FORBIDDEN")
        assert await spec.login.call("DELETE", f"{spec.path}/{place}") == {}
        assert await spec.refused("DELETE", place) == (404, "THREAD_NOT_FOUND")
        mine = await spec.by(bob).open(comment(*QUICK, 1))
        await spec.by(bob).reply(mine["threadId"], "Mine too.")
        assert await bob.call("DELETE", f"{spec.path}/threads/{mine['threadId']}") == {}


class TestMessages:
    async def test_a_reply_opens_a_resolved_comment(self, spec: Spec, bob: Login) -> None:
        made = await spec.by(bob).open(comment(*QUICK, 1))
        resolved = await spec.by(bob).state(made["threadId"], "resolved")
        assert (resolved["state"], resolved["resolvedByName"]) == ("resolved", "Bob Kahn")
        assert resolved["resolvedAt"].endswith("Z")
        again = await spec.by(bob).state(made["threadId"], "resolved")
        assert again["changed"] == resolved["changed"]
        assert await spec.ids() == []
        assert await spec.ids(state="closed") == await spec.ids(state="all") == [made["threadId"]]
        answered = await spec.reply(made["threadId"], "One more thing.")
        assert (answered["state"], len(answered["messages"])) == ("open", 2)
        assert "resolvedBy" not in answered

    async def test_a_repeat_is_answered_as_it_stands(self, spec: Spec, bob: Login) -> None:
        made = await spec.open(comment(*QUICK, 1))
        message = {"messageId": new_id(), "body": "Yes."}
        place = f"{spec.path}/threads/{made['threadId']}/messages"
        for _ in range(2):
            response = await bob.fetch("POST", place, message)
            assert response.code == 201
        assert len((await spec.one(made["threadId"]))["messages"]) == 2
        assert await bob.refused("POST", place, {**message, "body": "No."}) == (409, "ID_REUSED")
        assert await spec.login.refused("POST", place, message) == (409, "ID_REUSED")
        await bob.call("DELETE", f"{spec.path}/messages/{message['messageId']}")
        assert await bob.refused("POST", place, message) == (409, "ID_REUSED")

    async def test_a_deleted_message_keeps_its_place(self, spec: Spec, bob: Login) -> None:
        made = await spec.by(bob).open(comment(*QUICK, 1, "Hello @ada"))
        assert made["messages"][0]["mentions"] == [await user_id(spec.login, spec)]
        await spec.reply(made["threadId"], "Hello.")
        path = f"messages/{made['threadId']}"
        for _ in range(2):
            emptied = await bob.call("DELETE", f"{spec.path}/threads/{made['threadId']}/{path}")
            first, second = emptied["messages"]
            assert (first["body"], first["deleted"], first["mentions"]) == ("", True, [])
            assert second["body"] == "Hello."
        assert emptied["changed"] == 3
        assert await spec.by(bob).refused("PATCH", path, {"body": "x"}) == (404, "NOT_FOUND")

    async def test_what_is_not_there(self, spec: Spec) -> None:
        made = await spec.open(comment(*QUICK, 1))
        body = {"messageId": new_id(), "body": "x"}
        for unknown in (new_id(), "nothing"):
            for method, path, content in (
                ("POST", f"threads/{unknown}/messages", body),
                ("PATCH", f"threads/{unknown}", {"state": "open"}),
                ("PATCH", f"threads/{unknown}/messages/{made['threadId']}", {"body": "x"}),
                ("DELETE", f"threads/{unknown}", None),
                ("GET", f"threads/{unknown}", None),
            ):
                assert await spec.refused(method, path, content) == (404, "THREAD_NOT_FOUND"), path
            for path in (f"messages/{unknown}", f"threads/{made['threadId']}/messages/{unknown}"):
                assert await spec.refused("PATCH", path, {"body": "x"}) == (404, "NOT_FOUND")
                assert await spec.refused("DELETE", path) == (404, "NOT_FOUND")

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ("", (400, "INVALID_MESSAGE")),
            (None, (400, "INVALID_MESSAGE")),
            ("\0", (422, "INVALID_CONTENT")),
            ("x" * 10_001, (413, "OPERATION_TOO_LARGE")),
        ],
    )
    async def test_a_body_that_does_not_fit(self, spec: Spec, body: Any, refusal: tuple[int, str]) -> None:
        made = await spec.open(comment(*QUICK, 1))
        place = f"threads/{made['threadId']}/messages"
        assert await spec.refused("POST", place, {"messageId": new_id(), "body": body}) == refusal
        assert await spec.refused("PATCH", f"messages/{made['threadId']}", {"body": body}) == refusal
        assert await spec.refused("POST", place, {"messageId": "x", "body": "x"}) == (400, "INVALID_MESSAGE")

    async def test_an_edit_that_changes_nothing_is_none(self, spec: Spec) -> None:
        made = await spec.open(comment(*QUICK, 1))
        same = await spec.edit(made["threadId"], "Why?")
        assert same["changed"] == made["changed"]
        assert "editedAt" not in same["messages"][0]


class TestStates:
    @pytest.mark.parametrize("state", ["accepted", "rejected"])
    async def test_a_comment_is_neither_accepted_nor_rejected(self, spec: Spec, state: str) -> None:
        made = await spec.open(comment(*QUICK, 1))
        place = f"threads/{made['threadId']}"
        assert await spec.refused("PATCH", place, {"state": state}) == (400, "INVALID_MESSAGE")

    async def test_a_suggestion_is_not_resolved(self, spec: Spec) -> None:
        made = await spec.open(suggestion(*QUICK, 1, "slow"))
        place = f"threads/{made['threadId']}"
        for state in ("resolved", "gone", None):
            assert await spec.refused("PATCH", place, {"state": state}) == (400, "INVALID_MESSAGE")

    async def test_an_accepted_suggestion_is_the_suggesters_edit(
        self, spec: Spec, ada: Login, bob: Login
    ) -> None:
        socket = await ada.joined(spec.spec_id)
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        accepted = await spec.state(made["threadId"], "accepted")
        assert (accepted["state"], accepted["acceptedVersion"]) == ("accepted", 2)
        assert accepted["resolvedByName"] == "Ada Lovelace"
        assert await text_of(ada, spec.spec_id) == TEXT.replace("quick", "slow")
        operation = await socket.until("remote_operation")
        ada_id, bob_id = await user_id(ada, spec), await user_id(bob, spec)
        assert (operation["userId"], operation["authorId"]) == (ada_id, bob_id)
        assert (operation["authorName"], operation["threadId"]) == ("Bob Kahn", made["threadId"])
        assert operation["sessionId"] is None
        runs = await ada.call("GET", f"{spec.path}/attribution")
        assert {each["userId"] for each in runs["people"]} == {ada_id, bob_id}
        again = await spec.state(made["threadId"], "accepted")
        assert again["changed"] == accepted["changed"]
        socket.close()

    async def test_an_accepted_suggestion_is_final(self, spec: Spec, bob: Login, logins: Logins) -> None:
        cyd = logins.of("cyd", "Cyd")
        await spec.role("cyd", "contributor")
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        await spec.state(made["threadId"], "accepted")
        place = f"threads/{made['threadId']}"
        for who, state in ((cyd, "accepted"), (bob, "rejected"), (bob, "open"), (cyd, "open")):
            assert await spec.by(who).refused("PATCH", place, {"state": state}) == (409, "THREAD_CLOSED")
        rejected = await spec.by(bob).open(suggestion(*QUICK, 1, "red"))
        await spec.state(rejected["threadId"], "rejected")
        place = f"threads/{rejected['threadId']}"
        assert await spec.refused("PATCH", place, {"state": "accepted"}) == (409, "THREAD_CLOSED")

    async def test_words_that_others_changed_elsewhere_are_merged(self, spec: Spec, bob: Login) -> None:
        passage = TEXT.index("quick"), TEXT.index("jumps")
        made = await spec.by(bob).open(suggestion(*passage, 1, "quick brown cat "))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "very quick"), 1)
        await spec.state(made["threadId"], "accepted")
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick brown fox", "very quick brown cat")

    async def test_the_same_words_make_it_stale(self, spec: Spec, bob: Login) -> None:
        made = await spec.by(bob).open(suggestion(0, 15, 1, "The slow brown"))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "quiet"), 1)
        path = f"{spec.path}/threads/{made['threadId']}"
        response = await spec.login.fetch("PATCH", path, {"state": "accepted"})
        refusal = json.loads(response.body)
        assert (response.code, refusal["code"]) == (409, "SUGGESTION_STALE")
        assert refusal["details"]["present"] == "The quiet brown"
        assert (await spec.one(made["threadId"]))["state"] == "open"
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "slow"), 2)
        equal = await spec.state(made["threadId"], "accepted")
        assert equal["acceptedVersion"] == 4
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick", "slow")

    async def test_an_orphan_is_stale_but_for_its_deletion(self, spec: Spec, bob: Login) -> None:
        changed = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        removed = await spec.by(bob).open(suggestion(*QUICK, 1, ""))
        placed = await spec.by(bob).open(suggestion(4, 4, 1, "very "))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", ""), 1)
        place = f"threads/{changed['threadId']}"
        assert await spec.refused("PATCH", place, {"state": "accepted"}) == (409, "SUGGESTION_STALE")
        accepted = await spec.state(removed["threadId"], "accepted")
        assert accepted["acceptedVersion"] == 3
        await spec.state(placed["threadId"], "accepted")
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick", "very ")


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


class TestLimits:
    async def test_open_threads(self, spec: Spec, bob: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "OPEN", 2)
        mine = spec.by(bob)
        first = comment(*QUICK, 1)
        await mine.open(first)
        await mine.open(suggestion(*QUICK, 1, "slow"))
        assert await mine.refused("POST", "threads", comment(*QUICK, 1)) == (429, "THREAD_LIMIT")
        await mine.open(first)
        await mine.state(first["threadId"], "resolved")
        await mine.open(comment(*QUICK, 1))
        place = f"threads/{first['threadId']}"
        assert await mine.refused("PATCH", place, {"state": "open"}) == (429, "THREAD_LIMIT")
        answer = {"messageId": new_id(), "body": "x"}
        assert await mine.refused("POST", f"{place}/messages", answer) == (429, "THREAD_LIMIT")

    async def test_messages(self, spec: Spec, bob: Login, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(transitions, "MESSAGES", 2)
        made = await spec.by(bob).open(comment(*QUICK, 1))
        answer = {"messageId": new_id(), "body": "x"}
        place = f"threads/{made['threadId']}/messages"
        await bob.call("POST", f"{spec.path}/{place}", answer)
        await bob.call("POST", f"{spec.path}/{place}", answer)
        full = {"messageId": new_id(), "body": "x"}
        assert await spec.by(bob).refused("POST", place, full) == (429, "THREAD_LIMIT")


class TestFewWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "owner", "writes_per_minute": 6, "max_stale_versions": 3}

    async def test_repeats_and_what_changes_nothing_cost_nothing(self, ada: Login) -> None:
        spec = Spec(ada, await ada.new_spec(TEXT))  # 1
        body = comment(*QUICK, 1)
        for _ in range(3):
            await spec.open(body)  # 2
        answer = new_id()
        for _ in range(3):
            await spec.reply(body["threadId"], "x", answer)  # 3
        for _ in range(3):
            await spec.state(body["threadId"], "resolved")  # 4
            await spec.edit(answer, "y")  # 5
        await spec.state(body["threadId"], "open")  # 6
        response = await ada.fetch("PATCH", f"{spec.path}/threads/{body['threadId']}", {"state": "resolved"})
        refusal = json.loads(response.body)
        assert (response.code, refusal["code"]) == (429, "RATE_LIMITED")
        assert refusal["details"]["retryAfterMs"] > 0
        for method, path, content in (
            ("POST", "threads", comment(*QUICK, 1)),
            ("POST", f"threads/{body['threadId']}/messages", {"messageId": new_id(), "body": "x"}),
            ("PATCH", f"messages/{answer}", {"body": "z"}),
            ("DELETE", f"messages/{answer}", None),
            ("DELETE", f"threads/{body['threadId']}", None),
        ):
            assert await spec.refused(method, path, content) == (429, "RATE_LIMITED"), path
        assert (await spec.one(body["threadId"]))["state"] == "open"
        await spec.open(body)

    async def test_a_version_too_far_behind(self, ada: Login) -> None:
        spec = Spec(ada, await ada.new_spec(TEXT))
        socket = await ada.joined(spec.spec_id)
        for number in range(4):
            await socket.commits(insert(0, str(number)))
        assert await spec.refused("POST", "threads", comment(*QUICK, 1)) == (409, "VERSION_CONFLICT")
        assert (await spec.open(comment(*QUICK, 2)))["anchor"]["start"] == 7
        socket.close()


class TestQuota:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "owner", "bytes_per_user": 40_000}

    async def test_threads_count_for_who_made_the_spec(self, ada: Login, bob: Login) -> None:
        spec = Spec(bob, await ada.new_spec(TEXT))
        made = await spec.open(comment(*QUICK, 1))
        for _ in range(10):
            response = await bob.fetch("POST", f"{spec.path}/threads", comment(*QUICK, 1, "x" * 9_000))
            if response.code != 201:
                break
        assert json.loads(response.body)["code"] == "QUOTA_EXCEEDED"
        long = {"messageId": new_id(), "body": "x" * 9_000}
        place = f"threads/{made['threadId']}/messages"
        assert await spec.refused("POST", place, long) == (429, "QUOTA_EXCEEDED")
        assert await spec.refused("PATCH", f"messages/{made['threadId']}", {"body": "x" * 9_000}) == (
            429,
            "QUOTA_EXCEEDED",
        )
        assert (await spec.state(made["threadId"], "resolved"))["state"] == "resolved"


class TestTransports:
    async def test_polling_brings_the_same_events(self, spec: Spec, bob: Login) -> None:
        path = f"{spec.path}/session"
        joined = await bob.call("POST", path, {"specId": spec.spec_id, "features": ["threads"]})
        assert (joined["threadsVersion"], joined["verdictsVersion"]) == (0, 0)
        plain = await bob.call("POST", path, {"specId": spec.spec_id})
        assert "threadsVersion" not in plain
        made = await spec.open(comment(*QUICK, 1))
        polled = await bob.call("GET", f"{path}/{joined['sessionId']}/events", after=0, wait=5)
        (changed,) = [each["data"] for each in polled["events"] if each["event"] == "threads_changed"]
        assert changed == {"threadsVersion": 1, "version": 1, "threads": [made], "deleted": []}

    @pytest.mark.parametrize("features", ["threads", [1], {"threads": True}])
    async def test_features_are_a_list_of_strings(self, spec: Spec, bob: Login, features: Any) -> None:
        body = {"specId": spec.spec_id, "features": features}
        assert await spec.by(bob).refused("POST", "session", body) == (400, "INVALID_MESSAGE")

    async def test_a_resumed_session_is_told_the_number(self, spec: Spec, bob: Login) -> None:
        socket = await bob.joined(spec.spec_id, features=["threads"])
        session_id = socket.welcome["sessionId"]
        socket.close()
        await spec.open(comment(*QUICK, 1))
        again = await bob.joined(spec.spec_id, features=["threads"], sessionId=session_id, lastKnownVersion=1)
        assert again.welcome["threadsVersion"] == 1
        again.close()

    async def test_a_role_taken_away_ends_the_events(self, spec: Spec, bob: Login) -> None:
        socket = await bob.joined(spec.spec_id, features=["threads"])
        await spec.login.call("DELETE", f"{spec.path}/collaborators/user:bob")
        assert await socket.closed() == 4403
        assert await spec.by(bob).refused("POST", "threads", comment(*QUICK, 1)) == (404, "SPEC_NOT_FOUND")


class TestTokens:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "none", "token_secret": SECRET}

    @pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("commenter", 201), ("owner", 201)])
    async def test_a_token_narrows_what_its_user_may_do(
        self, spec: Spec, ada: Login, role: str, status: int
    ) -> None:
        token = signed("ada", spec=spec.spec_id, role=role)
        bearer = Login(ada.address, {"Authorization": f"Bearer {token}"})
        response = await bearer.fetch("POST", f"{spec.path}/threads", comment(*QUICK, 1))
        assert response.code == status
        accepted = await spec.by(bearer).refused("PUT", "document", {"content": "x", "version": 9})
        assert accepted == ((409, "VERSION_CONFLICT") if role == "owner" else (403, "FORBIDDEN"))

    async def test_a_commenter_does_not_accept_by_a_stronger_token(self, spec: Spec, bob: Login) -> None:
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        bearer = Login(bob.address, {"Authorization": f"Bearer {signed('bob', role='owner')}"})
        place = f"threads/{made['threadId']}"
        assert await spec.by(bearer).refused("PATCH", place, {"state": "accepted"}) == (403, "FORBIDDEN")


async def test_history_says_who_accepted(spec: Spec, ada: Login, bob: Login) -> None:
    made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
    await spec.state(made["threadId"], "accepted")
    sittings = (await ada.call("GET", f"{spec.path}/history"))["sittings"]
    people = {person["userName"] for sitting in sittings for person in sitting["people"]}
    assert people == {"Ada Lovelace", "Bob Kahn"}
    log = await ada.call("GET", f"{spec.path}/operations", after=1)
    assert [person["userName"] for person in log["people"]] == ["Bob Kahn"]
