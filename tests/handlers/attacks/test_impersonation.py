"""Attempts to act as another user: with their session, their operation ids, or their name."""

from __future__ import annotations

from uuid import uuid4

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.attacks.plan import unharmed
from tests.handlers.logins import Login, insert
from tests.handlers.test_collaborators import share


async def test_another_persons_session(ada: Login, bob: Login, plan: str) -> None:
    """The id of a session is of no use to another user, by WebSocket or by polling."""
    own = await ada.joined(plan)
    polled = await ada.call("POST", f"api/specs/{plan}/session", {"specId": plan})
    stolen = (own.welcome["sessionId"], polled["sessionId"])
    async with unharmed(ada, plan):
        for session_id in stolen:
            taken = await bob.joined(plan, sessionId=session_id, lastKnownVersion=1)
            assert taken.welcome["sessionId"] not in stolen
            assert taken.me["userId"] == user_id_of("jupyter", "bob")
            taken.close()
            path = f"api/specs/{plan}/session/{session_id}"
            edit = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "x")]}
            for method, where, body in [
                ("GET", "/events", None),
                ("POST", "/events", [{"event": "operation", "data": edit}]),
                ("DELETE", "", None),
            ]:
                assert await bob.refused(method, path + where, body) == (409, "NOT_JOINED")
        await own.nothing_more_but("user_joined", "user_left")
        await ada.call("GET", f"api/specs/{plan}/session/{polled['sessionId']}/events", after=0)


async def test_another_users_operation_id(ada: Login, bob: Login, plan: str) -> None:
    """If Bob sends Ada's operation, he gets no acknowledgement, and Ada's own repeat does not fail."""
    await share(ada, plan, "user:bob", "contributor")
    one, two = await ada.joined(plan), await bob.joined(plan)
    edit = insert(0, "mine ")
    ack = await one.commits(edit)
    await two.expect("remote_operation")
    async with unharmed(ada, plan):
        for components in ([edit], [insert(0, "yours ")], []):
            await two.edit(*components, operationId=ack["operationId"], version=1)
            refused = await two.answer()
            assert (refused["success"], refused["code"]) == (False, "OPERATION_ID_REUSED")
        save = {"content": "x", "version": 2, "operationId": ack["operationId"]}
        assert await bob.refused("PUT", f"api/specs/{plan}/document", save) == (409, "OPERATION_ID_REUSED")
    assert (await one.commits(edit, operationId=ack["operationId"], version=1))["version"] == ack["version"]


async def test_a_name_a_cursor_or_a_time_that_is_somebody_elses(ada: Login, bob: Login, plan: str) -> None:
    """Identity comes from the login; such fields in a frame are ignored."""
    await share(ada, plan, "user:bob", "contributor")
    one = await ada.joined(plan)
    ada_id, bob_id = user_id_of("jupyter", "ada"), user_id_of("jupyter", "bob")
    fake = {
        "userId": ada_id,
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "timestamp": "1999-01-01T00:00:00Z",
        "role": "owner",
    }
    two = await bob.joined(plan, **{**fake, "sessionId": one.welcome["sessionId"]})
    assert (two.me["userId"], two.welcome["role"]) == (bob_id, "contributor")
    joined = await one.expect("user_joined")
    assert (joined["userId"], joined["userName"]) == (bob_id, "Bob Kahn")
    await two.send("cursor_update", cursor={"line": 0, "column": 1, **fake}, **fake)
    cursor = await one.expect("remote_cursor")
    assert (cursor["userId"], cursor["userName"]) == (bob_id, "Bob Kahn")
    assert cursor["sessionId"] == two.welcome["sessionId"]
    await two.commits({**insert(0, "x"), **fake}, **fake)
    edit = await one.until("remote_operation")
    assert (edit["userId"], edit["sessionId"]) == (bob_id, two.welcome["sessionId"])
    assert not edit["timestamp"].startswith("1999")
    assert "userName" not in edit["operations"][0]
    saved = {"content": "y", "version": 2, "modifiedBy": ada_id, **fake}
    await bob.call("PUT", f"api/specs/{plan}/document", saved)
    newest = (await ada.call("GET", f"api/specs/{plan}/revisions"))["revisions"][0]
    assert (newest["modifiedBy"], newest["modifiedByName"]) == (bob_id, "Bob Kahn")
