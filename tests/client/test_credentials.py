"""No error of a client contains a token, a password or a cookie."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.client.credentials import address_of
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.errors import NotFound
from tests.handlers.logins import Login
from tests.leaks import SECRET, shown_by

NOWHERE = "http://127.0.0.1:9/"
HERE = "http://here/"


@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    """The port of a server that knows no address, since a header is looked at only when somebody listens."""
    listener, port = bind_unused_port()
    server = HTTPServer(Application())
    server.add_socket(listener)
    yield port
    server.stop()


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (HERE, {"token": f"{SECRET}\n{SECRET}"}),
        (HERE, {"token": f"{SECRET}\0"}),
        (HERE, {"token": f"{SECRET}字"}),
        (HERE, {"headers": {"Authorization": f"token {SECRET}\n"}}),
        (HERE, {"headers": {f"{SECRET}\n": "x"}}),
        (HERE, {"cookies": {"login": f"{SECRET}\r\n"}}),
        (HERE, {"cookies": {"login": f"a; b={SECRET}"}}),
        (SECRET, {}),
        (f"localhost:8888/?token={SECRET}", {}),
        (f"ftp://ada:{SECRET}@localhost/", {}),
        (f"{HERE}?token={SECRET}%0Ax", {}),
        (f"http://ada:{SECRET}/x@localhost/", {}),
        (f"http://ada:{SECRET}#x@localhost/", {}),
        (f"http://127.0.0.1:{SECRET}/", {}),
        (f"http://[{SECRET}/", {}),
        (f"http://ada:{SECRET}@here/?token={SECRET}", {}),
        (HERE, {"token": SECRET}),
    ],
)
async def test_no_error_shows_a_secret(
    url: str, options: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def use() -> None:
        async with listening() as port:
            await SpecClient(url.replace("here", f"127.0.0.1:{port}"), spec="Any", **options).connect()

    with pytest.raises((ValueError, OSError, NotFound)) as caught:
        await use()
    assert SECRET not in shown_by(caught.value)
    assert SECRET not in caplog.text


async def test_a_token_from_a_file_may_end_in_a_newline(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    token = (await ada.call("POST", f"api/specs/{spec_id}/token"))["token"]
    async with SpecClient(f"http://{ada.address}", spec=spec_id, token=f" {token}\n") as spec:
        assert spec.content == "text"
        with pytest.raises(ValueError, match="Copy it again") as caught:
            await spec.authenticate(f"{SECRET}\n{SECRET}")
        assert SECRET not in shown_by(caught.value)
        assert SECRET not in repr(spec) + repr(spec._server) + repr(spec._session)


async def test_messages_name_the_server_without_credentials() -> None:
    server = Server(f"http://ada:{SECRET}@127.0.0.1:9/lab?token={SECRET}")
    assert server.url == NOWHERE
    with pytest.raises(OSError, match="refused") as caught:
        await server.call("GET", "")
    assert SECRET not in shown_by(caught.value)


def test_credentials_in_an_address_become_a_header() -> None:
    assert address_of("https://ada:a%2Fb@lab.example.org/ada/lab") == (
        "https://lab.example.org/ada/",
        {"Authorization": "Basic YWRhOmEvYg=="},
    )
    assert address_of("http://localhost:8888/?token=a%2Bb&x=y") == (
        "http://localhost:8888/",
        {"Authorization": "token a+b"},
    )
