"""Sittings and read marks: where runs of versions begin, and up to which version each user has read."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import COMPACT_JSON, UtcTime, UuidText

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "sittings",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("first_version", sa.Integer, nullable=False),
        sa.Column("last_version", sa.Integer, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime, nullable=False),
        sa.Column("people", COMPACT_JSON, nullable=True),
        sa.Column("added", sa.Integer, nullable=True),
        sa.Column("removed", sa.Integer, nullable=True),
        sa.Column("summary", sa.Text, nullable=True),
        sa.Column("subjects", COMPACT_JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_sittings_spec_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("spec_id", "first_version", name="pk_sittings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "read_marks",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("user_id", UuidText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_read_marks_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_read_marks_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("spec_id", "user_id", name="pk_read_marks"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("read_marks")
    op.drop_table("sittings")
