"""A user of JupyterHub, as a user of Jupyter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.identity import User

from jupyter_speccollab.document.role import Role


class HubUser(User):
    """Jupyter's user for the hub's model of a user.

    The ``name`` in the model is the identity. Everything that users can choose themselves is only displayed. An
    admin of the hub has the role ``admin_role`` in specs that give them no role.
    """

    groups: frozenset[str]
    default_role: Role

    def __init__(self, model: Mapping[str, Any], admin_role: Role) -> None:
        shown = model.get("user_info") or {}
        name = shown.get("display_name") or shown.get("name") or model["name"]
        super().__init__(
            username=model["name"],
            name=str(name),
            display_name=str(name),
            initials=_text(shown.get("initials")),
            avatar_url=_text(shown.get("avatar_url") or shown.get("picture")),
            color=_text(shown.get("color")),
        )
        self.groups = frozenset(model.get("groups") or ())
        self.default_role = admin_role if model.get("admin") is True else Role.NONE


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
