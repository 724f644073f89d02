"""Jupyter's own Authorizer has a say: here one that lets a person read and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler

from tests.handlers.logins import Login, Logins, insert


class OnlyAdaWrites(Authorizer):
    """Ada may do all, Bob may read, Mallory nothing."""

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
    ]:
        assert await bob.refused(method, path, body) == (403, "FORBIDDEN"), (method, path)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "xtext"


async def test_one_who_may_not_even_read_is_told_and_closed(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("text")
    mallory = logins.of("mallory", "Mallory")
    socket = await mallory.socket(spec_id)
    assert (await socket.expect("error"))["code"] == "FORBIDDEN"
    assert await socket.closed() == 4403
    assert await mallory.refused("GET", f"api/specs/{spec_id}/document") == (403, "FORBIDDEN")
    assert await mallory.refused("GET", "api/specs") == (403, "FORBIDDEN")
