"""The log of operations in SQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import CommitRecord, FirstCommit, OperationIdsTaken
from jupyter_speccollab.store.checks import check_group, users_of
from jupyter_speccollab.store.statements import operations as rows

from .transactions import SqlTransactions


class SqlOperations(SqlTransactions):
    """Implements `OperationStore` except `exclusive`, which depends on the database."""

    @abstractmethod
    async def _append(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """Commit a group that was checked. Raises `IntegrityError` if a key is taken or missing."""

    @abstractmethod
    def _commit_in(
        self,
        connection: Connection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        """As `_append`, in the transaction of the caller."""

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        check_group(base_version, operations)
        if suggested := {each.author_id for each in operations if each.author_id is not None}:
            await self._require_users(suggested)  # no foreign key does
        try:
            await self._append(spec_id, base_version, access_version, operations)
        except IntegrityError as error:
            await self._explain(spec_id, operations, error)
            raise

    async def operations(
        self,
        spec_id: str,
        after: int,
        until: int | None = None,
        limit: int | None = None,
        most_bytes: int | None = None,
    ) -> Sequence[CommittedOperation]:
        def read(connection: Connection) -> Sequence[CommittedOperation]:
            end = until
            if most_bytes is not None:
                end = rows.end_of_page(connection, spec_id, after, until, limit, most_bytes)
            return rows.log(connection, spec_id, after, end, limit)

        return await self._read(read)

    async def commits(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommitRecord]:
        return await self._read(lambda connection: rows.commits(connection, spec_id, after, until, limit))

    async def authors(self, spec_id: str, after: int, until: int) -> Mapping[str, str]:
        return await self._read(lambda connection: rows.authors(connection, spec_id, after, until))

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        if not operation_ids:
            return {}
        return await self._read(lambda connection: rows.first_commits(connection, spec_id, operation_ids))

    async def _explain(
        self, spec_id: str, operations: Sequence[CommittedOperation], error: IntegrityError
    ) -> None:
        """Raise the reason why a key of this group was refused; returns if none is found."""
        await self._require_spec(spec_id)
        taken = await self.first_commits(spec_id, [operation.operation_id for operation in operations])
        if taken:
            raise OperationIdsTaken(taken) from error
        await self._require_users(users_of(operations))
