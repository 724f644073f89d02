"""Every address requires a login, the permission of the Authorizer, and a page of the same origin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPClientError
from tornado.web import RequestHandler

from jupyter_speccollab.handlers.routes import routes
from tests.handlers.auth.test_tokens import services_of
from tests.handlers.logins import XSRF, Login, Logins

OPEN = {("SpecSocket", "GET")}
"""Handlers without Jupyter's check of the login. They check it themselves, so that a page can read the error."""

READS = {"GET", "HEAD", "OPTIONS"}
FOREIGN = {"Origin": "https://evil.example.org"}


class Nobody(Authorizer):
    """Allows nobody to do anything with specs."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:
        return resource != "speccollab"


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    server = {**jp_server_config["ServerApp"], "allow_unauthenticated_access": False}
    return {**jp_server_config, "ServerApp": server}


def endpoints(app: ServerApp) -> Iterator[tuple[str, str, type[RequestHandler]]]:
    """Method, pattern and handler of every implemented route."""
    for pattern, handler, _ in routes(services_of(app)):
        for method in handler.SUPPORTED_METHODS:
            if getattr(handler, method.lower()) is not RequestHandler._unimplemented_method:
                yield method, pattern, handler


def address(pattern: str, spec_id: str, session_id: str = "x") -> str:
    """An address that the pattern matches."""
    path = pattern.strip("/").removesuffix("/?").replace(".*", "nothing/here")
    for part in (spec_id, session_id if "session" in path else "1", "1"):
        path = path.replace("([^/]+)", part, 1)
    return path


def test_every_method_asks_who_it_is(jp_serverapp: ServerApp) -> None:
    found = list(endpoints(jp_serverapp))
    assert len({handler for _, _, handler in found}) > 12
    for method, pattern, handler in found:
        if method == "OPTIONS" or (handler.__name__, method) in OPEN:
            assert hasattr(getattr(handler, method.lower()), "__allow_unauthenticated")
            continue
        function = getattr(handler, method.lower())
        assert not hasattr(function, "__allow_unauthenticated"), (method, pattern)
        assert function.__code__.co_qualname.startswith("authenticated"), (method, pattern)
        assert "authorized" in function.__wrapped__.__code__.co_qualname, (method, pattern)
        assert handler.auth_resource == "speccollab"
    for pattern, handler, _ in routes(services_of(jp_serverapp)):
        assert jp_serverapp.web_app._check_handler_auth(pattern, handler) == []


async def test_a_stranger_is_told_so_everywhere(ada: Login, logins: Logins, jp_serverapp: ServerApp) -> None:
    spec_id = await ada.new_spec("text")
    for stranger in (logins.stranger(), Login(ada.address, {"Cookie": f"_xsrf={XSRF}", "X-XSRFToken": XSRF})):
        for method, pattern, handler in endpoints(jp_serverapp):
            path = address(pattern, spec_id)
            if handler.__name__ == "SpecSocket":
                socket = await stranger.socket(spec_id)
                assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
                assert await socket.closed() == 4401
            elif method == "OPTIONS":
                answer = await stranger.fetch(method, path)
                assert answer.body == b"" or json.loads(answer.body)["code"] == "NOT_FOUND"
            else:
                body = None if method in READS else "{}"
                assert await stranger.refused(method, path, body) == (401, "UNAUTHENTICATED"), (method, path)
        assert await stranger.refused("GET", "api/specs/x/y/z") == (401, "UNAUTHENTICATED")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text"


async def test_a_foreign_page_gets_nothing_by_a_cookie(ada: Login, jp_serverapp: ServerApp) -> None:
    """It can't open a WebSocket, read or change anything, even if it knows ``_xsrf``."""
    spec_id = await ada.new_spec("text")
    with pytest.raises(HTTPClientError) as refused:
        await ada.socket(spec_id, FOREIGN)
    assert refused.value.code == 403
    cookie = Login(ada.address, {"Cookie": ada.headers["Cookie"]})
    for method, pattern, handler in endpoints(jp_serverapp):
        if handler.__name__ == "SpecSocket" or method == "OPTIONS":
            continue
        path, body = address(pattern, spec_id), None if method in READS else "{}"
        answer = await ada.fetch(method, path, body, FOREIGN)
        assert answer.code in (403, 404), (method, path)
        assert "Access-Control-Allow-Origin" not in answer.headers
        if method not in READS:
            assert await cookie.refused(method, path, body) == (403, "FORBIDDEN"), (method, path)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "text"
    socket = await ada.socket(spec_id, {"Origin": f"http://{ada.address.split('/')[0]}"})
    await socket.expect("connect")


async def test_a_token_is_a_login_everywhere(ada: Login) -> None:
    """Also on addresses where Jupyter requires a login before our code runs."""
    spec_id = await ada.new_spec("text")
    made = await ada.call("POST", f"api/specs/{spec_id}/token")
    agent = Login(ada.address, {"Authorization": f"Bearer {made['token']}", **FOREIGN})
    saved = {"content": "more", "version": 1}
    assert (await agent.call("PUT", f"api/specs/{spec_id}/document", saved))["version"] == 2
    assert (await agent.joined(spec_id)).welcome["content"] == "more"
    forged = Login(ada.address, {"Authorization": f"Bearer {made['token'][:-3]}", **FOREIGN})
    assert await forged.refused("PUT", f"api/specs/{spec_id}/document", saved) == (401, "UNAUTHENTICATED")
    with pytest.raises(HTTPClientError) as refused:
        await forged.socket(spec_id)
    assert refused.value.code == 403


class TestNobodyIsAuthorized:
    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        server = {**jp_server_config["ServerApp"], "authorizer_class": Nobody}
        return {**jp_server_config, "ServerApp": server}

    async def test_the_authorizer_is_asked_everywhere(self, ada: Login, jp_serverapp: ServerApp) -> None:
        spec_id = str(uuid4())
        for method, pattern, handler in endpoints(jp_serverapp):
            path = address(pattern, spec_id)
            if handler.__name__ == "SpecSocket":
                socket = await ada.socket(spec_id)
                assert (await socket.expect("error"))["code"] == "FORBIDDEN"
                assert await socket.closed() == 4403
            elif method != "OPTIONS":
                answer = await ada.fetch(method, path, None if method in READS else "{}")
                assert answer.code == 403, (method, path)
                assert json.loads(answer.body)["code"] == "FORBIDDEN"
