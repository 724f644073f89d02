"""The schema's history, and `upgrade`, which brings a database up to date at run time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, inspect, text

from jupyter_speccollab.store.base import SchemaMismatch

HEAD: Final = "0003"
"""The newest revision in ``versions/``; a test holds the two together."""

_ALEMBIC: Final = threading.Lock()
"""Alembic keeps the migration under way in a global of its module."""


def upgrade(
    connection: Connection, transact: Callable[[Connection, Callable[[Connection], None]], None]
) -> None:
    """Bring the schema to `HEAD` in one transaction; does nothing where it stands there.

    Raises `SchemaMismatch` where the database comes from a newer version of this package.
    """
    if revision_of(connection) != HEAD:
        transact(connection, _upgrade)


def revision_of(connection: Connection) -> str | None:
    """The revision at which the database stands; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    # Imported here: that takes a tenth of a second, and only a new or an old file needs it.
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
