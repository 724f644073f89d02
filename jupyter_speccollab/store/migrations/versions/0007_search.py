"""Search: the texts of specs in passages, which version of each is searched, and keys in which words begin."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from jupyter_speccollab.document.words import key_of
from jupyter_speccollab.store.types import HexDigest, UuidText

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "specifications", sa.Column("searched_version", sa.Integer, nullable=False, server_default="-1")
    )
    op.create_table(
        "search_passages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("spec_id", UuidText, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("digest", HexDigest, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["spec_id"], ["specifications.id"], name="fk_search_passages_spec_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_passages"),
    )
    op.create_index("idx_search_passages_spec", "search_passages", ["spec_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "idx_search_passages_words", "search_passages", ["words"], unique=False, postgresql_using="gin"
        )
    connection = op.get_bind()
    specs = sa.table(
        "specifications",
        sa.column("id", UuidText),
        *(sa.column(name, sa.Text) for name in ("title", "description", "title_key", "description_key")),
    )
    keys = [
        {"key": row.id, "of_title": key_of(row.title), "of_description": key_of(row.description)}
        for row in connection.execute(sa.select(specs.c.id, specs.c.title, specs.c.description))
    ]
    if keys:
        found_by = specs.update().values(
            title_key=sa.bindparam("of_title"), description_key=sa.bindparam("of_description")
        )
        connection.execute(found_by.where(specs.c.id == sa.bindparam("key")), keys)


def downgrade() -> None:
    for thing in ("TRIGGER IF EXISTS search_passages_added", "TRIGGER IF EXISTS search_passages_removed"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP {thing}")
    op.drop_table("search_passages")
    op.drop_column("specifications", "searched_version")
