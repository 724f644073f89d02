"""The tables: those of the specification, with the keys that several sessions of a user and several servers need.

``docs/adr/0002-keys-and-columns.md`` explains each key or column that differs from the specification. The same
definitions are used for SQLite and PostgreSQL. Law: the migrations result in these tables
(``tests/store/test_migrations.py::test_a_migrated_file_is_what_the_tables_say``).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from .types import COMPACT_JSON, HexDigest, UtcTime, UuidText

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "idx_%(table_name)s_%(column_0_N_name)s",
    }
)


def _spec_id() -> Column[Any]:
    return Column("spec_id", UuidText, ForeignKey("specifications.id", ondelete="CASCADE"), nullable=False)


def _user(name: str, ondelete: str | None = None) -> Column[Any]:
    return Column(name, UuidText, ForeignKey("users.id", ondelete=ondelete), nullable=False)


def _time(name: str) -> Column[Any]:
    return Column(name, UtcTime, nullable=False)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


users: Final = Table(
    "users",
    metadata,
    Column("id", UuidText, primary_key=True),
    _text("login"),
    _text("name"),
    _text("initials"),
    _text("color"),
    _text("avatar_url"),
    _text("issuer"),
)

specifications: Final = Table(
    "specifications",
    metadata,
    Column("id", UuidText, primary_key=True),
    _text("title"),
    _text("description"),
    _text("type"),
    _text("status"),
    Column("version", Integer, nullable=False),
    Column("epoch", UuidText, nullable=False),
    Column("access_version", Integer, nullable=False),
    _user("created_by"),
    _time("created_at"),
    _user("modified_by"),
    _time("modified_at"),
    Column("entry_version", Integer, nullable=False, server_default="0"),
    Column("stored_bytes", BigInteger, nullable=False, server_default="0"),
    Column("title_key", Text, nullable=False, server_default=""),
    Column("description_key", Text, nullable=False, server_default=""),
    Column("trashed_at", UtcTime, nullable=True),
    Column("trashed_by", UuidText, nullable=True),
    Column("notebook", Text, nullable=False, server_default=""),
    Column("searched_version", Integer, nullable=False, server_default="-1"),
    Column("threads_version", Integer, nullable=False, server_default="0"),
    Index("idx_specifications_created_by", "created_by"),
    Index("idx_specifications_trashed_at", "trashed_at"),
    Index("idx_specifications_notebook", "notebook"),
)
"""``entry_version`` counts the changes of title, description, type and status. ``stored_bytes`` is what the spec
stores (`jupyter_speccollab.store.stored_bytes`). The keys are what searches compare (`key_of`);
``searched_version`` is the version whose text they look into. ``threads_version`` counts the changes of threads. A
spec with a ``trashed_at`` is in the trash: for everything but the trash it does not exist."""

document_versions: Final = Table(
    "document_versions",
    metadata,
    Column("id", UuidText, primary_key=True),
    _spec_id(),
    Column("version", Integer, nullable=False),
    _text("content_hash"),
    _user("created_by"),
    _time("created_at"),
    _text("kind"),
    _text("label", nullable=True),
    _text("changes_summary"),
    _text("content"),
    Column("attribution", LargeBinary, nullable=True),
    Index("idx_document_versions_spec", "spec_id", "version", unique=True),
)
"""``content`` comes after the others, so that SQLite reads them without reading a long text. ``attribution`` comes
after it: who inserted which letter (`jupyter_speccollab.text.Attribution`); NULL until it was made."""

bylines: Final = Table(
    "bylines",
    metadata,
    _spec_id(),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("spec_id", "number"),
    sqlite_with_rowid=False,
)
"""Who made which version and when, in pages (`jupyter_speccollab.document.bylines`)."""

document_operations: Final = Table(
    "document_operations",
    metadata,
    _spec_id(),
    Column("version", Integer, nullable=False),
    Column("operation_id", UuidText, nullable=False),
    _user("user_id"),
    Column("session_id", UuidText, nullable=True),
    Column("operations", COMPACT_JSON, nullable=False),
    _time("applied_at"),
    Column("fingerprint", HexDigest, nullable=False),
    Column("author_id", UuidText, nullable=True),
    Column("thread_id", UuidText, nullable=True),
    PrimaryKeyConstraint("spec_id", "version", name="idx_operations_spec_version"),
    UniqueConstraint("spec_id", "operation_id"),
    sqlite_with_rowid=False,
)
"""``operations`` is a list of ``[position, removed, added]``, see `jupyter_speccollab.text.changes`.

