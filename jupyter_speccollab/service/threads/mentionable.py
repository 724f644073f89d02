"""Mentionable: who can be mentioned in a spec, which are those who may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import GROUP, Caller
from jupyter_speccollab.document.mentions import mentioned, possible_logins, possible_names
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.errors import StoreUnavailable, Unauthenticated
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.access.tokens import GroupsOf
from jupyter_speccollab.store.base import Store


class Mentionable:
    """Finds the users whom a message names by login or by name.

    By login, everybody counts who was ever here and may see the spec; by name, those of them who have an entry in
    its access list, are in the spec, or have written in the thread. ``groups`` tells the groups of a login. Without
    it, whoever is in the spec or has written in the thread may see a spec that is shared with groups.
    """

    def __init__(self, store: Store, access: Access, issuer: str, groups: GroupsOf | None) -> None:
        self._store = store
        self._access = access
        self._issuer = issuer
        self._groups = groups

    async def mentions(self, spec_id: str, body: str, around: Collection[str]) -> tuple[str, ...]:
        """The userIds of whom ``body`` mentions; ``around`` are those who are in the spec or the thread."""
        logins = possible_logins(body)
        if not logins:
            return ()
        granted = await self._access.list_of(spec_id)
        near = {*around, *(name for name in granted.entries if not name.startswith(GROUP))}
        ids = {user_id_of(self._issuer, login) for login in logins}
        names = possible_names(body)
        if names:
            ids |= near
        users = (await self._store.users(ids)).values()
        named = [user for user in users if user.name in names or user.login in logins]
        seeing = [user for user in named if await self._may_see(user, granted, user.user_id in near)]
        by_login = {user.login: user.user_id for user in seeing if user.issuer == self._issuer}
        return mentioned(body, by_login, _by_name(seeing, near))

    async def _may_see(self, user: User, granted: AccessList, is_near: bool) -> bool:
        if self._access.role(Caller(user), granted) >= Role.VIEWER:
            return True
        if not any(name.startswith(GROUP) for name in granted.entries):
            return False
        if self._groups is None or user.issuer != self._issuer:
            return is_near
        with suppress(Unauthenticated, StoreUnavailable):
            groups = await self._groups(user.login)
            return self._access.role(Caller(user, groups), granted) >= Role.VIEWER
        return False


def _by_name(users: Iterable[User], near: Collection[str]) -> dict[str, list[str]]:
    by_name: dict[str, list[str]] = {}
    for user in sorted(users, key=lambda user: user.user_id):
        if user.user_id in near:
            by_name.setdefault(user.name, []).append(user.user_id)
    return by_name
