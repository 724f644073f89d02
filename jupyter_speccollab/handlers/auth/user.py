"""A user of Jupyter as our `User`. Identity comes from the login only, never from a message of a client."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from jupyter_server.auth.identity import User as JupyterUser

from jupyter_speccollab.document.user import User, user_id_of

PALETTE: Final = ("#c0392b", "#b9770e", "#1e8449", "#117a8b", "#2471a3", "#7d3c98", "#ad1457", "#6d4c41")
"""Colours for users whose login names none: readable as a caret on light and dark, and under white text."""

COLOR: Final = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|var\(--jp-collaborator-color[1-7]\)")
NAME_LENGTH: Final = 100


def groups_of(jupyter_user: JupyterUser) -> frozenset[str]:
    """The groups of a user: the attribute ``groups``, or the groups that JupyterHub reports."""
    hub_user = getattr(jupyter_user, "hub_user", None) or {}
    return frozenset(map(str, getattr(jupyter_user, "groups", None) or hub_user.get("groups") or ()))


def user_of(jupyter_user: JupyterUser, issuer: str) -> User:
    """The `User` of a user of Jupyter. The id comes from the login name; everything else is for display."""
    name = jupyter_user.display_name or jupyter_user.name or jupyter_user.username
    user_id = user_id_of(issuer, jupyter_user.username)
    return User(
        user_id=user_id,
        login=jupyter_user.username,
        name=name[:NAME_LENGTH],
        initials=(jupyter_user.initials or initials_of(name))[:4],
        color=_color(jupyter_user.color, user_id),
        avatar_url=_avatar(jupyter_user.avatar_url),
        issuer=issuer,
    )


def initials_of(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"


def _color(color: str | None, user_id: str) -> str:
    if color and COLOR.fullmatch(color):
        return color
    return PALETTE[sha256(user_id.encode()).digest()[0] % len(PALETTE)]


def _avatar(url: str | None) -> str:
    return url if url and url.startswith(("https://", "http://", "/")) and len(url) <= 2_000 else ""
