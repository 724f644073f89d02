"""Finding the server that a kernel belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.client.discovery import discover
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.errors import NotFound
from tests.handlers.logins import Logins

ONE = {"pid": 11, "url": "http://localhost:8888/", "token": "one"}
TWO = {"pid": 22, "url": "http://localhost:9999/hub/user/ada/", "token": ""}


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    servers: list[dict[str, Any]] = []
    monkeypatch.setattr("jupyter_speccollab.client.discovery._running", lambda: servers)
    return servers


def test_what_the_environment_says_comes_first(running: list[dict[str, Any]]) -> None:
    running.append(ONE)
    named = {"SPECCOLLAB_URL": "https://hub/services/speccollab/", "JUPYTERHUB_API_TOKEN": "hub"}
    assert discover(named) == ("https://hub/services/speccollab/", "hub")
    assert discover({**named, "SPECCOLLAB_TOKEN": "own"})[1] == "own"


def test_on_a_hub_it_is_the_hubs_service(running: list[dict[str, Any]]) -> None:
    running.append(TWO)
    hub = {"JUPYTERHUB_API_TOKEN": "hub", "JUPYTERHUB_PUBLIC_HUB_URL": "https://hub.example/base/hub/"}
    assert discover(hub) == ("https://hub.example/base/services/speccollab/", "hub")


def test_a_kernel_finds_the_server_that_started_it(running: list[dict[str, Any]]) -> None:
    running += [ONE, TWO]
    assert discover({"JPY_PARENT_PID": "11"}) == ("http://localhost:8888/", "one")
    assert discover({"JPY_PARENT_PID": "22", "JUPYTERHUB_API_TOKEN": "hub"}) == (TWO["url"], "hub")


def test_the_only_server_will_do_but_none_and_several_not(running: list[dict[str, Any]]) -> None:
    with pytest.raises(NotFound, match="No running"):
        discover({})
    running.append(ONE)
    assert discover({"JPY_PARENT_PID": "1"}) == ("http://localhost:8888/", "one")
    running.append(TWO)
    with pytest.raises(NotFound, match="Several") as caught:
        discover({})
    assert "one" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://localhost:8888", "http://localhost:8888/"),
        ("http://localhost:8888/lab?token=secret", "http://localhost:8888/"),
        ("https://hub/user/ada/lab/", "https://hub/user/ada/"),
    ],
)
def test_an_address_as_jupyter_prints_it_will_do(given: str, url: str) -> None:
    server = Server(given)
    assert server.url == url
    assert ("secret" in server._headers.get("Authorization", "")) == ("secret" in given)


async def test_the_servers_own_token_is_enough(
    logins: Logins, running: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await logins.owner().new_spec("text", title="Mine")
    running.append({"pid": 11, "url": f"http://{logins.owner().address}", "token": logins.token})
    monkeypatch.delenv("SPECCOLLAB_URL", raising=False)
    async with SpecClient(spec="Mine") as spec:
        assert (spec.spec_id, spec.content) == (spec_id, "text")
        assert repr(spec) == "<SpecClient of 'Mine' at version 1: Saved>"
