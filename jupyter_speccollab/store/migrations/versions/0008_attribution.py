"""Attribution: who inserted which letter of a snapshot, and who made which versions, and when, in pages."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import UuidText

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("document_versions", sa.Column("attribution", sa.LargeBinary, nullable=True))
    op.create_table(
        "bylines",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_bylines_spec_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("spec_id", "number", name="pk_bylines"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("bylines")
    op.drop_column("document_versions", "attribution")
