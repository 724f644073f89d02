"""Logins: whether a login name is one that somebody has, and which one was meant if it is not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.errors import NotFound, StoreUnavailable
from jupyter_speccollab.store.base import Store

KnowsLogin = Callable[[str], Awaitable[bool]]
"""Whether the identity provider has a user with exactly this login name. Raises `StoreUnavailable`."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What somebody should know who named a user or a group. ``near`` are principals that may be meant."""

    message: str
    near: Sequence[str] = ()

    def to_wire(self) -> dict[str, Any]:
        """The ``hint`` of an answer."""
        return {"message": self.message, "near": list(self.near)}


class Logins:
    """Compares a login name with those that are in use, without regard to case and normal form.

    ``knows`` asks the identity provider; it is ``None`` where that can't be asked. Without it only those who were
    here are known, and somebody who was not may still come. Such a name is therefore taken, with a hint if it is
    another spelling of a known one.
    """

    def __init__(self, store: Store, issuer: str, knows: KnowsLogin | None) -> None:
        self._store = store
        self._issuer = issuer
        self._knows = knows

    async def check(self, login: str) -> Hint | None:
        """What is to be said of a login name; ``None`` if somebody has it.

        Raises `NotFound` if the identity provider does not know it and knows another spelling of it;
        ``details["near"]`` names that one. A provider that does not answer is not waited for.
        """
        seen = await self._seen(login)
        if self._knows is not None:
            with suppress(StoreUnavailable):
                return await self._asked(login, self._knows, seen)
        if login in seen or not seen:
            return None
        message = (
            f"Nobody has logged in as {login} yet, but {' or '.join(seen)} has. They are different users."
        )
        return Hint(message, _principals(seen))

    async def _asked(self, login: str, knows: KnowsLogin, seen: Sequence[str]) -> Hint | None:
        if await knows(login):
            return None
        lower = normalize("NFC", login).lower()
        for other in dict.fromkeys([*seen, lower, search_key(login)]):
            if other != login and await knows(other):
                raise NotFound(
                    f"There is no user {login}. Did you mean {other}? Nothing was changed.",
                    near=_principals([other]),
                )
        return Hint(f"There is no user {login} yet. The role counts once somebody logs in by that name.")

    async def _seen(self, login: str) -> list[str]:
        """The logins of those who were here and are called so, but for case and normal form."""
        users = await self._store.users_called(self._issuer, login)
        return [user.login for user in users if user.initials]  # whoever was only introduced has none


def _principals(logins: Sequence[str]) -> list[str]:
    return [f"user:{login}" for login in logins]
