"""Who asks, and what their credentials let them ask for."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User

GROUP = "group:"
"""What the principal of a group begins with; that of a user is the userId."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A user as one login shows them, with their ``groups``.

    ``most`` and ``only`` narrow, and never widen, what the user's roles allow: to a role at the most, and to one
    spec.
    """

    user: User
    groups: frozenset[str] = frozenset()
    most: Role = Role.OWNER
    only: str | None = None

    @property
    def principals(self) -> list[str]:
        """Whom an entry of an access list may name for it to hold for this caller."""
        return [self.user.user_id, *sorted(GROUP + name for name in self.groups)]
