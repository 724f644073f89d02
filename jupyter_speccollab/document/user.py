"""A user as the login identifies them; what a client claims about itself is never used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

LOGIN_LENGTH: Final = 200
"""The maximum length of a login name, in code points."""

COLOR: Final = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|var\(--jp-collaborator-color[1-7]\)")

NAMESPACE = UUID("6f1ad1f2-1d0c-5b0e-9a43-7b7f4c0a5d11")
"""Namespace of all userIds; changing it would change the userId of every user."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a program with a login.

    ``program`` is what a program of the user calls itself in one session; everything else comes from the login.

    ``user_id`` is a UUID string that is the same on every server that shares the ``issuer`` (see `user_id_of`);
    ``color`` and ``avatar_url`` are what the login says, and may be empty. Others are shown the color that the user
    has in a spec (`jupyter_speccollab.document.colors`).
    """

    user_id: str
    login: str
    name: str
    initials: str = ""
    color: str = ""
    avatar_url: str = ""
    issuer: str = ""
    program: str = ""

    @property
    def shown(self) -> str:
        """What others read where this user edits. A program is never shown without the name of its user."""
        return f"{self.program} ({self.name})" if self.program and self.program != self.name else self.name


def user_id_of(issuer: str, login: str) -> str:
    """UUIDv5 of an identity's issuer and login name, as a string."""
    return str(uuid5(NAMESPACE, f"{issuer}\n{login}"))


def is_login(login: str) -> bool:
    """Whether a login name can be used here: not empty, of printable characters, and at most `LOGIN_LENGTH` long.

    Any other name could not be stored, or not be written into an access list.
    """
    return 0 < len(login) <= LOGIN_LENGTH and login.isprintable()


def is_color(color: str) -> bool:
    """Whether a page can use this text as a colour: a hex number, or a colour of JupyterLab's collaborators."""
    return COLOR.fullmatch(color) is not None


def is_avatar_url(url: str) -> bool:
    """Whether a page may load a picture from this address."""
    return url.startswith(("https://", "http://", "/")) and len(url) <= 2_000 and url.isprintable()
