"""Entries and usage: the number of changes of an entry, what a spec stores, and the keys by which it is found."""

import sqlalchemy as sa
from alembic import op

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.store.types import UuidText

revision = "0004"
down_revision = "0003"

SIZES = {
    "sqlite": (
        "CASE WHEN CAST(operations AS BLOB) = CAST('null' AS BLOB) THEN 0 "
        "ELSE length(CAST(operations AS BLOB)) END",
        "length(CAST(content AS BLOB))",
    ),
    "postgresql": (
        "CASE WHEN jsonb_typeof(operations) <> 'array' THEN 0 "
        "ELSE octet_length(operations::text) - greatest(3 * jsonb_array_length(operations) - 1, 0) END",
        "octet_length(content)",
    ),
}
"""The bytes of an operation's changes as compact JSON, and those of a text."""

COUNT = """
    UPDATE specifications SET stored_bytes =
        coalesce((SELECT sum(100 + {changes}) FROM document_operations WHERE spec_id = specifications.id), 0)
        + coalesce((SELECT sum(100 + {content}) FROM document_versions WHERE spec_id = specifications.id), 0)
"""


def upgrade() -> None:
    connection = op.get_bind()
    for column in (
        sa.Column("entry_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("stored_bytes", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("title_key", sa.Text, nullable=False, server_default=""),
        sa.Column("description_key", sa.Text, nullable=False, server_default=""),
    ):
        op.add_column("specifications", column)
    op.create_index("idx_specifications_created_by", "specifications", ["created_by"], unique=False)
    changes, content = SIZES[connection.dialect.name]
    connection.execute(sa.text(COUNT.format(changes=changes, content=content)))
    specs = sa.table(
        "specifications",
        sa.column("id", UuidText),
        sa.column("title", sa.Text),
        sa.column("description", sa.Text),
        sa.column("title_key", sa.Text),
        sa.column("description_key", sa.Text),
    )
    keys = [
        {"key": row.id, "of_title": search_key(row.title), "of_description": search_key(row.description)}
        for row in connection.execute(sa.select(specs.c.id, specs.c.title, specs.c.description))
    ]
    if keys:
        found_by = specs.update().values(
            title_key=sa.bindparam("of_title"), description_key=sa.bindparam("of_description")
        )
        connection.execute(found_by.where(specs.c.id == sa.bindparam("key")), keys)


def downgrade() -> None:
    op.drop_index("idx_specifications_created_by", "specifications")
    for column in ("description_key", "title_key", "stored_bytes", "entry_version"):
        op.drop_column("specifications", column)
