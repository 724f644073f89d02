"""The messages of comments and suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.logins import Login
from tests.handlers.threads import QUICK, Spec, comment, new_id, user_id


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


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
