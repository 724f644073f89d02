"""A SQLite file: made private to its owner, and connected to so that a commit is durable.

Transactions are ours: the driver begins and ends none by itself (``isolation_level=None``), `transact` says
``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import URL, Connection, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from .filesystem import network_filesystem

T = TypeVar("T")

OUT_OF_REACH: Final = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Result codes that are the disk's or another process's doing, not a fault in a statement of ours."""

LONG: Final = 1_000_000
"""Bytes of a write-ahead log that may stay when nobody writes; SQLite itself lets it be at its longest for ever."""

log = logging.getLogger(__name__)


def is_out_of_reach(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether it says that the file can't be read or written now."""
    return _code(error) in OUT_OF_REACH


def is_locked(error: DBAPIError) -> bool:
    """Whether it says that another connection is in the way, which passes."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: DBAPIError | sqlite3.Error) -> int:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


class RollbackFailed(Exception):
    """The connection is of no further use; ``in_commit`` says whether COMMIT was tried."""

    def __init__(self, in_commit: bool) -> None:
        super().__init__("ROLLBACK failed")
        self.in_commit = in_commit


def transact(connection: Connection, change: Callable[[Connection], T]) -> T:
    """Run ``change`` between ``BEGIN IMMEDIATE`` and ``COMMIT``.

    Whatever is raised, in COMMIT too, the transaction was rolled back, so that nothing was written and the
    connection can be used again; raises `RollbackFailed` where even that failed.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE")
    in_commit = False
    try:
        result = change(connection)
        in_commit = True
        driver.execute("COMMIT")
    except BaseException:
        try:
            driver.rollback()  # does nothing where SQLite has rolled back by itself, as on a full disk
        except sqlite3.Error as error:
            raise RollbackFailed(in_commit) from error
        raise
    return result


class SqliteFile:
    """A database file and how to connect to it; a lock is waited for ``busy_timeout`` seconds."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        self._engine = self._make_engine()

    @property
    def dialect(self) -> Dialect:
        """How SQLAlchemy speaks to it."""
        return self._engine.dialect

    def create(self) -> None:
        """Make the directory and an empty file that only its owner may read, where they are missing."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def size(self) -> int:
        """In bytes, with its write-ahead log."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def empty_log(self, writer: Connection) -> None:
        """Bring a long write-ahead log into the file and cut it off; it stays where somebody uses it right now."""
        file = self.path.with_name(f"{self.path.name}-wal")
        if not file.exists() or file.stat().st_size <= LONG:
            return
        writer.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            writer.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * self._busy_timeout)}")

    def connect(self, *, read_only: bool = False) -> Connection:
        """A new connection, for use in any one thread at a time."""
        connection = self._engine.connect()
        if read_only:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        return connection

    def choose_journal(self, connection: Connection) -> None:
        """Write-ahead logging where the file system can do it, else a rollback journal and a warning.

        The mode is the file's: connections that come later find it.
        """
        kind = network_filesystem(self.path)
        try:
            mode = self._set_journal(connection, "DELETE" if kind else "WAL")
        except DBAPIError as error:
            if not is_out_of_reach(error) or is_locked(error):
                raise
            mode = self._set_journal(connection, "DELETE")
        if mode != "wal":
            # A rollback journal's deletion is only durable once its directory is.
            connection.exec_driver_sql("PRAGMA synchronous = EXTRA")
            log.warning(
                "The specs' database %s lies where write-ahead logging can't be had (%s): it works, but "
                "slower, and servers on several machines should use PostgreSQL instead of sharing it.",
                self.path,
                kind or mode,
            )

    def _set_journal(self, connection: Connection, mode: str) -> str:
        """Switch, or leave it where that is impossible; returns the mode that holds then."""
        deadline = time.monotonic() + self._busy_timeout
        while True:
            try:
                return str(connection.exec_driver_sql(f"PRAGMA journal_mode = {mode}").scalar_one())
            except DBAPIError as error:  # SQLite does not wait for a lock here
                if not is_locked(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    def _make_engine(self) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            connect_args={"timeout": self._busy_timeout, "check_same_thread": False},
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            hide_parameters=True,  # they hold what people write
        )
        # A group goes in by one statement of many rows: the driver lets go of Python's lock once, not once a
        # row, and under load it takes up to 5 ms to get that back.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        event.listen(engine, "connect", _prepare)
        return engine


def _prepare(driver: sqlite3.Connection, _record: object) -> None:
    driver.isolation_level = None
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute("PRAGMA synchronous = FULL")
    # As PostgreSQL has them: SQLite's own `lower` knows ASCII only.
    driver.create_function("lower", 1, str.lower, deterministic=True)
    driver.create_function("strpos", 2, lambda text, part: text.find(part) + 1, deterministic=True)
