"""A complete store in memory, for simulations and tests: all that the others do but outlive the process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from msgspec import structs

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import EMPTY, Change, operation_of, pack, unpack

from ..base import (
    AccessChanged,
    Commit,
    CommitRecord,
    FirstCommit,
    Grant,
    LoggedOperation,
    OperationIdsTaken,
    OperationsFolded,
    Part,
    PartRefused,
    RevisionKind,
    SessionRecord,
    Size,
    Snapshot,
    SnapshotMissing,
    SpecIdTaken,
    SpecMissing,
    SpecPage,
    SpecRecord,
    Stand,
    UserMissing,
    VersionTaken,
)
from ..checks import check_fields, check_fold, check_group, check_hash, has_steps, refused
from ..paging import page_of, place_of


@dataclass(slots=True)
class _Spec:
    """A spec and all that hangs on it; ``log[v - 1]`` made version ``v``, and up to ``folded`` has no steps."""

    record: SpecRecord
    log: list[CommittedOperation] = field(default_factory=list)
    folded: int = 0
    first_commits: dict[str, FirstCommit] = field(default_factory=dict)
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)

    @property
    def roles(self) -> dict[str, Role]:
        return {principal: grant.role for principal, grant in self.grants.items()}

    def give(self, grant: Grant) -> None:
        self.grants[grant.principal] = grant

    def append(self, operations: Sequence[CommittedOperation]) -> None:
        self.log.extend(operations)
        for operation in operations:
            self.first_commits[operation.operation_id] = FirstCommit(
                operation.operation_id, operation.version, operation.user_id, operation.fingerprint
            )


class MemoryStore:
    """A store whose methods never wait: each is one step of the event loop, so none sees another's half."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._specs: dict[str, _Spec] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._revoked: dict[str, datetime] = {}

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    # users ------------------------------------------------------------------------------------------------

    async def save_user(self, user: User) -> None:
        self._users[user.user_id] = user

    async def introduce_user(self, user: User) -> None:
        self._users.setdefault(user.user_id, user)

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        return {user_id: self._users[user_id] for user_id in user_ids if user_id in self._users}

    # specs ------------------------------------------------------------------------------------------------

    async def create_spec(
        self, spec: SpecRecord, first: CommittedOperation | None, snapshot: Snapshot
    ) -> None:
        if spec.spec_id in self._specs:
            raise SpecIdTaken(spec.spec_id)
        named = {spec.created_by, spec.modified_by, snapshot.created_by}
        self._require_users(named | {first.user_id} if first else named)
        made = _Spec(spec, snapshots={snapshot.version: snapshot})
        made.give(Grant(spec.created_by, Role.OWNER, spec.created_by, spec.created_at))
        if first:
            made.append([first])
        self._specs[spec.spec_id] = made

    async def spec(self, spec_id: str) -> SpecRecord:
        return self._named(self._spec(spec_id).record)

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
        found = [
            self._named(spec.record)
            for spec_id, spec in self._specs.items()
            if _holds(spec.record, query.lower())
            and (visible_to is None or not spec.roles.keys().isdisjoint(visible_to))
            and only in (None, spec_id)
        ]
        found.sort(key=_place, reverse=True)
        return page_of([record for record in found if place is None or _place(record) < place], limit)

    async def stands(self, spec_ids: Collection[str]) -> Mapping[str, Stand]:
        found = [self._specs[spec_id].record for spec_id in spec_ids if spec_id in self._specs]
        return {spec.spec_id: Stand(spec.version, spec.epoch, spec.access_version) for spec in found}

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        check_fields(fields)
        spec = self._spec(spec_id)
        spec.record = replace(spec.record, **dict[str, Any](fields))
        return self._named(spec.record)

    async def delete_spec(self, spec_id: str) -> None:
        self._spec(spec_id)
        del self._specs[spec_id]
        self._sessions = {key: row for key, row in self._sessions.items() if row.spec_id != spec_id}

    # access -----------------------------------------------------------------------------------------------

    async def access(self, spec_id: str) -> AccessList:
        spec = self._spec(spec_id)
        return AccessList(spec_id, spec.record.access_version, spec.roles)

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        found = {
            spec_id: {who: role for who, role in self._specs[spec_id].roles.items() if who in principals}
            for spec_id in spec_ids
            if spec_id in self._specs
        }
        return {spec_id: entries for spec_id, entries in found.items() if entries}

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        spec = self._spec(seen.spec_id)
        if spec.record.access_version != seen.version:
            raise AccessChanged(seen.spec_id)
        self._require_users({by})
        spec.grants.pop(principal, None)
        if role is not None:
            spec.give(Grant(principal, role, by, at))
        spec.record = replace(spec.record, access_version=seen.version + 1)
        return await self.access(seen.spec_id)

    # operations -------------------------------------------------------------------------------------------

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
        self._require_users({operation.user_id for operation in operations})
        spec.append(operations)
        last = operations[-1]
        spec.record = replace(
            spec.record, version=last.version, modified_by=last.user_id, modified_at=last.timestamp
        )

    @asynccontextmanager
    async def alone(self, spec_id: str) -> AsyncIterator[Commit]:
        self._spec(spec_id)
        yield self.commit

    async def operations(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommittedOperation]:
        if spec_id not in self._specs:
            return ()
        found = self._specs[spec_id].log[after:until][:limit]
        if found and found[0].version <= self._specs[spec_id].folded:
            raise OperationsFolded(spec_id, min(found[-1].version, self._specs[spec_id].folded))
        return tuple(
            structs.replace(operation, user_name=self._users[operation.user_id].name) for operation in found
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

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        if spec_id not in self._specs:
            return {}
        known = self._specs[spec_id].first_commits
        return {operation_id: known[operation_id] for operation_id in operation_ids if operation_id in known}

    # snapshots --------------------------------------------------------------------------------------------

    async def save_snapshot(self, spec_id: str, snapshot: Snapshot) -> Snapshot:
        spec = self._spec(spec_id)
        self._require_users({snapshot.created_by})
        standing = spec.snapshots.get(snapshot.version)
        spec.snapshots[snapshot.version] = standing.raised_by(snapshot) if standing else snapshot
        return self._signed(spec.snapshots[snapshot.version])

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        before = None if at is None else at + 1
        newest = await self.revisions(spec_id, before, limit=1)
        return check_hash(newest[0]) if newest else None

    async def revisions(
        self, spec_id: str, before: int | None = None, limit: int = 20, content: bool = True
    ) -> Sequence[Snapshot]:
        if spec_id not in self._specs:
            return ()
        snapshots = self._specs[spec_id].snapshots
        versions = sorted((v for v in snapshots if before is None or v < before), reverse=True)
        found = [self._signed(snapshots[version]) for version in versions[:limit]]
        return tuple(found if content else (replace(snapshot, content=None) for snapshot in found))

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        if spec_id not in self._specs:
            return 0
        spec = self._specs[spec_id]
        gone = [
            v
            for v in set(versions)
            if v in spec.snapshots
            and (
                spec.snapshots[v].kind is RevisionKind.AUTO
                or (spec.snapshots[v].kind is RevisionKind.BASE and v < spec.folded)
            )
        ]
        for version in gone:
            del spec.snapshots[version]
        return len(gone)

    async def sum_up(self, spec_id: str, version: int, summary: str) -> None:
        kept = self._specs[spec_id].snapshots if spec_id in self._specs else {}
        if version in kept and kept[version].kind.is_automatic:
            kept[version] = replace(kept[version], changes_summary=summary)

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        if spec_id not in self._specs:
            return None
        latest_first = sorted(self._specs[spec_id].snapshots, reverse=True)
        return min(latest_first, key=lambda each: abs(each - version), default=None)

    # compaction -------------------------------------------------------------------------------------------

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        log = self._specs[spec_id].log if spec_id in self._specs else []
        return next((each.version - 1 for each in log if each.timestamp >= moment), len(log))

    async def folded(self, spec_id: str) -> int:
        return self._specs[spec_id].folded if spec_id in self._specs else 0

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        check_fold(until, base)
        spec = self._specs.get(spec_id)
        if spec is None or base not in spec.snapshots:
            raise SnapshotMissing(f"{spec_id} at version {base}")
        if after > spec.folded:
            raise has_steps(after)
        kept = spec.snapshots[base]
        if kept.kind is RevisionKind.AUTO:
            spec.snapshots[base] = replace(kept, kind=RevisionKind.BASE)
        spec.folded = max(spec.folded, until)

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        if spec_id not in self._specs:
            return Size()
        spec = self._specs[spec_id]
        log = spec.log[:until]
        texts = [
            each.content or "" for each in spec.snapshots.values() if until is None or each.version <= until
        ]
        return Size(
            operations=len(log),
            folded=min(spec.folded, len(log)),
            operation_bytes=sum(len(str(pack(each.components)).encode()) for each in log[spec.folded :]),
            snapshots=len(texts),
            snapshot_bytes=sum(len(text.encode()) for text in texts),
        )

    # sessions ---------------------------------------------------------------------------------------------

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        for session in sessions:
            self._spec(session.spec_id)
        self._require_users({session.user_id for session in sessions})
        places = {(session.spec_id, session.socket_id) for session in sessions}
        self._sessions = {
            key: row for key, row in self._sessions.items() if (row.spec_id, row.socket_id) not in places
        }
        self._sessions.update({session.session_id: session for session in sessions})

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        here = [key for key, row in self._sessions.items() if row.socket_id.startswith(server)]
        for key in here:
            self._sessions[key] = replace(self._sessions[key], last_activity=at)
        for session in moved:
            if there := self._sessions.get(session.session_id):
                self._sessions[session.session_id] = replace(there, cursor_position=session.cursor_position)
        return len(here)

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        for session_id in session_ids:
            self._sessions.pop(session_id, None)

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        found = [row for row in self._sessions.values() if row.spec_id in spec_ids]
        found.sort(key=lambda row: (row.joined_at, row.session_id))
        return tuple(replace(row, user_name=self._users[row.user_id].name) for row in found)

    async def sweep_sessions(self, idle_since: datetime) -> int:
        idle = [key for key, row in self._sessions.items() if row.last_activity < idle_since]
        await self.remove_sessions(idle)
        return len(idle)

    # tokens -----------------------------------------------------------------------------------------------

    async def revoke(self, subject: str, at: datetime) -> None:
        self._revoked[subject] = at

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        return {subject: self._revoked[subject] for subject in subjects if subject in self._revoked}

    # export and import ------------------------------------------------------------------------------------

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        grants = self._spec(spec_id).grants
        return tuple(grants[principal] for principal in sorted(grants))

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        if spec_id not in self._specs:
            return ()
        spec = self._specs[spec_id]
        found: list[LoggedOperation] = []
        for committed in spec.log[after:until][:limit]:
            changes = None if committed.version <= spec.folded else pack(committed.components)
            characters -= sum(len(removed) + len(added) for _, removed, added in changes or ())
            if found and characters < 0:
                break
            found.append(_row(committed, changes))
        return tuple(found)

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        made: _Spec | None = None
        users = dict(self._users)
        for part in parts():
            if isinstance(part, User):
                users.setdefault(part.user_id, part)
            elif isinstance(part, SpecRecord):
                if part.spec_id in self._specs:
                    raise SpecIdTaken(part.spec_id)
                _require(part, {part.created_by, part.modified_by}, users)
                made = _Spec(part)
            else:
                assert made is not None
                _add(made, part, users)
        assert made is not None
        self._users = users
        self._specs[made.record.spec_id] = made

    # news -------------------------------------------------------------------------------------------------

    async def changed_elsewhere(self) -> bool:
        return False

    # what the rows refer to -------------------------------------------------------------------------------

    def _spec(self, spec_id: str) -> _Spec:
        try:
            return self._specs[spec_id]
        except KeyError:
            raise SpecMissing(spec_id) from None

    def _require_users(self, user_ids: set[str]) -> None:
        if strangers := user_ids - self._users.keys():
            raise UserMissing(", ".join(sorted(strangers)))

    def _named(self, record: SpecRecord) -> SpecRecord:
        return replace(record, modified_by_name=self._users[record.modified_by].name)

    def _signed(self, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, created_by_name=self._users[snapshot.created_by].name)


def _place(record: SpecRecord) -> tuple[datetime, str]:
    return record.modified_at, record.spec_id


def _holds(record: SpecRecord, query: str) -> bool:
    return query in record.title.lower() or query in record.description.lower()


def _row(committed: CommittedOperation, changes: Sequence[Change] | None) -> LoggedOperation:
    return LoggedOperation(
        committed.version,
        committed.operation_id,
        committed.user_id,
        committed.session_id,
        changes,
        committed.timestamp,
        committed.fingerprint,
    )


def _committed(row: LoggedOperation) -> CommittedOperation:
    return CommittedOperation(
        row.version,
        row.operation_id,
        row.user_id,
        "",
        row.session_id,
        EMPTY if row.changes is None else operation_of(row.changes),
        unpack(row.changes or ()),
        row.applied_at,
        row.fingerprint,
    )


def _add(spec: _Spec, part: Grant | Snapshot | Sequence[LoggedOperation], users: Mapping[str, User]) -> None:
    """Add a part of an import. Raises `PartRefused`."""
    if isinstance(part, Grant):
        _require(part, {part.granted_by}, users)
        spec.give(part)
    elif isinstance(part, Snapshot):
        _require(part, {part.created_by}, users)
        spec.snapshots[part.version] = part
    else:
        _require(part, {row.user_id for row in part}, users)
        spec.append([_committed(row) for row in part])
        spec.folded += sum(row.changes is None for row in part)
        if len(spec.first_commits) < len(spec.log):
            raise PartRefused(refused(part))


def _require(part: Part, user_ids: set[str], users: Mapping[str, User]) -> None:
    if not user_ids <= users.keys():
        raise PartRefused(refused(part))
