"""The origin of a hub token: a server of its user, a server of somebody else, or the user's own request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

SERVER_SCOPE: Final = "access:servers!"
"""The beginning of a scope that gives access to servers of certain users; a filter follows."""


def is_own_token(model: Mapping[str, Any]) -> bool:
    """Whether a token identifies its user here, because no server of another user can have it.

    ``model`` is the hub's description of the token. A user who visits a colleague's server leaves a token there,
    and the colleague can read it. Such a token has a scope for that server, and so names another owner. When the
    visitor loses access, the scope disappears but the token stays valid; it still belongs to a login, so it has a
    ``session_id``. A token with a ``session_id`` must therefore give access to a server of its own user.

    Law: a token that a hub issued to a server is the user's own if and only if the server is the user's
    (``tests/hub/test_token_origin.py``: ``test_a_token_of_a_server_is_own_where_the_server_is``).
    """
    name = model["name"]
    owners = set(_server_owners(model["scopes"]))
    if owners - {name}:
        return False
    return name in owners or not model.get("session_id")


def _server_owners(scopes: Iterable[str]) -> Iterable[str]:
    """The owners of the servers to which scopes give access, if a scope names them."""
    for scope in scopes:
        if scope.startswith(SERVER_SCOPE):
            kind, _, value = scope.removeprefix(SERVER_SCOPE).partition("=")
            if kind == "server":
                yield value.partition("/")[0]
            elif kind == "user":
                yield value
