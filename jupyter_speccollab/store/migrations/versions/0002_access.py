"""Access: collaborators and revoked tokens. The creator of each spec becomes its owner."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.store.types import UtcTime, UuidText

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    collaborators = op.create_table(
        "collaborators",
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("principal", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("granted_by", UuidText, nullable=False),
        sa.Column("granted_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_collaborators_spec_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["granted_by"], ["users.id"], name="fk_collaborators_granted_by"),
        sa.PrimaryKeyConstraint("spec_id", "principal", name="pk_collaborators"),
        sqlite_with_rowid=False,
    )
    op.create_index("idx_collaborators_principal", "collaborators", ["principal"], unique=False)
    op.create_table(
        "token_revocations",
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("revoked_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_token_revocations"),
    )
    specs = sa.table(
        "specifications",
        sa.column("id", UuidText),
        sa.column("created_by", UuidText),
        sa.column("created_at", UtcTime),
    )
    owners = [
        {
            "spec_id": spec.id,
            "principal": spec.created_by,
            "role": "owner",
            "granted_by": spec.created_by,
            "granted_at": spec.created_at,
        }
        for spec in op.get_bind().execute(sa.select(specs))
    ]
    op.bulk_insert(collaborators, owners)


def downgrade() -> None:
    op.drop_table("token_revocations")
    op.drop_table("collaborators")
