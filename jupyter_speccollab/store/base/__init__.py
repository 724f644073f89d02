"""The store: the only truth of what happened to every document, and in which order.

A store keeps no live state; whatever it returns is a frozen value. Times are timezone-aware UTC. Ids are
UUID strings, lower case. Every method may raise `StoreUnavailable` when the database can't be reached or
can't write. Whoever a value names by id must have been saved by `save_user`, else `UserMissing`; the names
that come back are those that the users have now. A cancelled call is carried out whole or not at all.

`tests/store/contract/` is the suite that every implementation passes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.text import Change


class RevisionKind(StrEnum):
    """Why a snapshot was kept; a later one of the same version may only raise it (`rank`)."""

    AUTO = "auto"
    SAVED = "saved"
    LABELLED = "labelled"
    RESTORED = "restored"
    CREATED = "created"
    BASE = "base"
    """An automatic one on which later versions are rebuilt, since the log before it was folded."""

    @property
    def rank(self) -> int:
        """``auto`` < ``base`` < ``saved`` < ``created``, ``restored`` < ``labelled``."""
        return {"auto": 0, "base": 1, "saved": 2, "created": 3, "restored": 3, "labelled": 4}[self.value]

    @property
    def is_automatic(self) -> bool:
        """Whether nobody asked for it."""
        return self in (RevisionKind.AUTO, RevisionKind.BASE)


@dataclass(frozen=True, slots=True)
class SpecRecord:
    """A row of ``specifications``; ``version`` counts committed operations, ``epoch`` names this history."""

    spec_id: str
    title: str
    description: str
    type: str
    status: str
    version: int
    epoch: str
    access_version: int
    created_by: str
    created_at: datetime
    modified_by: str
    modified_by_name: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A row of ``document_versions``: the whole text at a version.

    ``content`` is ``None`` in listings that left it out. ``content_hash`` is the hex SHA-256 of the UTF-8;
    `Store.snapshot` checks it and raises `CorruptSnapshot` on a mismatch.
    """

    version: int
    content: str | None
    content_hash: str
    created_by: str
    created_by_name: str
    created_at: datetime
    kind: RevisionKind
    label: str | None = None
    changes_summary: str = ""

    def raised_by(self, later: Snapshot) -> Snapshot:
        """What stands at this version after ``later`` was saved there: only kind and label ever change."""
        return replace(
            self,
            kind=max(self.kind, later.kind, key=lambda kind: kind.rank),
            label=self.label if later.label is None else later.label,
        )


@dataclass(frozen=True, slots=True)
class FirstCommit:
    """What was committed under an operationId."""

    operation_id: str
    version: int
    user_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """A row of ``document_operations`` without its steps: who made a version, when, and under which id.

    ``folded``: the steps are gone for ever. Law: where a version is folded, so are all before it.
    """

    version: int
    operation_id: str
    user_id: str
    user_name: str
    session_id: str | None
    timestamp: datetime
    fingerprint: str
    folded: bool


@dataclass(frozen=True, slots=True)
class Size:
    """What a spec holds, in rows and in bytes as they are stored.

    ``operations`` counts all versions, ``folded`` those without steps; ``operation_bytes`` is what the steps take,
    ``snapshot_bytes`` what the texts do.
    """

    operations: int = 0
    folded: int = 0
    operation_bytes: int = 0
    snapshots: int = 0
    snapshot_bytes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A row of ``editing_sessions``; ``cursor_position`` is a protocol cursor or ``None``."""

    session_id: str
    spec_id: str
    user_id: str
    user_name: str
    socket_id: str
    joined_at: datetime
    last_activity: datetime
    cursor_position: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a spec stands: what a live document compares itself with."""

    version: int
    epoch: str
    access_version: int


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """A row of ``document_operations`` as it stands, without anybody's name.

    ``changes`` (see `jupyter_speccollab.text.changes`) is ``None`` where a compaction folded them away.
    """

    version: int
    operation_id: str
    user_id: str
    session_id: str | None
    changes: Sequence[Change] | None
    applied_at: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A row of ``collaborators``: who was given which role, by whom and when."""

    principal: str
    role: Role
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class SpecPage:
    """A page of specs, last modified first; ``next_cursor`` is opaque, ``None`` on the last page."""

    specs: Sequence[SpecRecord] = field(default_factory=tuple)
    next_cursor: str | None = None


class VersionTaken(Exception):
    """The document is no longer at the version that the commit was made on: another server was first."""


class AccessChanged(Exception):
    """``access_version`` is no longer what the commit, or the change of access, was checked against."""


class OperationIdsTaken(Exception):
    """Some ids of a commit are committed already; nothing of the commit was written."""

    def __init__(self, first_commits: Mapping[str, FirstCommit]) -> None:
        super().__init__(", ".join(first_commits))
        self.first_commits = first_commits


class SpecMissing(Exception):
    """No spec has this id, or it was deleted meanwhile."""


class UserMissing(Exception):
    """Something names a user whom `Store.save_user` never saw: the caller's mistake."""


