"""A user of Jupyter as our `User`. Identity comes from the login only, never from a message of a client."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.identity import User as JupyterUser

from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.document.user import User, is_avatar_url, is_color, is_login, user_id_of
from jupyter_speccollab.errors import Unauthenticated

NAME_LENGTH: Final = 100

UNUSABLE_LOGIN: Final = (
    "Your login name is too long or contains unprintable characters, so you can't use shared specs. Ask the admin "
    "of this server for another one."
)


def groups_of(jupyter_user: JupyterUser) -> frozenset[str]:
    """The groups of a user: the attribute ``groups``, or the groups that JupyterHub reports.

    Names with unprintable characters are left out: no access list can contain them.
    """
    hub_user = getattr(jupyter_user, "hub_user", None) or {}
    names = map(str, getattr(jupyter_user, "groups", None) or hub_user.get("groups") or ())
    return frozenset(filter(str.isprintable, names))


def user_of(jupyter_user: JupyterUser, issuer: str) -> User:
    """The `User` of a user of Jupyter. The id comes from the login name; everything else is for display.

    Raises `Unauthenticated` for a login name that can't be used here.
    """
    login = jupyter_user.username
    if not is_login(login):
        raise Unauthenticated(UNUSABLE_LOGIN)
    shown = jupyter_user.display_name or jupyter_user.name or login
    name = cleaned_name(shown, NAME_LENGTH) or login[:NAME_LENGTH]
    user_id = user_id_of(issuer, login)
    return User(
        user_id=user_id,
        login=login,
        name=name,
        initials=cleaned_name(jupyter_user.initials or "", 4) or initials_of(name),
        color=_color(jupyter_user.color),
        avatar_url=_avatar(jupyter_user.avatar_url),
        issuer=issuer,
    )


def initials_of(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"


def _color(color: str | None) -> str:
    return color if color and is_color(color) else ""


def _avatar(url: str | None) -> str:
    return url if url and is_avatar_url(url) else ""
