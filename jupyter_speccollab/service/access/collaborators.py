"""Collaborators: the users and groups that a spec is shared with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import GROUP, Caller
from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.errors import (
    Forbidden,
    InvalidMessage,
    LastOwner,
    NotFound,
)
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.access.logins import Hint, Logins
from jupyter_speccollab.service.access.roles import Access, check, not_found
from jupyter_speccollab.store.base import AccessChanged, SpecMissing, Store
from jupyter_speccollab.text import check_content

USER = "user:"
NAME_LENGTH = 200
"""How long the name of a login or a group may be."""


class Collaborators:
    """Lists, gives and takes roles.

    ``issuer`` is the identity provider of the logins in principals ``user:<login>``; ``logins`` knows which of
    them exist. ``count_write`` counts a
    change against the user's limit. ``access_changed`` is called with the spec and the new version of its access
    list, to apply it to open sessions.
    """

    def __init__(
        self,
        store: Store,
        access: Access,
        issuer: str,
        logins: Logins,
        *,
        clock: Callable[[], datetime],
        count_write: Callable[[User], None],
        access_changed: Callable[[str, int], Awaitable[None]],
    ) -> None:
        self._store = store
        self._access = access
        self._issuer = issuer
        self._logins = logins
        self._clock = clock
        self._count_write = count_write
        self._access_changed = access_changed

    async def all(self, caller: Caller, spec_id: str) -> dict[str, Any]:
        """Every entry, owners first, with the default role and the caller's role. Raises `SpecNotFound`."""
        granted = await self._access.list_of(spec_id)
        mine = self._access.role(caller, granted)
        check(mine, Role.VIEWER)
        users = await self._store.users([name for name in granted.entries if not name.startswith(GROUP)])
        rows = [self._entry(principal, role, users) for principal, role in granted.entries.items()]
        rows.sort(key=lambda row: (-Role.named(row["role"]), "userId" not in row, row["userName"].lower()))
        return {
            "collaborators": rows,
            "defaultRole": self._access.default_role.label,
            "me": {"userId": caller.user.user_id, "role": mine.label},
        }

    async def give(self, caller: Caller, spec_id: str, named: str, role: Role) -> dict[str, Any]:
        """Give the user or group ``named`` a role, in place of an earlier one.

        A new entry with a ``hint`` names somebody who is not known yet. Raises `SpecNotFound`, `Forbidden`,
        `LastOwner`; `InvalidMessage` if ``named`` is not a principal; `NotFound` for the id of an unknown user,
        and for a login name that nobody has in this spelling (see `Logins.check`).
        """

        def allow(granted: AccessList, principal: str) -> None:
            mine = self._access.role(caller, granted)
            check(mine, Role.ADMIN)
            _check_owners(mine, granted, principal, role)

        principal, user = await self._meant(caller, spec_id, named)
        self._count_write(caller.user)
        granted = await self._access.list_of(spec_id)
        allow(granted, principal)
        hint = None
        if user is not None:
            hint = None if principal in granted.entries else await self._logins.check(user.login)
            await self._store.introduce_user(user)
        elif principal.startswith(GROUP):
            hint = _group_hint(caller, principal)
        await self._change(caller, spec_id, principal, role, allow)
        users = await self._store.users([] if principal.startswith(GROUP) else [principal])
        entry = self._entry(principal, role, users)
        return entry if hint is None else {**entry, "hint": hint.to_wire()}

    async def remove(self, caller: Caller, spec_id: str, named: str) -> dict[str, Any]:
        """Remove an entry. Everybody may remove their own.

        A missing entry changes nothing; the answer then has a ``hint`` if there is one with almost that name.
        Raises as `give`.
        """

        def allow(granted: AccessList, principal: str) -> None:
            mine = self._access.role(caller, granted)
            if principal == caller.user.user_id:
                self._check_leaving(mine, caller, granted)
            else:
                check(mine, Role.ADMIN)
            _check_owners(mine, granted, principal, None)

        principal, user = await self._meant(caller, spec_id, named)
        self._count_write(caller.user)
        granted = await self._access.list_of(spec_id)
        await self._change(caller, spec_id, principal, None, allow)
        if principal in granted.entries:
            return {}
        near = await self._near(granted, principal if user is None else f"{USER}{user.login}")
        return (
            {"hint": Hint(f"There was no entry {named}. Did you mean {near[0]}?", near).to_wire()}
            if near
            else {}
        )

    async def _near(self, granted: AccessList, named: str) -> list[str]:
        """The entries whose names are ``named`` but for case and normal form."""
        users = await self._store.users([name for name in granted.entries if not name.startswith(GROUP)])
        principals = [self._entry(name, role, users)["principal"] for name, role in granted.entries.items()]
        return sorted(name for name in principals if search_key(name) == search_key(named))

    async def _change(
        self,
        caller: Caller,
        spec_id: str,
        principal: str,
        role: Role | None,
        allow: Callable[[AccessList, str], None],
    ) -> None:
        """Check and write a change; check again if the list has changed in between."""
        while True:
            granted = await self._access.list_of(spec_id)
            allow(granted, principal)
            if granted.entries.get(principal) is role:
                return
            try:
                by, now = caller.user.user_id, self._clock()
                changed = await self._store.change_access(granted, principal, role, by, now)
            except AccessChanged:
                continue
            except SpecMissing:
                raise not_found() from None
            break
        self._record(caller, granted, principal, role)
        await self._access_changed(spec_id, changed.version)

    def _record(self, caller: Caller, granted: AccessList, principal: str, role: Role | None) -> None:
        audit, before = self._access.audit, granted.entries.get(principal)
        label = None if role is None else role.label
        if before is None:
            audit.record("spec-shared", caller, granted.spec_id, principal=principal, role=label)
        else:
            named = {"principal": principal, "before": before.label, "role": label}
            audit.record("role-changed", caller, granted.spec_id, **named)

    async def _meant(self, caller: Caller, spec_id: str, named: str) -> tuple[str, User | None]:
        """The principal that ``named`` means, and the user if it names a login."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        kind, _, name = named.partition(":")
        if kind == "user" and _is_name(name):
            user_id = user_id_of(self._issuer, name)
            return user_id, User(user_id, name, name, issuer=self._issuer)
        if kind == "group" and _is_name(name):
            return named, None
        user_id = canonical_uuid(named) or ""
        if not user_id:
            raise InvalidMessage("Name a collaborator by userId, by user:<login name> or by group:<name>.")
        if user_id not in await self._store.users([user_id]):
            raise NotFound("Nobody with this userId was ever here. Name them by user:<login name>.")
        return user_id, None

    def _check_leaving(self, mine: Role, caller: Caller, granted: AccessList) -> None:
        """Users may always remove their own entry, unless that raises their role.

        A role below the default is there to restrict somebody. Where the default role is owner, nothing restricts
        anybody: whoever reaches such a server can run code on it.
        """
        check(mine, granted.entries.get(caller.user.user_id, Role.VIEWER))
        others = {key: role for key, role in granted.entries.items() if key != caller.user.user_id}
        then = self._access.role(caller, AccessList(granted.spec_id, granted.version, others))
        if then > mine and mine < Role.ADMIN and self._access.default_role is not Role.OWNER:
            raise Forbidden(
                f"Without your entry you would be {then.label} here, more than you are. Ask one of its admins."
            )

    def _entry(self, principal: str, role: Role, users: Mapping[str, User]) -> dict[str, Any]:
        if principal.startswith(GROUP):
            return {"principal": principal, "userName": principal.removeprefix(GROUP), "role": role.label}
        user = users.get(principal)
        by_login = user is not None and user.issuer == self._issuer
        return {
            "principal": f"{USER}{user.login}" if user and by_login else principal,
            "userId": principal,
            "userName": user.name if user else "",
            "role": role.label,
        }


def _check_owners(mine: Role, granted: AccessList, principal: str, role: Role | None) -> None:
    """Only owners may give or take the role of owner, and one owner must remain."""
    before = granted.entries.get(principal)
    if before is role:
        return
    if Role.OWNER in (before, role) and mine is not Role.OWNER:
        raise Forbidden(
            "Only an owner of this spec makes somebody an owner, or takes that away. Ask one of them."
        )
    if granted.owners == {principal} and role is not Role.OWNER:
        raise LastOwner("This is the spec's last owner. Make somebody else an owner first.")


def _group_hint(caller: Caller, principal: str) -> Hint | None:
    """Says so if the caller is in a group that is called almost so. Nobody knows which other groups there are."""
    own = {f"{GROUP}{name}" for name in caller.groups}
    near = sorted(each for each in own if search_key(each) == search_key(principal))
    if not near or principal in own:
        return None
    name, other = principal.removeprefix(GROUP), near[0].removeprefix(GROUP)
    return Hint(f"Your group is {other}, and {name} is a different one. Did you mean {other}?", near)


def _is_name(name: str) -> bool:
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        return False
    check_content(name)
    return True
