"""Choosing the store that a configuration names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from .sqlite import SqliteStore

if TYPE_CHECKING:
    from .postgres import PostgresStore

POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+asyncpg://")


class NoSuchStore(Exception):
    """The configured store can't be used. The message says what to do, and never contains the address."""


def store_of(database_url: str, database_path: str, connections: int) -> SqliteStore | PostgresStore:
    """Return PostgreSQL if there is a ``database_url``, otherwise the SQLite file at ``database_path``.

    Raises `NoSuchStore`.
    """
    if not database_url:
        return SqliteStore(Path(database_path).expanduser())
    if not database_url.startswith(POSTGRES):
        raise NoSuchStore("SpecCollabApp.database_url must begin with postgresql://")
    try:
        from .postgres import PostgresStore  # noqa: PLC0415
    except ImportError as error:
        raise NoSuchStore(
            f"PostgreSQL needs the package {error.name or 'greenlet'}: pip install 'jupyter_speccollab[postgres]'"
        ) from None
    return PostgresStore(database_url, connections=connections)
