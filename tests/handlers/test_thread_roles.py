"""Who may do what with comments and suggestions, by login and by token, and who is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.logins import Login, Logins, insert, text_of
from tests.handlers.threads import QUICK, TEXT, Spec, comment, new_id, suggestion


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


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
