"""Who asks, and what their credentials let them ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User

GROUP = "group:"
"""What the principal of a group begins with; that of a user is the userId."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was verified: it holds until ``expires_at``, for ``spec_id`` (``None``: any), up to ``role``.

    ``token_id`` is empty, and ``issued_at`` 1970, where the token has none.
    """

    token_id: str
    issued_at: datetime
    expires_at: datetime
    spec_id: str | None = None
    role: Role = Role.OWNER


@dataclass(frozen=True, slots=True)
class Caller:
    """A user as one login shows them, with their ``groups``.

    ``most``, which is the server's to say, and ``token`` narrow, and never widen, what the user's roles allow.
    ``default`` is what they are in specs that give them no role, where that is more than everybody's.
    """

    user: User
    groups: frozenset[str] = frozenset()
    most: Role = Role.OWNER
    token: Token | None = None
    default: Role = Role.NONE

    @property
    def limit(self) -> Role:
        """The role that is not exceeded, whatever was given to the user."""
        return self.most if self.token is None else min(self.most, self.token.role)

    @property
    def only(self) -> str | None:
        """The one spec that there is for this caller, or ``None``."""
        return None if self.token is None else self.token.spec_id

    @property
    def principals(self) -> list[str]:
        """Whom an entry of an access list may name for it to hold for this caller."""
        return [self.user.user_id, *sorted(GROUP + name for name in self.groups)]
