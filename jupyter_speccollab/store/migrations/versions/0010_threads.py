"""Threads: comments and suggestions with their messages, and who wrote the words of an accepted suggestion."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import COMPACT_JSON, HexDigest, UtcTime, UuidText

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "specifications", sa.Column("threads_version", sa.Integer, nullable=False, server_default="0")
    )
    for name in ("author_id", "thread_id"):
        op.add_column("document_operations", sa.Column(name, UuidText, nullable=True))
    op.create_table(
        "threads",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("thread_id", UuidText, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("anchor_start", sa.Integer, nullable=False),
        sa.Column("anchor_end", sa.Integer, nullable=False),
        sa.Column("anchor_version", sa.Integer, nullable=False),
        sa.Column("created_by", UuidText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("fingerprint", HexDigest, nullable=False),
        sa.Column("resolved_by", UuidText, nullable=True),
        sa.Column("resolved_at", UtcTime, nullable=True),
        sa.Column("accepted_version", sa.Integer, nullable=True),
        sa.Column("letters", sa.Text, nullable=True),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("suffix", sa.Text, nullable=False),
        sa.Column("replacement", sa.Text, nullable=True),
        sa.Column("quote", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_threads_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_threads_created_by"),
        sa.ForeignKeyConstraint(["resolved_by"], ["users.id"], name="fk_threads_resolved_by"),
        sa.PrimaryKeyConstraint("spec_id", "thread_id", name="pk_threads"),
    )
    op.create_index("idx_threads_changed", "threads", ["spec_id", "changed"], unique=True)
    op.create_index("idx_threads_state", "threads", ["spec_id", "state", "changed"], unique=False)
    op.create_index("idx_threads_anchor", "threads", ["spec_id", "anchor_version"], unique=False)
    op.create_table(
        "thread_messages",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("thread_id", UuidText, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("message_id", UuidText, nullable=False),
        sa.Column("user_id", UuidText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("fingerprint", HexDigest, nullable=False),
        sa.Column("edited_at", UtcTime, nullable=True),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("row_hash", HexDigest, nullable=False),
        sa.Column("mentions", COMPACT_JSON, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id", "thread_id"],
            ["threads.spec_id", "threads.thread_id"],
            name="fk_thread_messages_spec_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_thread_messages_user_id"),
        sa.PrimaryKeyConstraint("spec_id", "thread_id", "number", name="pk_thread_messages"),
        sa.UniqueConstraint("spec_id", "message_id", name="uq_thread_messages_spec_id_message_id"),
    )
    op.create_table(
        "unanswered_mentions",
        sa.Column("user_id", UuidText, nullable=False),
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("thread_id", UuidText, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id", "thread_id"],
            ["threads.spec_id", "threads.thread_id"],
            name="fk_unanswered_mentions_spec_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "spec_id", "thread_id", name="pk_unanswered_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "idx_unanswered_mentions_thread", "unanswered_mentions", ["spec_id", "thread_id"], unique=False
    )
    op.create_table(
        "deleted_thread_ids",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("id", UuidText, nullable=False),
        sa.Column("thread_id", UuidText, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_deleted_thread_ids_spec_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("spec_id", "id", name="pk_deleted_thread_ids"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "idx_deleted_thread_ids_changed", "deleted_thread_ids", ["spec_id", "changed"], unique=False
    )


def downgrade() -> None:
    for table in ("deleted_thread_ids", "unanswered_mentions", "thread_messages", "threads"):
        op.drop_table(table)
    for name in ("thread_id", "author_id"):
        op.drop_column("document_operations", name)
    op.drop_column("specifications", "threads_version")
