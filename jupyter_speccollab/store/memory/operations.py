"""The log of operations in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from msgspec import structs
from msgspec.json import encode

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import (
    AccessChanged,
    Commit,
    CommitRecord,
    FirstCommit,
    OperationIdsTaken,
    OperationsFolded,
    VersionTaken,
)
from jupyter_speccollab.store.checks import check_group, users_of
from jupyter_speccollab.store.paging import fitting
from jupyter_speccollab.text import pack

from .state import MemoryState


class MemoryOperations(MemoryState):
    """Implements `OperationStore`."""

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        check_group(base_version, operations)
        spec = self._spec(spec_id)
        if spec.record.version != base_version:
            raise VersionTaken(spec_id)
        if spec.record.access_version != access_version:
            raise AccessChanged(spec_id)
        taken = await self.first_commits(spec_id, [operation.operation_id for operation in operations])
        if taken:
            raise OperationIdsTaken(taken)
        self._require_users(users_of(operations))
        spec.append(operations)
        last = operations[-1]
        spec.record = replace(
            spec.record, version=last.version, modified_by=last.user_id, modified_at=last.timestamp
        )

    @asynccontextmanager
    async def exclusive(self, spec_id: str) -> AsyncIterator[Commit]:
        self._spec(spec_id)
        yield self.commit

    async def operations(
        self,
        spec_id: str,
        after: int,
        until: int | None = None,
        limit: int | None = None,
        most_bytes: int | None = None,
    ) -> Sequence[CommittedOperation]:
        if spec_id not in self._specs:
            return ()
        found = self._specs[spec_id].log[after:until][:limit]
        if most_bytes is not None:
            found = fitting(((one, len(encode(pack(one.components)))) for one in found), most_bytes)
        if found and found[0].version <= self._specs[spec_id].folded:
            raise OperationsFolded(spec_id, min(found[-1].version, self._specs[spec_id].folded))
        return tuple(
            structs.replace(
                operation,
                user_name=self._users[operation.user_id].name,
                author_name=operation.author_id and self._users[operation.author_id].name,
            )
            for operation in found
        )

    async def commits(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommitRecord]:
        if spec_id not in self._specs:
            return ()
        spec = self._specs[spec_id]
        return tuple(
            CommitRecord(
                version=operation.version,
                operation_id=operation.operation_id,
                user_id=operation.user_id,
                user_name=self._users[operation.user_id].name,
                session_id=operation.session_id,
                timestamp=operation.timestamp,
                fingerprint=operation.fingerprint,
                folded=operation.version <= spec.folded,
            )
            for operation in spec.log[after:until][:limit]
        )

    async def authors(self, spec_id: str, after: int, until: int) -> Mapping[str, str]:
        log = self._specs[spec_id].log[after:until] if spec_id in self._specs else ()
        return {user_id: self._users[user_id].name for user_id in {operation.author for operation in log}}

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        if spec_id not in self._specs:
            return {}
        known = self._specs[spec_id].first_commits
        return {operation_id: known[operation_id] for operation_id in operation_ids if operation_id in known}
