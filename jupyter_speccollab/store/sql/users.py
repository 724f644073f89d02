"""Users in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.statements import users as rows

from .transactions import SqlTransactions


class SqlUsers(SqlTransactions):
    """Implements `UserStore`."""

    async def save_user(self, user: User) -> None:
        if (await self.users([user.user_id])).get(user.user_id) == user:
            return
        try:
            await self._write(lambda connection: rows.save(connection, user))
        except IntegrityError:  # another server has inserted the user at the same time
            await self._write(lambda connection: rows.save(connection, user))

    async def introduce_user(self, user: User) -> None:
        with suppress(IntegrityError):
            await self._write(lambda connection: rows.introduce(connection, user))

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        if not user_ids:
            return {}
        return await self._read(lambda connection: rows.find(connection, user_ids))

    async def users_called(self, issuer: str, login: str) -> Sequence[User]:
        return await self._read(lambda connection: rows.called(connection, issuer, login))
