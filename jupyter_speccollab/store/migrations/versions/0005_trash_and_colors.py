"""Trash and colors: when and by whom a spec was deleted, and the color of the user of each session."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import UtcTime, UuidText

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("specifications", sa.Column("trashed_at", UtcTime, nullable=True))
    op.add_column("specifications", sa.Column("trashed_by", UuidText, nullable=True))
    op.create_index("idx_specifications_trashed_at", "specifications", ["trashed_at"], unique=False)
    op.add_column("editing_sessions", sa.Column("color", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("editing_sessions", "color")
    op.drop_index("idx_specifications_trashed_at", "specifications")
    for column in ("trashed_by", "trashed_at"):
        op.drop_column("specifications", column)
