"""Users in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.document.user import User

from .state import MemoryState


class MemoryUsers(MemoryState):
    """Implements `UserStore`."""

    async def save_user(self, user: User) -> None:
        self._users[user.user_id] = user

    async def introduce_user(self, user: User) -> None:
        self._users.setdefault(user.user_id, user)

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        return {user_id: self._users[user_id] for user_id in user_ids if user_id in self._users}

    async def users_called(self, issuer: str, login: str) -> Sequence[User]:
        key = search_key(login)
        found = (
            user for user in self._users.values() if user.issuer == issuer and search_key(user.login) == key
        )
        return sorted(found, key=lambda user: user.login)
