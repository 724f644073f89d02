"""The contract of a store: the durable and ordered record of what happened to every document.

A store has no live state; every value that it returns is frozen. Times are timezone-aware UTC. Ids are UUID
strings in lower case. Every method may raise `StoreUnavailable` if the database can't be reached or written.
A user that a value names by id must have been saved by `UserStore.save_user`, otherwise `UserMissing` is raised;
returned names are the current names of the users. A cancelled call is carried out as a whole or not at all.

The contract is divided by noun: each module here declares a Protocol with its records and exceptions, and `Store`
is their sum. To add a noun, add a module of one name to each of

- ``store/base``: the Protocol; add it to `Store`,
- ``store/memory``: the implementation in memory; add it to `MemoryStore`,
- ``store/sql``: the implementation for SQLite and PostgreSQL; add it to `SqlStore`,
- ``store/statements``: the SQL statements,
- ``tests/store/contract``: the tests that every implementation passes.

``tests/store/test_nouns.py`` checks that none is missing.
"""

from __future__ import annotations

from typing import Protocol

from .access import AccessChanged, AccessStore, Grant
from .attachments import Attachment, AttachmentPart, AttachmentsFull, AttachmentStore
from .attribution import AttributionStore, StoredAttribution
from .compaction import CompactionStore, Size, SnapshotMissing
from .lifecycle import LifecycleStore, SchemaMismatch
from .operations import (
    Commit,
    CommitRecord,
    FirstCommit,
    OperationIdsTaken,
    OperationsFolded,
    OperationStore,
    OutcomeUnknown,
    VersionTaken,
)
from .other_servers import OtherServersStore
from .read_marks import ReadMarkStore, ReadState
from .search import SearchStore
from .sessions import SessionRecord, SessionStore
from .sittings import Measure, SittingStore, StoredSitting
from .snapshots import CorruptSnapshot, RevisionKind, Snapshot, SnapshotStore
from .specs import (
    Choice,
    Facets,
    SpecIdTaken,
    SpecMissing,
    SpecOrder,
    SpecPage,
    SpecRecord,
    SpecState,
    SpecStore,
)
from .threads import (
    AnchorState,
    DeletedThread,
    StoredMessage,
    StoredThread,
    ThreadKind,
    ThreadsChanged,
    ThreadState,
    ThreadStore,
)
from .tokens import TokenStore
from .transfer import LoggedOperation, Part, PartRefused, TransferStore
from .trash import TrashStore
from .usage import Quota, QuotaReached, Usage, UsageStore
from .users import UserMissing, UserStore

__all__ = [
    "AccessChanged",
    "AccessStore",
    "AnchorState",
    "Attachment",
    "AttachmentPart",
    "AttachmentStore",
    "AttachmentsFull",
    "AttributionStore",
    "Choice",
    "Commit",
    "CommitRecord",
    "CompactionStore",
    "CorruptSnapshot",
    "DeletedThread",
    "Facets",
    "FirstCommit",
    "Grant",
    "LifecycleStore",
    "LoggedOperation",
    "Measure",
    "OperationIdsTaken",
    "OperationStore",
    "OperationsFolded",
    "OtherServersStore",
    "OutcomeUnknown",
    "Part",
    "PartRefused",
    "Quota",
    "QuotaReached",
    "ReadMarkStore",
    "ReadState",
    "RevisionKind",
    "SchemaMismatch",
    "SearchStore",
    "SessionRecord",
    "SessionStore",
    "SittingStore",
    "Size",
    "Snapshot",
    "SnapshotMissing",
    "SnapshotStore",
    "SpecIdTaken",
    "SpecMissing",
    "SpecOrder",
    "SpecPage",
    "SpecRecord",
    "SpecState",
    "SpecStore",
    "Store",
    "StoredAttribution",
    "StoredMessage",
    "StoredSitting",
    "StoredThread",
    "ThreadKind",
    "ThreadState",
    "ThreadStore",
    "ThreadsChanged",
    "TokenStore",
    "TransferStore",
    "TrashStore",
    "Usage",
    "UsageStore",
    "UserMissing",
    "UserStore",
    "VersionTaken",
]


class Store(
    LifecycleStore,
    UserStore,
    SpecStore,
    TrashStore,
    AccessStore,
    OperationStore,
    SnapshotStore,
    SittingStore,
    ReadMarkStore,
    AttachmentStore,
    AttributionStore,
    ThreadStore,
    CompactionStore,
    SearchStore,
    SessionStore,
    TokenStore,
    TransferStore,
    UsageStore,
    OtherServersStore,
    Protocol,
):
    """Everything that the service needs of a database."""
