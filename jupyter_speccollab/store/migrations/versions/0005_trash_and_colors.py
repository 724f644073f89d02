"""Trash, colors, notebooks: who deleted a spec and when, the color of each session, a spec's notebook."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import UtcTime, UuidText

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("specifications", sa.Column("trashed_at", UtcTime, nullable=True))
    op.add_column("specifications", sa.Column("trashed_by", UuidText, nullable=True))
    op.add_column("specifications", sa.Column("notebook", sa.Text, nullable=False, server_default=""))
    op.create_index("idx_specifications_notebook", "specifications", ["notebook"], unique=False)
    op.create_index("idx_specifications_trashed_at", "specifications", ["trashed_at"], unique=False)
    op.add_column("editing_sessions", sa.Column("color", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("editing_sessions", "color")
    op.drop_index("idx_specifications_trashed_at", "specifications")
    op.drop_index("idx_specifications_notebook", "specifications")
    for column in ("notebook", "trashed_by", "trashed_at"):
        op.drop_column("specifications", column)
