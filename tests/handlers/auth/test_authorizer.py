"""Jupyter's Authorizer is asked, too: here one that allows a user only to read."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import jwt
import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler

from tests.handlers.logins import Login, Logins, insert


class OnlyAdaWrites(Authorizer):
    """Ada may do everything, Bob may read, and Mallory may do nothing."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:
        if resource != "speccollab" or user.username == "ada":
            return True
        return user.username == "bob" and action == "read"


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    server = {**jp_server_config["ServerApp"], "authorizer_class": OnlyAdaWrites}
    return {**jp_server_config, "ServerApp": server}


async def test_one_who_may_read_follows_live_and_edits_nothing(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    assert two.welcome["role"] == "viewer"
    await one.commits(insert(0, "x"))
    assert (await two.expect("remote_operation"))["version"] == 2
    await two.send("cursor_update", cursor={"line": 0, "column": 1})
    await one.until("remote_cursor")
    operation_id = await two.edit(insert(0, "y"))
    ack = await two.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "FORBIDDEN")
    await one.nothing_more()
    assert (await bob.call("GET", f"api/specs/{spec_id}/document"))["content"] == "xtext"
    for method, path, body in [
        ("PUT", f"api/specs/{spec_id}/document", {"content": "y", "version": 2}),
        ("POST", "api/specs", {"title": "x"}),
        ("PATCH", f"api/specs/{spec_id}", {"title": "x"}),
        ("DELETE", f"api/specs/{spec_id}", None),
        ("POST", f"api/specs/{spec_id}/revisions", {"label": "x"}),
        ("POST", f"api/specs/{spec_id}/revisions/1/restore", {}),
        ("DELETE", f"api/specs/{spec_id}/revisions/1/label", None),
    ]:
        assert await bob.refused(method, path, body) == (403, "FORBIDDEN"), (method, path)
    assert await bob.call("PUT", f"api/specs/{spec_id}/read", {"version": 1}) == {"version": 1}
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "xtext"


async def test_one_who_may_not_even_read_is_told_and_closed(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("text")
    mallory = logins.of("mallory", "Mallory")
    socket = await mallory.socket(spec_id)
    assert (await socket.expect("error"))["code"] == "FORBIDDEN"
    assert await socket.closed() == 4403
    assert await mallory.refused("GET", f"api/specs/{spec_id}/document") == (403, "FORBIDDEN")
    assert await mallory.refused("GET", "api/specs") == (403, "FORBIDDEN")


async def test_one_who_may_read_follows_by_polling_too(ada: Login, bob: Login) -> None:
    """Polling needs POST and DELETE, whose default action is to write. The role decides about edits instead."""
    spec_id = await ada.new_spec("text")
    session = f"api/specs/{spec_id}/session"
    joined = await bob.call("POST", session, {"specId": spec_id})
    assert joined["role"] == "viewer"
    events = f"{session}/{joined['sessionId']}/events"
    edit = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "y")]}
    cursor = {"cursor": {"line": 0, "column": 1}}
    watching = await ada.joined(spec_id)
    await bob.call(
        "POST", events, [{"event": "cursor_update", "data": cursor}, {"event": "operation", "data": edit}]
    )
    assert (await watching.until("remote_cursor"))["cursor"]["column"] == 1
    acks: list[str] = []
    while not acks:
        polled = await bob.call("GET", events, after=0)
        acks = [event["data"]["code"] for event in polled["events"] if event["event"] == "operation_ack"]
    assert acks == ["FORBIDDEN"]
    assert await bob.call("DELETE", f"{session}/{joined['sessionId']}") == {}
    await watching.until("user_left")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text"


async def test_a_token_of_one_who_may_only_read_is_only_for_reading(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    made = await bob.call("POST", f"api/specs/{spec_id}/token")
    claims = jwt.decode(made["token"], options={"verify_signature": False})
    assert (claims["sub"], claims["spec"], claims["role"]) == ("bob", spec_id, "viewer")
    agent = Login(bob.address, {"Authorization": f"Bearer {made['token']}"})
    assert (await agent.joined(spec_id)).welcome["role"] == "viewer"
    put = await agent.refused("PUT", f"api/specs/{spec_id}/document", {"content": "x", "version": 1})
    assert put == (403, "FORBIDDEN")
