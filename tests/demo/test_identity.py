"""The two people of the demo, by the port that they come to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from jupyter_server.base.handlers import JupyterHandler

from jupyter_speccollab.demo.identity import COLLEAGUE, VISITOR, DemoIdentityProvider
from jupyter_speccollab.demo.server import HOST, DemoLab, DemoServer


def asked_at(host: str) -> JupyterHandler:
    return cast(JupyterHandler, SimpleNamespace(request=SimpleNamespace(host=host)))


@pytest.fixture
def provider() -> DemoIdentityProvider:
    server = DemoServer()
    server.colleague_port = 8889
    return DemoIdentityProvider(parent=server)


def test_the_port_says_who_it_is(provider: DemoIdentityProvider) -> None:
    for host in ("127.0.0.1:8889", "localhost:8889"):
        assert provider.generate_anonymous_user(asked_at(host)) == COLLEAGUE
    for host in ("127.0.0.1:8888", "127.0.0.1", "[::1]:8888", ""):
        assert provider.generate_anonymous_user(asked_at(host)) == VISITOR


def test_their_cookies_have_two_names(provider: DemoIdentityProvider) -> None:
    names = {provider.get_cookie_name(asked_at(f"127.0.0.1:{port}")) for port in (8888, 8889)}
    assert len(names) == 2


def test_without_a_second_port_there_is_no_colleague() -> None:
    provider = DemoIdentityProvider(parent=DemoServer())
    assert provider.generate_anonymous_user(asked_at("127.0.0.1:8889")) == VISITOR


def test_only_the_demo_has_them_and_only_on_this_machine() -> None:
    assert HOST == "127.0.0.1"
    assert DemoLab.serverapp_class is DemoServer
    assert DemoLab.get_extension_package() == "jupyterlab"
