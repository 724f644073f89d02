"""Attachments: the pictures of a spec, with their bytes in parts."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import HexDigest, UtcTime, UuidText

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("attachment_id", HexDigest, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("created_by", UuidText, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_attachments_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_attachments_created_by"),
        sa.PrimaryKeyConstraint("spec_id", "attachment_id", name="pk_attachments"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attachment_parts",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("attachment_id", HexDigest, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id", "attachment_id"],
            ["attachments.spec_id", "attachments.attachment_id"],
            name="fk_attachment_parts_spec_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("spec_id", "attachment_id", "number", name="pk_attachment_parts"),
    )


def downgrade() -> None:
    op.drop_table("attachment_parts")
    op.drop_table("attachments")
