"""The server and the logins of the handlers' tests, and clients that use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jupyter_speccollab.client import SpecClient
from tests.handlers.conftest import ada, bob, jp_server_config, logins, speccollab_config
from tests.handlers.logins import Login

__all__ = ["ada", "bob", "jp_server_config", "logins", "speccollab_config"]

Client = Callable[..., SpecClient]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Creates clients of a login that reconnect quickly."""
    monkeypatch.setattr("jupyter_speccollab.client.reconnect.backoff", lambda attempt, chance: 0.05)

    def make(login: Login, spec: str, **options: Any) -> SpecClient:
        return SpecClient(f"http://{login.address}", spec=spec, headers=login.headers, **options)

    return make


def cut(spec: SpecClient) -> None:
    """Break a client's connection as a failing network does, without a close frame."""
    connection = spec._session._connection  # type: ignore[union-attr]
    assert connection is not None
    connection._socket.protocol.stream.close()
