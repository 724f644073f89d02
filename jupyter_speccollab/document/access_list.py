"""An access list: who was given which role in one spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_speccollab.document.caller import GROUP, Caller
from jupyter_speccollab.document.role import Role


@dataclass(frozen=True, slots=True)
class AccessList:
    """The entries of a spec at ``version``, which rises with every change of them.

    ``entries`` map a principal, a userId or ``group:<name>``, to a role; none is ``Role.NONE``.
    """

    spec_id: str
    version: int
    entries: Mapping[str, Role]

    def role_of(self, caller: Caller, default: Role) -> Role:
        """The user's own entry, also a lower one; else the highest of their groups' and of both defaults.

        Law: never more than ``caller.limit``, and nothing beside ``caller.only``
        (``tests/document/test_access_list.py``).
        """
        if caller.only not in (None, self.spec_id):
            return Role.NONE
        role = self.entries.get(caller.user.user_id)
        if role is None:
            groups = (self.entries.get(GROUP + name, Role.NONE) for name in caller.groups)
            role = max(default, caller.default, *groups)
        return min(role, caller.limit)

    @property
    def owners(self) -> set[str]:
        """The userIds of those who own the spec in person."""
        return {
            principal
            for principal, role in self.entries.items()
            if role is Role.OWNER and not principal.startswith(GROUP)
        }