It is JSON's ``null`` if the operation is folded (``docs/adr/0012-compaction.md``). ``author_id`` and ``thread_id``
are those of an accepted suggestion; without them, the user is the author.
"""

editing_sessions: Final = Table(
    "editing_sessions",
    metadata,
    Column("id", UuidText, primary_key=True),
    _spec_id(),
    _user("user_id", ondelete="CASCADE"),
    _text("socket_id"),
    Column("cursor_position", COMPACT_JSON, nullable=True),
    _time("joined_at"),
    _time("last_activity"),
    Column("color", Text, nullable=False, server_default=""),
    UniqueConstraint("spec_id", "socket_id"),
    Index("idx_editing_sessions_spec", "spec_id"),
)

collaborators: Final = Table(
    "collaborators",
    metadata,
    _spec_id(),
    _text("principal"),
    _text("role"),
    _user("granted_by"),
    _time("granted_at"),
    PrimaryKeyConstraint("spec_id", "principal"),
    Index("idx_collaborators_principal", "principal"),
    sqlite_with_rowid=False,
)
"""``principal`` is a userId or ``group:<name>``. There is no table of groups: each login names its own."""

attachments: Final = Table(
    "attachments",
    metadata,
    _spec_id(),
    Column("attachment_id", HexDigest, nullable=False),
    _text("media_type"),
    Column("size", Integer, nullable=False),
    _user("created_by"),
    _time("created_at"),
    Column("is_complete", Boolean, nullable=False),
    PrimaryKeyConstraint("spec_id", "attachment_id"),
    sqlite_with_rowid=False,
)
"""``attachment_id`` is the SHA-256 of the bytes. Until ``is_complete``, parts are missing."""

attachment_parts: Final = Table(
    "attachment_parts",
    metadata,
    Column("spec_id", UuidText, nullable=False),
    Column("attachment_id", HexDigest, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("spec_id", "attachment_id", "number"),
    ForeignKeyConstraint(
        ["spec_id", "attachment_id"],
        ["attachments.spec_id", "attachments.attachment_id"],
        ondelete="CASCADE",
    ),
)
"""The bytes of attachments, in parts that one transaction each writes."""

search_passages: Final = Table(
    "search_passages",
    metadata,
    Column("id", Integer, primary_key=True),
    _spec_id(),
    Column("start", Integer, nullable=False),
    Column("digest", HexDigest, nullable=False),
    _text("text"),
    Column("words", Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
    Index("idx_search_passages_spec", "spec_id"),
)
"""The texts of specs in passages, with their different words. PostgreSQL has an index of the words, SQLite a table
by FTS5 (`jupyter_speccollab.store.statements.search`)."""

sittings: Final = Table(
    "sittings",
    metadata,
    _spec_id(),
    Column("first_version", Integer, nullable=False),
    Column("last_version", Integer, nullable=False),
    _time("started_at"),
    _time("ended_at"),
    Column("people", COMPACT_JSON, nullable=True),
    Column("added", Integer, nullable=True),
    Column("removed", Integer, nullable=True),
    _text("summary", nullable=True),
    Column("subjects", COMPACT_JSON, nullable=True),
    PrimaryKeyConstraint("spec_id", "first_version"),
    sqlite_with_rowid=False,
)
"""Runs of versions, derived from ``document_operations`` and ``document_versions``.

