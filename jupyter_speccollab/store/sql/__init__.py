"""The store over any SQL database: which statements make up each method, and what their failure means.

How a connection is had, and how a transaction is run, is the subclass's: `SqliteStore`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User

from ..base import (
    CommitRecord,
    FirstCommit,
    Grant,
    LoggedOperation,
    OperationIdsTaken,
    Part,
    SessionRecord,
    Size,
    Snapshot,
    SpecIdTaken,
    SpecMissing,
    SpecPage,
    SpecRecord,
    Stand,
    UserMissing,
)
from ..checks import check_fields, check_group, check_hash
from ..paging import page_of, place_of
from ..statements import access as access_rows
from ..statements import folding as folding_rows
from ..statements import operations as operation_rows
from ..statements import sessions as session_rows
from ..statements import snapshots as snapshot_rows
from ..statements import specs as spec_rows
from ..statements import tokens as token_rows
from ..statements import transfer as transfer_rows
from ..statements import users as user_rows

T = TypeVar("T")


class SqlStore(ABC):
    """All of `Store` but opening, closing and news."""

    @abstractmethod
    async def _read(self, query: Callable[[Connection], T]) -> T:
        """Run ``query`` where it sees all that was committed before."""

    @abstractmethod
    async def _write(self, change: Callable[[Connection], T]) -> T:
        """Run ``change`` in one transaction: durable on return, undone where anything was raised."""

    @abstractmethod
    async def _append(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """As `commit`, of a checked group; raises `IntegrityError` where a key is taken or missing."""

    # users ------------------------------------------------------------------------------------------------

    async def save_user(self, user: User) -> None:
        if (await self.users([user.user_id])).get(user.user_id) == user:
            return
        try:
            await self._write(lambda connection: user_rows.save(connection, user))
        except IntegrityError:  # another server inserted it just now
            await self._write(lambda connection: user_rows.save(connection, user))

    async def introduce_user(self, user: User) -> None:
        with suppress(IntegrityError):
            await self._write(lambda connection: user_rows.introduce(connection, user))

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        if not user_ids:
            return {}
        return await self._read(lambda connection: user_rows.find(connection, user_ids))

    # specs ------------------------------------------------------------------------------------------------

    async def create_spec(
        self, spec: SpecRecord, first: CommittedOperation | None, snapshot: Snapshot
    ) -> None:
        def create(connection: Connection) -> None:
            spec_rows.add(connection, spec)
            access_rows.add(
                connection, spec.spec_id, spec.created_by, Role.OWNER, spec.created_by, spec.created_at
            )
            if first:
                operation_rows.append(connection, spec.spec_id, [first])
            snapshot_rows.add(connection, spec.spec_id, snapshot)

        try:
            await self._write(create)
        except IntegrityError as error:
            if await self._has_spec(spec.spec_id):
                raise SpecIdTaken(spec.spec_id) from error
            named = {spec.created_by, spec.modified_by, snapshot.created_by}
            await self._require_users(named | {first.user_id} if first else named)
            raise

    async def spec(self, spec_id: str) -> SpecRecord:
        return await self._read(lambda connection: spec_rows.one(connection, spec_id))

    async def specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        visible_to: Collection[str] | None = None,
        only: str | None = None,
    ) -> SpecPage:
        place = place_of(cursor)
        found = await self._read(
            lambda connection: spec_rows.page(connection, query, place, limit + 1, visible_to, only)
        )
        return page_of(found, limit)

    async def stands(self, spec_ids: Collection[str]) -> Mapping[str, Stand]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: spec_rows.stands(connection, spec_ids))

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        check_fields(fields)
        return await self._write(lambda connection: spec_rows.change(connection, spec_id, fields))

    async def delete_spec(self, spec_id: str) -> None:
        await self._write(lambda connection: spec_rows.remove(connection, spec_id))

    # access -----------------------------------------------------------------------------------------------

    async def access(self, spec_id: str) -> AccessList:
        return await self._read(lambda connection: access_rows.of_spec(connection, spec_id))

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        if not spec_ids:
            return {}
        return await self._read(lambda connection: access_rows.of_specs(connection, spec_ids, principals))

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        try:
            return await self._write(
                lambda connection: access_rows.change(connection, seen, principal, role, by, at)
            )
        except IntegrityError:
            await self._require_spec(seen.spec_id)
            await self._require_users({by})
            raise

    # operations -------------------------------------------------------------------------------------------

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        check_group(base_version, operations)
        try:
            await self._append(spec_id, base_version, access_version, operations)
        except IntegrityError as error:
            await self._explain(spec_id, operations, error)
            raise

    async def operations(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommittedOperation]:
        return await self._read(
            lambda connection: operation_rows.log(connection, spec_id, after, until, limit)
        )

    async def commits(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommitRecord]:
        return await self._read(
            lambda connection: folding_rows.commits(connection, spec_id, after, until, limit)
        )

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        if not operation_ids:
            return {}
        return await self._read(
            lambda connection: operation_rows.first_commits(connection, spec_id, operation_ids)
        )

    # snapshots --------------------------------------------------------------------------------------------

    async def save_snapshot(self, spec_id: str, snapshot: Snapshot) -> Snapshot:
        def save(connection: Connection) -> Snapshot:
            return snapshot_rows.save(connection, spec_id, snapshot)

        try:
            return await self._write(save)
        except IntegrityError:
            await self._require_spec(spec_id)
            await self._require_users({snapshot.created_by})
            return await self._write(save)  # another server inserted it just now

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        def load(connection: Connection) -> Snapshot | None:
            found = snapshot_rows.newest(connection, spec_id, at)
            return found and check_hash(found)

        return await self._read(load)

    async def revisions(
        self, spec_id: str, before: int | None = None, limit: int = 20, content: bool = True
    ) -> Sequence[Snapshot]:
        return await self._read(
            lambda connection: snapshot_rows.below(connection, spec_id, before, limit, content)
        )

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        if not versions:
            return 0
        return await self._write(lambda connection: snapshot_rows.thin(connection, spec_id, versions))

    async def sum_up(self, spec_id: str, version: int, summary: str) -> None:
        await self._write(lambda connection: snapshot_rows.sum_up(connection, spec_id, version, summary))

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        return await self._read(lambda connection: snapshot_rows.nearest(connection, spec_id, version))

    # compaction -------------------------------------------------------------------------------------------

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        return await self._read(lambda connection: folding_rows.version_before(connection, spec_id, moment))

    async def folded(self, spec_id: str) -> int:
        return await self._read(lambda connection: folding_rows.folded(connection, spec_id))

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        await self._write(lambda connection: folding_rows.fold(connection, spec_id, after, until, base))

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        return await self._read(lambda connection: folding_rows.size(connection, spec_id, until))

    # sessions ---------------------------------------------------------------------------------------------

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        if not sessions:
            return
        try:
            await self._write(lambda connection: session_rows.add(connection, sessions))
        except IntegrityError:
            for spec_id in {session.spec_id for session in sessions}:
                await self._require_spec(spec_id)
            await self._require_users({session.user_id for session in sessions})
            raise

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        return await self._write(lambda connection: session_rows.touch(connection, server, at, moved))

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        if session_ids:
            await self._write(lambda connection: session_rows.remove(connection, session_ids))

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        if not spec_ids:
            return ()
        return await self._read(lambda connection: session_rows.of_specs(connection, spec_ids))

    async def sweep_sessions(self, idle_since: datetime) -> int:
        return await self._write(lambda connection: session_rows.sweep(connection, idle_since))

    # tokens -----------------------------------------------------------------------------------------------

    async def revoke(self, subject: str, at: datetime) -> None:
        try:
            await self._write(lambda connection: token_rows.revoke(connection, subject, at))
        except IntegrityError:  # another server inserted it just now
            await self._write(lambda connection: token_rows.revoke(connection, subject, at))

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        if not subjects:
            return {}
        return await self._read(lambda connection: token_rows.find(connection, subjects))

    # export and import ------------------------------------------------------------------------------------

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        return await self._read(lambda connection: transfer_rows.grants(connection, spec_id))

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        return await self._read(
            lambda connection: transfer_rows.rows(connection, spec_id, after, until, limit, characters)
        )

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        await self._write(lambda connection: transfer_rows.add(connection, parts()))

    # why a key was refused --------------------------------------------------------------------------------

    async def _explain(
        self, spec_id: str, operations: Sequence[CommittedOperation], error: IntegrityError
    ) -> None:
        """Raise what kept this group from being committed, if it is one of the reasons that there are."""
        await self._require_spec(spec_id)
        taken = await self.first_commits(spec_id, [operation.operation_id for operation in operations])
        if taken:
            raise OperationIdsTaken(taken) from error
        await self._require_users({operation.user_id for operation in operations})

    async def _require_spec(self, spec_id: str) -> None:
        await self.spec(spec_id)

    async def _has_spec(self, spec_id: str) -> bool:
        try:
            await self.spec(spec_id)
        except SpecMissing:
            return False
        return True

    async def _require_users(self, user_ids: set[str]) -> None:
        if strangers := user_ids - (await self.users(user_ids)).keys():
            raise UserMissing(", ".join(sorted(strangers)))
