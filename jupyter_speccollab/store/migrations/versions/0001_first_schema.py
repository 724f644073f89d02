"""The first schema: users, specs, their versions, operations and sessions."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import COMPACT_JSON, HexDigest, UtcTime, UuidText

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", UuidText, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("initials", sa.Text, nullable=False),
        sa.Column("color", sa.Text, nullable=False),
        sa.Column("avatar_url", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "specifications",
        sa.Column("id", UuidText, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("epoch", UuidText, nullable=False),
        sa.Column("access_version", sa.Integer, nullable=False),
        sa.Column("created_by", UuidText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("modified_by", UuidText, nullable=False),
        sa.Column("modified_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_specifications_created_by"),
        sa.ForeignKeyConstraint(["modified_by"], ["users.id"], name="fk_specifications_modified_by"),
        sa.PrimaryKeyConstraint("id", name="pk_specifications"),
    )
    op.create_table(
        "document_operations",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("operation_id", UuidText, nullable=False),
        sa.Column("user_id", UuidText, nullable=False),
        sa.Column("session_id", UuidText, nullable=True),
        sa.Column("operations", COMPACT_JSON, nullable=False),
        sa.Column("applied_at", UtcTime, nullable=False),
        sa.Column("fingerprint", HexDigest, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_document_operations_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_document_operations_user_id"),
        sa.PrimaryKeyConstraint("spec_id", "version", name="idx_operations_spec_version"),
        sa.UniqueConstraint("spec_id", "operation_id", name="uq_document_operations_spec_id_operation_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "document_versions",
        sa.Column("id", UuidText, nullable=False),
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("created_by", UuidText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=True),
        sa.Column("changes_summary", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_document_versions_created_by"),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_document_versions_spec_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_versions"),
    )
    op.create_index("idx_document_versions_spec", "document_versions", ["spec_id", "version"], unique=True)
    op.create_table(
        "editing_sessions",
        sa.Column("id", UuidText, nullable=False),
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("user_id", UuidText, nullable=False),
        sa.Column("socket_id", sa.Text, nullable=False),
        sa.Column("cursor_position", COMPACT_JSON, nullable=True),
        sa.Column("joined_at", UtcTime, nullable=False),
        sa.Column("last_activity", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_editing_sessions_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_editing_sessions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_editing_sessions"),
        sa.UniqueConstraint("spec_id", "socket_id", name="uq_editing_sessions_spec_id_socket_id"),
    )
    op.create_index("idx_editing_sessions_spec", "editing_sessions", ["spec_id"], unique=False)


def downgrade() -> None:
    for table in ("editing_sessions", "document_operations", "document_versions", "specifications", "users"):
        op.drop_table(table)