``people`` maps userIds to numbers of versions, and is NULL until the sitting was measured. ``subjects`` is a list
of ids of the outline, and NULL until somebody asked for it.
"""

read_marks: Final = Table(
    "read_marks",
    metadata,
    _spec_id(),
    _user("user_id", ondelete="CASCADE"),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("spec_id", "user_id"),
    sqlite_with_rowid=False,
)

threads: Final = Table(
    "threads",
    metadata,
    _spec_id(),
    Column("thread_id", UuidText, nullable=False),
    _text("kind"),
    _text("state"),
    Column("changed", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("anchor_start", Integer, nullable=False),
    Column("anchor_end", Integer, nullable=False),
    Column("anchor_version", Integer, nullable=False),
    _user("created_by"),
    _time("created_at"),
    Column("fingerprint", HexDigest, nullable=False),
    Column("resolved_by", UuidText, ForeignKey("users.id"), nullable=True),
    Column("resolved_at", UtcTime, nullable=True),
    Column("accepted_version", Integer, nullable=True),
    _text("letters", nullable=True),
    _text("prefix"),
    _text("suffix"),
    _text("replacement", nullable=True),
    _text("quote"),
    PrimaryKeyConstraint("spec_id", "thread_id"),
    Index("idx_threads_changed", "spec_id", "changed", unique=True),
    Index("idx_threads_state", "spec_id", "state", "changed"),
    Index("idx_threads_anchor", "spec_id", "anchor_version"),
)
"""``changed`` is the spec's ``threads_version`` of the last change. ``size`` is what the thread stores with its
messages (`jupyter_speccollab.store.stored_bytes`). The anchor is a range of the text of ``anchor_version``;
``letters`` are what an orphan held. Long texts come last, so that SQLite reads the others without them."""

thread_messages: Final = Table(
    "thread_messages",
    metadata,
    Column("spec_id", UuidText, nullable=False),
    Column("thread_id", UuidText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("message_id", UuidText, nullable=False),
    _user("user_id"),
    _time("created_at"),
    Column("fingerprint", HexDigest, nullable=False),
    Column("edited_at", UtcTime, nullable=True),
    Column("deleted", Boolean, nullable=False),
    Column("row_hash", HexDigest, nullable=False),
    Column("mentions", COMPACT_JSON, nullable=False),
    _text("body"),
    PrimaryKeyConstraint("spec_id", "thread_id", "number"),
    UniqueConstraint("spec_id", "message_id"),
    ForeignKeyConstraint(
        ["spec_id", "thread_id"], ["threads.spec_id", "threads.thread_id"], ondelete="CASCADE"
    ),
)
"""``number`` counts the messages of a thread from 0. ``row_hash`` tells which rows of a thread differ from a thread
that is written, without reading their texts. ``mentions`` is a list of userIds."""

unanswered_mentions: Final = Table(
    "unanswered_mentions",
    metadata,
    Column("user_id", UuidText, nullable=False),
    Column("spec_id", UuidText, nullable=False),
    Column("thread_id", UuidText, nullable=False),
    PrimaryKeyConstraint("user_id", "spec_id", "thread_id"),
    ForeignKeyConstraint(
        ["spec_id", "thread_id"], ["threads.spec_id", "threads.thread_id"], ondelete="CASCADE"
    ),
    Index("idx_unanswered_mentions_thread", "spec_id", "thread_id"),
    sqlite_with_rowid=False,
)
"""Whom an open thread mentions who has not answered since, so that nobody reads messages to count it."""

deleted_thread_ids: Final = Table(
    "deleted_thread_ids",
    metadata,
    _spec_id(),
    Column("id", UuidText, nullable=False),
    Column("thread_id", UuidText, nullable=False),
    Column("changed", Integer, nullable=False),
    PrimaryKeyConstraint("spec_id", "id"),
    Index("idx_deleted_thread_ids_changed", "spec_id", "changed"),
    sqlite_with_rowid=False,
)
"""The ids of deleted threads and of their messages, which are never given again. ``id`` equals ``thread_id`` for
the thread itself."""

token_revocations: Final = Table(
    "token_revocations",
    metadata,
    Column("subject", Text, primary_key=True),
    _time("revoked_at"),
)
"""``subject`` is ``jti:<id of a token>``, or ``user:<userId>`` for all tokens issued until ``revoked_at``."""
