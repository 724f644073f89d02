"""Where a hub token comes from, as far as its scopes tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

ACCESS: Final = "access:servers!"
"""What a scope begins with that opens somebody's servers, up to its filter."""


def is_own(model: Mapping[str, Any]) -> bool:
    """Whether a token speaks for its user, and was not left with somebody else.

    ``model`` is the hub's answer to "who am I". Whoever visits a colleague's server leaves a token there that
    the colleague can read: it opens that server, so its scopes name another owner. When the visitor may no
    longer go there the scope is gone while the token stays; but it still belongs to a login (it has a
    ``session_id``), and such a token has to open a server of its user's own.

    Law: a token that a hub issued to a server is own exactly where that server is its user's
    (``tests/hub/test_token_origin.py``).
    """
    name = model["name"]
    owners = set(_owners(model["scopes"]))
    if owners - {name}:
        return False
    return name in owners or not model.get("session_id")


def _owners(scopes: Iterable[str]) -> Iterable[str]:
    """Whose servers these scopes open, of those that name an owner."""
    for scope in scopes:
        if scope.startswith(ACCESS):
            kind, _, value = scope.removeprefix(ACCESS).partition("=")
            if kind == "server":
                yield value.partition("/")[0]
            elif kind == "user":
                yield value
