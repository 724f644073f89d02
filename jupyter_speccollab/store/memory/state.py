"""The state that the parts of a `MemoryStore` share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.document.words import Passage
from jupyter_speccollab.store.base import (
    Attachment,
    DeletedThread,
    FirstCommit,
    Grant,
    SessionRecord,
    Snapshot,
    SpecMissing,
    SpecRecord,
    StoredSitting,
    StoredThread,
    UserMissing,
)


@dataclass(slots=True)
class StoredAttachment:
    """An attachment with its bytes in parts."""

    record: Attachment
    parts: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage that searches look into, with its words."""

    passage: Passage
    words: list[str]


@dataclass(slots=True)
class StoredSpec:
    """A spec and everything that is deleted with it.

    ``log[v - 1]`` made version ``v``; versions up to ``folded`` have no changes.
    """

    record: SpecRecord
    log: list[CommittedOperation] = field(default_factory=list)
    folded: int = 0
    first_commits: dict[str, FirstCommit] = field(default_factory=dict)
    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    attachments: dict[str, StoredAttachment] = field(default_factory=dict)
    attributions: dict[int, bytes] = field(default_factory=dict)
    bylines: list[bytes] = field(default_factory=list)
    passages: list[StoredPassage] = field(default_factory=list)
    searched_version: int = -1
    read_marks: dict[str, int] = field(default_factory=dict)
    sittings: dict[int, StoredSitting] = field(default_factory=dict)
    threads: dict[str, StoredThread] = field(default_factory=dict)
    deleted_threads: dict[str, DeletedThread] = field(default_factory=dict)

    @property
    def roles(self) -> dict[str, Role]:
        return {principal: grant.role for principal, grant in self.grants.items()}

    def is_owned_by(self, principals: Collection[str]) -> bool:
        """Whether one of these principals is an owner."""
        return any(self.roles.get(who) is Role.OWNER for who in principals)

    def add_grant(self, grant: Grant) -> None:
        self.grants[grant.principal] = grant

    def append(self, operations: Sequence[CommittedOperation]) -> None:
        self.log.extend(operations)
        for operation in operations:
            self.first_commits[operation.operation_id] = FirstCommit(
                operation.operation_id, operation.version, operation.user_id, operation.fingerprint
            )


class MemoryState:
    """All rows, and the checks that foreign keys make in a database."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._specs: dict[str, StoredSpec] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._revoked: dict[str, datetime] = {}

    def _spec(self, spec_id: str) -> StoredSpec:
        """The spec, unless it is in the trash. Raises `SpecMissing`."""
        spec = self._stored(spec_id)
        if spec.record.trashed_at is not None:
            raise SpecMissing(spec_id)
        return spec

    def _stored(self, spec_id: str) -> StoredSpec:
        """The spec, in the trash or not. Raises `SpecMissing`."""
        try:
            return self._specs[spec_id]
        except KeyError:
            raise SpecMissing(spec_id) from None

    def _require_users(self, user_ids: set[str]) -> None:
        if unknown := user_ids - self._users.keys():
            raise UserMissing(", ".join(sorted(unknown)))
