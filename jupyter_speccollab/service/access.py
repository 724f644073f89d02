"""Access: which role somebody has in a spec."""

from __future__ import annotations

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import Forbidden, SpecNotFound


class Access:
    """Decides by the default role of the configuration, which holds for everybody and every spec.

    ``none`` hides a spec: it is then answered for exactly as one that does not exist.
    """

    def __init__(self, default_role: Role) -> None:
        self.default_role = default_role

    async def role(self, user: User, spec_id: str) -> Role:
        """The role of ``user`` in this spec."""
        return self.default_role

    async def require(self, user: User, spec_id: str, least: Role) -> Role:
        """The role, at least ``least``. Raises `Forbidden`, or `SpecNotFound` for one who may see nothing."""
        role = await self.role(user, spec_id)
        if role < Role.VIEWER:
            raise SpecNotFound("There is no such spec, or you may not see it.")
        if role < least:
            raise Forbidden(
                f"This takes the role “{least.label}” in this spec; yours is “{role.label}”. "
                "Ask one of its admins."
            )
        return role
