"""Who is asking: Jupyter's login, never what a client says."""

from __future__ import annotations

import getpass
import re
from hashlib import sha256
from typing import Final

from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.auth.identity import User as JupyterUser
from jupyter_server.base.handlers import JupyterHandler

from jupyter_speccollab.document.user import User, user_id_of

PALETTE: Final = ("#c0392b", "#b9770e", "#1e8449", "#117a8b", "#2471a3", "#7d3c98", "#ad1457", "#6d4c41")
"""Colours for those whose login brings none: readable as a caret on light and dark, and under white text."""

COLOR: Final = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|var\(--jp-collaborator-color[1-7]\)")
NAME_LENGTH: Final = 100


def with_stable_owner(handler: JupyterHandler) -> JupyterUser | None:
    """The request's user; for the server's own token without a login cookie, the owner of the server.

    jupyter_server makes up a new anonymous user for each such request. Identity providers that know better
    (they override what tells a request's or a token's user) are believed.
    """
    user: JupyterUser | None = handler.current_user
    provider: IdentityProvider = handler.identity_provider
    if user is None or not provider.is_token_authenticated(handler):
        return user
    anonymous = (
        type(provider).get_user is IdentityProvider.get_user
        and type(provider).get_user_token is IdentityProvider.get_user_token
        and type(provider).generate_anonymous_user is IdentityProvider.generate_anonymous_user
    )
    if not anonymous or provider.get_user_cookie(handler) is not None:
        return user
    owner = _owner()
    handler.current_user = owner
    if hasattr(handler, "ws_connection"):
        return owner
    provider.set_login_cookie(handler, owner)
    return owner


def groups_of(jupyter_user: JupyterUser) -> frozenset[str]:
    """The groups that the login names: the hub's, or those of an identity provider whose users have ``groups``."""
    hub_user = getattr(jupyter_user, "hub_user", None) or {}
    return frozenset(map(str, getattr(jupyter_user, "groups", None) or hub_user.get("groups") or ()))


def has_bad_token(handler: JupyterHandler) -> bool:
    """Whether the request carries a token that did not authenticate it: then no cookie may."""
    provider = handler.identity_provider
    return bool(provider.get_token(handler)) and not provider.is_token_authenticated(handler)


def user_of(jupyter_user: JupyterUser, issuer: str) -> User:
    """Our user for Jupyter's: the login decides the id, the rest is for display."""
    name = jupyter_user.display_name or jupyter_user.name or jupyter_user.username
    user_id = user_id_of(issuer, jupyter_user.username)
    return User(
        user_id=user_id,
        login=jupyter_user.username,
        name=name[:NAME_LENGTH],
        initials=(jupyter_user.initials or _initials(name))[:4],
        color=_color(jupyter_user.color, user_id),
        avatar_url=_avatar(jupyter_user.avatar_url),
        issuer=issuer,
    )


def _owner() -> JupyterUser:
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = "jupyter"
    return JupyterUser(login, login, login, _initials(login), None, None)


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"


def _color(color: str | None, user_id: str) -> str:
    if color and COLOR.fullmatch(color):
        return color
    return PALETTE[sha256(user_id.encode()).digest()[0] % len(PALETTE)]


def _avatar(url: str | None) -> str:
    return url if url and url.startswith(("https://", "http://", "/")) and len(url) <= 2_000 else ""
