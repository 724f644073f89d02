"""The user who makes a request, and the limits of their credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User

GROUP = "group:"
"""The prefix of a group's principal; the principal of a user is the userId."""


@dataclass(frozen=True, slots=True)
class Token:
    """A verified token: valid until ``expires_at``, for ``spec_id`` (``None``: any spec), up to ``role``.

    ``token_id`` is empty, and ``issued_at`` 1970, where the token has none.
    """

    token_id: str
    issued_at: datetime
    expires_at: datetime
    spec_id: str | None = None
    role: Role = Role.OWNER


@dataclass(frozen=True, slots=True)
class Caller:
    """A user as identified by one login, with their ``groups``.

    ``most`` (set by the server) and ``token`` restrict the user's roles and never extend them. ``default`` is the
    user's role in specs that give them none, if it is higher than the default role of all users.
    """

    user: User
    groups: frozenset[str] = frozenset()
    most: Role = Role.OWNER
    token: Token | None = None
    default: Role = Role.NONE

    @property
    def limit(self) -> Role:
        """The highest role that this caller can have, whatever the access lists say."""
        return self.most if self.token is None else min(self.most, self.token.role)

    @property
    def only(self) -> str | None:
        """The only spec that this caller may use, or ``None`` for no such restriction."""
        return None if self.token is None else self.token.spec_id

    @property
    def principals(self) -> list[str]:
        """The principals whose entries in an access list apply to this caller."""
        return [self.user.user_id, *sorted(GROUP + name for name in self.groups)]
