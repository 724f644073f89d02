"""Folded rows: from this revision on, ``operations`` of a row may be JSON's ``null``.

No table changes. The revision keeps older code, which can't read such a row, from opening the database.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