class SpecIdTaken(Exception):
    """A spec with this id exists already."""


class CorruptSnapshot(Exception):
    """A stored text does not match its hash: never repaired silently."""


class OperationsFolded(Exception):
    """The steps of versions that were asked for are gone; ``until`` is the newest such version among them."""

    def __init__(self, spec_id: str, until: int) -> None:
        super().__init__(f"{spec_id} up to version {until}")
        self.until = until


class SnapshotMissing(Exception):
    """Nothing may be folded up to a version whose text is not kept."""


class SchemaMismatch(StoreUnavailable):
    """The database's schema is newer than this code, or older and not ours to change."""


class OutcomeUnknown(StoreUnavailable):
    """The connection broke during COMMIT: look the operationIds up before anything else on that document."""


class PartRefused(Exception):
    """Part of a history can't be stored: it names somebody unknown, or holds an id that is there already."""


Commit = Callable[[str, int, int, Sequence[CommittedOperation]], Awaitable[None]]
"""`Store.commit`."""

Part = User | SpecRecord | Grant | Snapshot | Sequence[LoggedOperation]
"""What a spec with its history is made of; operations come in groups."""


class Store(Protocol):
    """Where specs, their operations and their snapshots live."""

    async def open(self) -> None:
        """Connect and, where configured so, bring the schema up to date."""

    async def close(self) -> None:
        """Release every connection; the store can't be used after it."""

    # users ------------------------------------------------------------------------------------------------

    async def save_user(self, user: User) -> None:
        """Insert or update; a no-op where nothing changed."""

    async def introduce_user(self, user: User) -> None:
        """Insert; a no-op where the user is known, under whatever name."""

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        """Those of ``user_ids`` that are known."""

    # specs ------------------------------------------------------------------------------------------------

    async def create_spec(
        self, spec: SpecRecord, first: CommittedOperation | None, snapshot: Snapshot
    ) -> None:
        """Insert a spec, its first operation (where it has content) and its ``created`` snapshot.

        Whoever created it is its owner. All or nothing. Raises `SpecIdTaken`.
        """

    async def spec(self, spec_id: str) -> SpecRecord:
        """Raises `SpecMissing`."""

    async def specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        visible_to: Collection[str] | None = None,
        only: str | None = None,
    ) -> SpecPage:
        """Specs whose title or description holds ``query`` (case-insensitive, ``%`` and ``_`` literal).

        Where ``visible_to`` names principals, only specs that have an entry of one of them; where ``only`` is a
        specId, that one alone. Raises `InvalidMessage` for a cursor that this store did not make.
        """

    async def stands(self, spec_ids: Collection[str]) -> Mapping[str, Stand]:
        """Where those of ``spec_ids`` stand that there are."""

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        """Set any of ``title``, ``description``, ``type``, ``status``; versions and times stay.

        Raises `SpecMissing`, and ValueError for another field.
        """

    async def delete_spec(self, spec_id: str) -> None:
        """Delete it with its history. Raises `SpecMissing`."""

    # access -----------------------------------------------------------------------------------------------

    async def access(self, spec_id: str) -> AccessList:
        """Raises `SpecMissing`."""

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        """By spec, the entries of ``principals`` there; specs without any are left out."""

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        """Set, or (``None``) remove, an entry of the list that was ``seen``; returns the new one.

        Raises the list's version by one. Raises `AccessChanged` where the list is not the one that was ``seen``
        any more, and `SpecMissing`; nothing was changed then.
        """

    # operations -------------------------------------------------------------------------------------------

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """Append a group in one transaction: versions ``base_version + 1`` and up, durable on return.

        Also sets the spec's ``modified_by`` and ``modified_at`` from the last one. Raises `VersionTaken`,
        `AccessChanged`, `OperationIdsTaken`, `SpecMissing`, `OutcomeUnknown`; nothing was written then (for
        the last: nobody knows). An empty group, versions with a gap, an id twice in the group: ValueError.
        """

    def alone(self, spec_id: str) -> AbstractAsyncContextManager[Commit]:
        """While the context lasts, nobody else commits to the spec; it gives a `commit` for one group.

        For whoever lost a version to others again and again. A store that is not made for many servers may give
        its `commit` as it is. Raises `SpecMissing`.
        """

    async def operations(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommittedOperation]:
        """Versions in ``(after, until]``, ascending, at most ``limit``.

        Raises `OperationsFolded` where one of them was folded: never a list with a hole.
        """

    async def commits(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[CommitRecord]:
        """As `operations`, without the steps, and also of what was folded."""

    async def first_commits(self, spec_id: str, operation_ids: Collection[str]) -> Mapping[str, FirstCommit]:
        """Those of ``operation_ids`` that were committed, ever."""

    # snapshots --------------------------------------------------------------------------------------------

    async def save_snapshot(self, spec_id: str, snapshot: Snapshot) -> Snapshot:
        """Insert, or raise the kind of what stands at that version; a new label replaces the old one.

        All else of what stands there stays (`Snapshot.raised_by`). Returns what stands there now. Raises
        `SpecMissing`.
        """

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        """The newest one at or below version ``at`` (``None``: of all), with content.

        Raises `CorruptSnapshot`.
        """

    async def revisions(
        self, spec_id: str, before: int | None = None, limit: int = 20, content: bool = True
    ) -> Sequence[Snapshot]:
        """Snapshots below version ``before``, newest first."""

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        """Delete those of ``versions`` that are of kind ``auto``; returns how many went.

        Of kind ``base`` too, where the version after it was folded, and so nothing is rebuilt on it any more.
        """

    async def sum_up(self, spec_id: str, version: int, summary: str) -> None:
        """Set the summary of the automatic snapshot at ``version``, if there is one."""

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        """The version of the snapshot that is nearest to ``version``; of two the later."""

    # compaction -------------------------------------------------------------------------------------------

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        """The newest version that was committed, as all before it were, earlier than ``moment``; 0: none."""

    async def folded(self, spec_id: str) -> int:
        """The newest version that was folded; 0: none."""

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        """Drop the steps of versions ``(after, until]``, for ever, in one transaction; the rest of the rows stays.

        The snapshot at ``base``, which is ``until`` or later, can't be thinned from then on (``auto`` becomes
        ``base``). Raises `SnapshotMissing` where there is none, and ValueError where version ``after`` has its
        steps, or ``base`` comes before ``until``.
        """

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        """What the spec holds (``until``: up to that version); zeros where there is no such spec."""

    # sessions ---------------------------------------------------------------------------------------------

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        """Insert all, each in place of a row of the same ``session_id``, or of the same ``socket_id`` in its spec.

        Raises `SpecMissing` where the spec of any of them is gone; then none is inserted.
        """

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        """Note that all whose ``socket_id`` begins with ``server`` were there ``at`` that time, and who moved.

        ``cursor_position`` is set for those that are in ``moved``; unknown ones are ignored. Returns how many there
        are of this server.
        """

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        """Delete; unknown ones are ignored."""

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        """All rows of these specs, in order of joining."""

    async def sweep_sessions(self, idle_since: datetime) -> int:
        """Delete rows whose ``last_activity`` is before ``idle_since``; returns how many."""

    # tokens -----------------------------------------------------------------------------------------------

    async def revoke(self, subject: str, at: datetime) -> None:
        """Note that ``subject`` was revoked at ``at``; a later time replaces an earlier one."""

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        """Those of ``subjects`` that were revoked, and when."""

    # export and import ------------------------------------------------------------------------------------

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        """The entries of the access list, by principal. Raises `SpecMissing`."""

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        """Versions in ``(after, until]``, ascending, at most ``limit``.

        After the first one only as many as hold ``characters`` in all, as the database counts them.
        """

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        """Insert a spec with all that hangs on it: its `SpecRecord`, and after that the rest of its ``parts``.

        All or nothing, also where ``parts`` raises something, which is passed on. A `User` who is known stays as
        they are; whoever a part names must be known, or come before it. ``parts`` may be called again, where the
        database has to be asked again, and may run in another thread. Raises `SpecIdTaken`, `PartRefused`.
        """

    # news -------------------------------------------------------------------------------------------------

    async def changed_elsewhere(self) -> bool:
        """Whether another process may have committed since the last call; cheap, may say yes too often."""
