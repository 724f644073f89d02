"""Transactions: what the parts of a `SqlStore` need of a database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from jupyter_speccollab.store.base import SpecMissing, UserMissing
from jupyter_speccollab.store.statements import specs as spec_rows
from jupyter_speccollab.store.statements import users as user_rows

T = TypeVar("T")


class SqlTransactions(ABC):
    """Runs statements in transactions, and finds out which foreign key was missing when one was refused."""

    @abstractmethod
    async def _read(self, query: Callable[[Connection], T]) -> T:
        """Run ``query`` on a connection that sees everything committed before."""

    @abstractmethod
    async def _write(self, change: Callable[[Connection], T]) -> T:
        """Run ``change`` in one transaction: durable on return, rolled back if anything was raised."""

    async def _require_spec(self, spec_id: str) -> None:
        """Raises `SpecMissing` if there is no such spec, not even in the trash."""
        if not await self._has_spec(spec_id):
            raise SpecMissing(spec_id)

    async def _has_spec(self, spec_id: str) -> bool:
        """Whether there is a spec with this id, in the trash or not."""
        return await self._read(lambda connection: spec_rows.exists(connection, spec_id))

    async def _require_users(self, user_ids: set[str]) -> None:
        """Raises `UserMissing`."""
        known = await self._read(lambda connection: user_rows.find(connection, user_ids))
        if unknown := user_ids - known.keys():
            raise UserMissing(", ".join(sorted(unknown)))
