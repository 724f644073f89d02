"""Specs in SQL."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import (
    Choice,
    Facets,
    Quota,
    QuotaReached,
    Snapshot,
    SpecIdTaken,
    SpecPage,
    SpecRecord,
    SpecState,
)
from jupyter_speccollab.store.checks import check_fields
from jupyter_speccollab.store.paging import PLACES, page_of, place_of
from jupyter_speccollab.store.statements import access as access_rows
from jupyter_speccollab.store.statements import operations as operation_rows
from jupyter_speccollab.store.statements import snapshots as snapshot_rows
from jupyter_speccollab.store.statements import specs as rows
from jupyter_speccollab.store.statements import usage as usage_rows
from jupyter_speccollab.store.stored_bytes import operation_bytes

from .transactions import SqlTransactions

AT_ONCE: Final = 500
"""How many specs one transaction changes at most."""

logger = logging.getLogger(__name__)


class SqlSpecs(SqlTransactions):
    """Implements `SpecStore`."""

    async def create_spec(
        self,
        spec: SpecRecord,
        first: CommittedOperation | None,
        snapshot: Snapshot,
        quota: Quota | None = None,
    ) -> None:
        def create(connection: Connection) -> None:
            if quota is not None:
                usage_rows.lock(connection, spec.created_by)
            rows.add(connection, spec)
            access_rows.add(
                connection, spec.spec_id, spec.created_by, Role.OWNER, spec.created_by, spec.created_at
            )
            if first:
                operation_rows.append(connection, spec.spec_id, [first])
                usage_rows.add(connection, spec.spec_id, operation_bytes(first))
            snapshot_rows.add(connection, spec.spec_id, snapshot)
            if quota is not None:
                usage = usage_rows.of_users(connection, [spec.created_by])[spec.created_by]
                if quota.is_exceeded_by(usage):
                    raise QuotaReached(usage)

        try:
            await self._write(create)
        except IntegrityError as error:
            if await self._has_spec(spec.spec_id):
                raise SpecIdTaken(spec.spec_id) from error
            named = {spec.created_by, spec.modified_by, snapshot.created_by}
            await self._require_users(named | {first.user_id} if first else named)
            raise

    async def spec(self, spec_id: str) -> SpecRecord:
        return await self._read(lambda connection: rows.one(connection, spec_id))

    async def specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        visible_to: Collection[str] | None = None,
        only: str | None = None,
        notebooks: Collection[str] | None = None,
        choice: Choice = Choice(),  # noqa: B008 (frozen)
    ) -> SpecPage:
        place = place_of(cursor, choice.order)
        if "\0" in query:  # no spec contains one, and PostgreSQL takes none
            return SpecPage()
        found = await self._read(
            lambda connection: rows.page(
                connection, query, place, limit + 1, visible_to, only, notebooks, choice
            )
        )
        return page_of(found, limit, PLACES[choice.order])

    async def facets(self, *, visible_to: Collection[str] | None = None, only: str | None = None) -> Facets:
        return await self._read(lambda connection: rows.facets(connection, visible_to, only))

    async def states(self, spec_ids: Collection[str]) -> Mapping[str, SpecState]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: rows.states(connection, spec_ids))

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        check_fields(fields)
        return await self._write(lambda connection: rows.change(connection, spec_id, fields))

    async def delete_spec(self, spec_id: str) -> None:
        await self._write(lambda connection: rows.remove(connection, spec_id))

    async def renew_keys(self, spec_ids: Collection[str]) -> None:
        """Set the columns by which these specs are found, where they do not fit title and description.

        A server from before schema 0007 that runs on after the upgrade leaves them empty or old.
        """
        await self._write(lambda connection: rows.renew_keys(connection, spec_ids))

    async def _add_missing_keys(self) -> None:
        """Let searches find the specs that have no keys yet. A database that takes no writes is left as it is."""
        while found := await self._read(lambda connection: rows.without_keys(connection, AT_ONCE)):
            try:
                await self.renew_keys(found)
            except StoreUnavailable as error:
                logger.warning("specs of older servers are not found by searches yet: %s", error)
                return
