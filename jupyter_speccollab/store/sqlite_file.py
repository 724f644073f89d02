"""A SQLite file that only its owner may read, with connections whose commits are durable.

The driver does not begin or end transactions (``isolation_level=None``); `transact` does.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import URL, Connection, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from jupyter_speccollab.errors import StoreTrouble

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
"""Result codes that mean a problem of the disk or another process, not a fault in a statement."""

_TROUBLE_BY_CODE: Final = {
    sqlite3.SQLITE_BUSY: StoreTrouble.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreTrouble.LOCKED,
    sqlite3.SQLITE_PROTOCOL: StoreTrouble.LOCKED,
    sqlite3.SQLITE_FULL: StoreTrouble.DISK_FULL,
    sqlite3.SQLITE_IOERR: StoreTrouble.DISK_ERROR,
    sqlite3.SQLITE_READONLY: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreTrouble.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: StoreTrouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreTrouble.DAMAGED,
}

_TROUBLE_BY_ERRNO: Final = {
    errno.ENOSPC: StoreTrouble.DISK_FULL,
    errno.EDQUOT: StoreTrouble.DISK_FULL,
    errno.EROFS: StoreTrouble.READ_ONLY,
    errno.EIO: StoreTrouble.DISK_ERROR,
}

LONG: Final = 1_000_000
"""Bytes above which the write-ahead log is emptied when nobody writes; SQLite itself never makes it shorter."""

log = logging.getLogger(__name__)


def is_out_of_reach(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether the error means that the file can't be read or written now."""
    return _code(error) in OUT_OF_REACH


def is_locked(error: DBAPIError) -> bool:
    """Whether the error means that another connection holds a lock."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def trouble_of(error: DBAPIError | sqlite3.Error | OSError, path: Path) -> StoreTrouble:
    """What is wrong with the file at ``path``, for an error that means that it can't be read or written now."""
    if isinstance(error, OSError):
        trouble = _TROUBLE_BY_ERRNO.get(error.errno or 0, StoreTrouble.AWAY)
    else:
        trouble = _TROUBLE_BY_CODE.get(_code(error), StoreTrouble.AWAY)
    if trouble is StoreTrouble.DISK_ERROR and not _free_bytes(path):
        return StoreTrouble.DISK_FULL  # SQLite reports some writes to a full disk as a fault of the disk
    return trouble


def detail_of(error: DBAPIError | sqlite3.Error | OSError) -> str:
    """What SQLite or the operating system said, for the log."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return 1  # unknown


def _code(error: DBAPIError | sqlite3.Error) -> int:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


class RollbackFailed(Exception):
    """The connection can't be used any more; ``in_commit`` says whether COMMIT was executed."""

    def __init__(self, in_commit: bool) -> None:
        super().__init__("ROLLBACK failed")
        self.in_commit = in_commit


def transact(connection: Connection, change: Callable[[Connection], T]) -> T:
    """Run ``change`` between ``BEGIN IMMEDIATE`` and ``COMMIT``.

    If anything raises, also COMMIT, the transaction is rolled back: nothing is written, and the connection can be
    used again. Raises `RollbackFailed` if the rollback fails.
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
            driver.rollback()  # does nothing if SQLite has rolled back by itself, as on a full disk
        except sqlite3.Error as error:
            raise RollbackFailed(in_commit) from error
        raise
    return result


class SqliteFile:
    """A database file and its connections, which wait ``busy_timeout`` seconds for a lock."""

    def __init__(self, path: Path, busy_timeout: float) -> None:
        self.path = path
        self.busy_timeout = busy_timeout
        self._engine = self._make_engine()

    @property
    def dialect(self) -> Dialect:
        """The dialect of SQLAlchemy for this file."""
        return self._engine.dialect

    def create(self) -> None:
        """Create the directory and an empty file that only its owner may read, if they do not exist."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def size(self) -> int:
        """Return the size in bytes, with the write-ahead log."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def wait_for_locks(self, writer: Connection, seconds: float | None = None) -> None:
        """Let the connection wait this long for a lock from now on; without ``seconds``, as long as the others."""
        limit = self.busy_timeout if seconds is None else seconds
        writer.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * limit)}")

    def empty_log(self, writer: Connection) -> None:
        """Copy a long write-ahead log into the file and truncate it, unless another connection is using it."""
        file = self.path.with_name(f"{self.path.name}-wal")
        if not file.exists() or file.stat().st_size <= LONG:
            return
        self.wait_for_locks(writer, 0)
        try:
            writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        finally:
            self.wait_for_locks(writer)

    def connect(self, *, read_only: bool = False) -> Connection:
        """Return a new connection, which any thread may use, but only one at a time."""
        connection = self._engine.connect()
        if read_only:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        return connection

    def choose_journal(self, connection: Connection) -> None:
        """Switch to write-ahead logging if the file system allows it; otherwise warn and use a rollback journal.

        The mode is stored in the file, so later connections have it too.
        """
        kind = network_filesystem(self.path)
        try:
            mode = self._set_journal(connection, "DELETE" if kind else "WAL")
        except DBAPIError as error:
            if not is_out_of_reach(error) or is_locked(error):
                raise
            mode = self._set_journal(connection, "DELETE")
        if mode != "wal":
            # The deletion of a rollback journal is durable only when the directory is synced.
            connection.exec_driver_sql("PRAGMA synchronous = EXTRA")
            log.warning(
                "The file system of the specs' database %s does not support write-ahead logging (%s): the database "
                "is slower. Servers on several machines should use PostgreSQL instead of sharing the file.",
                self.path,
                kind or mode,
            )

    def _set_journal(self, connection: Connection, mode: str) -> str:
        """Set the journal mode if that is possible; returns the mode that the file has now."""
        deadline = time.monotonic() + self.busy_timeout
        while True:
            try:
                return str(connection.exec_driver_sql(f"PRAGMA journal_mode = {mode}").scalar_one())
            except DBAPIError as error:  # SQLite does not wait for a lock in this statement
                if not is_locked(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    def _make_engine(self) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            connect_args={"timeout": self.busy_timeout, "check_same_thread": False},
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            hide_parameters=True,  # they contain the texts of users
        )
        # Many rows go into one statement, because the driver releases Python's interpreter lock at each statement,
        # and under load it takes up to 5 ms to acquire it again.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        event.listen(engine, "connect", _prepare)
        return engine


def _prepare(driver: sqlite3.Connection, _record: object) -> None:
    driver.isolation_level = None
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute("PRAGMA synchronous = FULL")
    # The same functions as in PostgreSQL; the built-in `lower` of SQLite handles ASCII only.
    driver.create_function("lower", 1, str.lower, deterministic=True)
    driver.create_function("strpos", 2, lambda text, part: text.find(part) + 1, deterministic=True)
