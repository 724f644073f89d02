"""Access lists in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import Grant
from jupyter_speccollab.store.statements import access as rows

from .transactions import SqlTransactions


class SqlAccess(SqlTransactions):
    """Implements `AccessStore`."""

    async def access(self, spec_id: str) -> AccessList:
        return await self._read(lambda connection: rows.of_spec(connection, spec_id))

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: rows.of_specs(connection, spec_ids, principals))

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        try:
            return await self._write(
                lambda connection: rows.change(connection, seen, principal, role, by, at)
            )
        except IntegrityError:
            await self._require_spec(seen.spec_id)
            await self._require_users({by})
            raise

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        return await self._read(lambda connection: rows.grants(connection, spec_id))
