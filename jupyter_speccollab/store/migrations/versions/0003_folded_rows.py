"""From here on a row of the log may be folded: its ``operations`` are JSON's ``null``.

No table changes. It is a revision so that older code, which can't read such a row, does not open the database.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
