"""Users: the people that specs, operations and snapshots name by their ids."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from jupyter_speccollab.document.user import User


class UserMissing(Exception):
    """A value names a user that was never saved by `UserStore.save_user`: a mistake of the caller."""


class UserStore(Protocol):
    """The ``users`` table."""

    async def save_user(self, user: User) -> None:
        """Insert or update the user; does nothing if nothing changed."""

    async def introduce_user(self, user: User) -> None:
        """Insert the user; does nothing if the id is known, even under another name."""

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        """Return the known users among ``user_ids``, by id."""

    async def users_called(self, issuer: str, login: str) -> Sequence[User]:
        """Return the users whose login is ``login`` but for case and normal form, sorted by login."""
