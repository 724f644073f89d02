"""An access list: the roles that users and groups have in one spec."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jupyter_speccollab.document.caller import GROUP, Caller
from jupyter_speccollab.document.role import Role


@dataclass(frozen=True, slots=True)
class AccessList:
    """The entries of a spec at ``version``, which increases with every change.

    ``entries`` map a principal (a userId or ``group:<name>``) to a role other than ``Role.NONE``.
    """

    spec_id: str
    version: int
    entries: Mapping[str, Role]

    def role_of(self, caller: Caller, default: Role) -> Role:
        """The role of ``caller``: the user's own entry if there is one, even if a group has a higher role.

        Otherwise the highest of the roles of their groups, ``default`` and ``caller.default``. Law: never more
        than ``caller.limit``, and ``Role.NONE`` in every spec but ``caller.only``, if that is set
        (``tests/document/test_access_list.py::test_own_entry_else_the_highest_of_groups_and_default``).
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
        """The userIds of the users who are owners by an entry of their own, not through a group."""
        return {
            principal
            for principal, role in self.entries.items()
            if role is Role.OWNER and not principal.startswith(GROUP)
        }
