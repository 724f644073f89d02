"""The migrations of the schema, and `upgrade`, which brings a database up to date at run time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, inspect, text

from jupyter_speccollab.store.base import SchemaMismatch

HEAD: Final = "0010"
"""The newest revision in ``versions/``.

Test: ``tests/store/test_migrations.py::test_the_newest_revision_is_the_one_named``.
"""

_ALEMBIC: Final = threading.Lock()
"""Held during a migration, because Alembic keeps its state in a global variable."""


def upgrade(
    connection: Connection, transact: Callable[[Connection, Callable[[Connection], None]], None]
) -> None:
    """Bring the schema to `HEAD` in one transaction; does nothing if it is there already.

    Raises `SchemaMismatch` if the database was made by a newer version of this package.
    """
    if revision_of(connection) != HEAD:
        transact(connection, _upgrade)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the schema; ``None`` for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported here because it takes 0.1 s, and only a new or an old database needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "jupyter_speccollab.store:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = revision_of(connection)
    if revision is not None and revision not in known:
        raise SchemaMismatch(
            f"The database of the specs has schema {revision}, but this version of jupyter_speccollab knows "
            f"only those up to {HEAD}: install the newer version again, or name another database."
        )
    with _ALEMBIC:
        command.upgrade(config, "head")
