"""Roles: which role a caller has in a spec, and the check that it is sufficient."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import Forbidden, SpecNotFound
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.store.base import SpecMissing, Store


class Access:
    """Derives roles from a spec's access list and the configured default role.

    For a caller who may not view a spec, every answer is the same as if the spec did not exist.
    """

    def __init__(self, store: Store, default_role: Role, audit: Audit | None = None) -> None:
        self.default_role = default_role
        self.audit = audit or Audit()
        self._store = store

    def role(self, caller: Caller, access: AccessList) -> Role:
        """The role of ``caller`` by this list."""
        return access.role_of(caller, self.default_role)

    async def list_of(self, spec_id: str) -> AccessList:
        """The spec's access list, from the store. Raises `SpecNotFound`."""
        try:
            return await self._store.access(spec_id)
        except SpecMissing:
            raise not_found() from None

    async def require(self, caller: Caller, spec_id: str, least: Role) -> Role:
        """The role, which is at least ``least``. Raises `Forbidden`; `SpecNotFound` for a caller without a role."""
        role = self.role(caller, await self.list_of(spec_id))
        check(role, least)
        return role

    async def roles(self, caller: Caller, spec_ids: Collection[str]) -> Mapping[str, Role]:
        """The caller's role in each of these specs."""
        entries = await self._store.roles(spec_ids, caller.principals)
        return {
            spec_id: self.role(caller, AccessList(spec_id, 0, entries.get(spec_id, {})))
            for spec_id in spec_ids
        }

    def visible_to(self, caller: Caller) -> Collection[str] | None:
        """The principals whose entries make a spec visible to the caller; ``None`` if all specs are visible."""
        is_hidden = max(self.default_role, caller.default) is Role.NONE
        return caller.principals if is_hidden else None


def check(role: Role, least: Role) -> None:
    """Check that ``role`` is at least ``least``. Raises `Forbidden`; `SpecNotFound` for no role at all."""
    if role is Role.NONE:
        raise not_found()
    if role < least:
        raise Forbidden(
            f"This takes the role “{least.label}” in this spec; yours is “{role.label}”. "
            "Ask one of its admins."
        )


def not_found() -> SpecNotFound:
    """The error for a spec that does not exist, and for one that the caller may not view."""
    return SpecNotFound("There is no such spec, or you may not see it.")
