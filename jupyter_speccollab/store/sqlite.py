"""The store in a SQLite file, for one person's server, a shared lab server, or a few servers on one file.

Transactions run in threads, so that the event loop never waits for the disk: one thread has the connection that
writes, a few others have connections that only read. A whole transaction is one call in a thread
(``docs/adr/0003-one-hop-per-transaction.md``). What people type goes before other writes, such as those of new
specs, and a further thread copies the write-ahead log into the file.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable

from .base import Commit, OutcomeUnknown
from .checkpoints import Checkpoints
from .migrations import upgrade
from .outages import Outages
from .sql import SqlStore
from .sqlite_file import RollbackFailed, SqliteFile, detail_of, is_out_of_reach, transact, trouble_of
from .sqlite_search import prepare_search
from .statements.sqlite_commit import SqliteCommit
from .write_thread import WriteThread

T = TypeVar("T")

QUEUED: Final = 0.1
"""Seconds in the queue of the writing thread from which on they count as waiting for a lock."""

CHECKPOINT_TRIES: Final = 10
CHECKPOINT_PAUSE: Final = 0.05
"""Seconds between two tries to empty the write-ahead log after the file was made smaller."""

QUIET: Final = 2.0
"""Seconds without a write after which a long write-ahead log is emptied."""


class SqliteStore(SqlStore):
    """A store in the file at ``path``. The file and its directory are created if they do not exist.

    ``busy_timeout`` is the number of seconds to wait for a transaction of another process before
    `StoreUnavailable` is raised. ``readers`` is the number of reads that can run at the same time.

    A call that is cancelled before its transaction begins does nothing; afterwards it is carried out.
    """

    def __init__(self, path: str | Path, *, busy_timeout: float = 5.0, readers: int = 2) -> None:
        self.outages = Outages()
        self._file = SqliteFile(Path(path), busy_timeout)
        self._commit = SqliteCommit(self._file.dialect)
        self._write_thread = WriteThread("speccollab-write")
        self._checkpoints = Checkpoints(self._file.connect)
        self._read_threads = ThreadPoolExecutor(readers, "speccollab-read")
        self._writer: Connection | None = None
        self._readers: SimpleQueue[Connection] = SimpleQueue()
        self._reader_count = readers
        self._written_at = 0.0
        self._data_version = 0
        """The value of the last `changed_elsewhere`; 0, which SQLite never returns, on a new connection."""

    async def open(self) -> None:
        with self.outages.observed(is_write=False):
            await self._in(self._write_thread.submit, self._open)
        await self._add_missing_keys()

    async def probe(self) -> None:
        await self._write(_write_again)

    @property
    def exists(self) -> bool:
        """Whether the file exists; does not create it."""
        return self._file.path.exists()

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    @asynccontextmanager
    async def exclusive(self, spec_id: str) -> AsyncIterator[Commit]:
        await self.spec(spec_id)
        yield self.commit

    async def changed_elsewhere(self) -> bool:
        with self.outages.observed(is_write=False):
            return await self._in(self._write_thread.submit, self._look_for_changes)

    async def _append(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        def append(connection: Connection) -> None:
            self._commit_in(connection, spec_id, base_version, access_version, operations)

        await self._write(append, is_urgent=True)

    def _commit_in(
        self,
        connection: Connection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        try:
            self._commit(connection, spec_id, base_version, access_version, operations)
        except sqlite3.IntegrityError as error:
            raise IntegrityError("the commit", None, error) from error

    async def bytes_on_disk(self) -> int:
        """Return the size of the file, with its write-ahead log."""
        return await asyncio.to_thread(self._file.size)

    async def vacuum(self) -> bool:
        """Remove the free space from the file (VACUUM), if there is any.

        Writers wait for it, and the disk needs room for a second copy. Other processes may have the file open.
        Returns whether the file is smaller already; it is not while another process reads from it. Raises
        `StoreUnavailable`, with the file unchanged, if another process writes for longer than the busy timeout.
        """
        return await self._in(self._write_thread.submit, self._vacuum)

    async def _read(self, query: Callable[[Connection], T]) -> T:
        with self.outages.observed(is_write=False):
            return await self._in(self._read_threads.submit, lambda: self._run_read(query))

    async def _write(self, change: Callable[[Connection], T], *, is_urgent: bool = False) -> T:
        called = time.monotonic()
        submit = self._write_thread.submit_urgent if is_urgent else self._write_thread.submit
        with self.outages.observed(is_write=True):
            return await self._in(submit, lambda: self._run_write(change, called))

    async def _in(self, submit: Callable[[Callable[[], T]], Future[T]], work: Callable[[], T]) -> T:
        """Run ``work`` in the thread of ``submit``."""
        try:
            future = submit(work)
        except RuntimeError as error:  # after shutdown
            raise StoreUnavailable("The store of the specs is closed.") from error
        return await asyncio.wrap_future(future)

    # The methods below run in the threads.

    def _open(self) -> None:
        with self._translated():
            self._file.create()
            writer = self._connect_writer()
            self._file.choose_journal(writer)
            upgrade(writer, transact)
            prepare_search(writer)
            for _ in range(self._reader_count):
                self._readers.put(self._file.connect(read_only=True))
            self._data_version = _data_version(writer)

    def _close(self) -> None:
        self._read_threads.shutdown()
        self._write_thread.shutdown()
        self._checkpoints.close()
        while not self._readers.empty():
            self._readers.get().close()
        if self._writer:
            self._writer.close()
            self._writer = None

    def _connect_writer(self) -> Connection:
        if self._writer is None:
            self._writer = self._file.connect()
            self._checkpoints.take_over(self._writer)
            self._data_version = 0
        return self._writer

    def _run_read(self, query: Callable[[Connection], T]) -> T:
        with self._translated():
            connection = self._readers.get()
            try:
                return query(connection)
            finally:
                self._readers.put(connection)

    def _run_write(self, change: Callable[[Connection], T], called: float) -> T:
        """Run ``change`` in a transaction. Time spent in the queue counts as time spent waiting for a lock.

        So all writes of a time during which another program holds the lock fail at the same time, and not one
        after the other.
        """
        self._written_at = time.monotonic()
        waited = self._written_at - called
        with self._translated():
            writer = self._connect_writer()
            if waited > QUEUED:
                self._file.wait_for_locks(writer, max(0.0, self._file.busy_timeout - waited))
            try:
                result = transact(writer, change)
                self._checkpoints.written()
                return result
            except RollbackFailed as error:
                self._drop_writer()
                lost = OutcomeUnknown if error.in_commit else StoreUnavailable
                raise lost.by(StoreTrouble.AWAY, "ROLLBACK failed") from error
            finally:
                if waited > QUEUED and self._writer is not None:
                    self._file.wait_for_locks(self._writer)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate errors of an unavailable file into `StoreUnavailable`."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError) as error:
            if not isinstance(error, OSError) and not is_out_of_reach(error):
                raise
            trouble = trouble_of(error, self._file.path)
            raise StoreUnavailable.by(trouble, detail_of(error)) from error

    def _vacuum(self) -> bool:
        with self._translated():
            writer = self._connect_writer()
            if writer.exec_driver_sql("PRAGMA freelist_count").scalar():
                writer.exec_driver_sql("VACUUM")
            for _ in range(CHECKPOINT_TRIES):
                is_busy = writer.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                if not is_busy:
                    return True
                time.sleep(CHECKPOINT_PAUSE)  # another process may be making one
            return False

    def _drop_writer(self) -> None:
        if self._writer:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None

    def _look_for_changes(self) -> bool:
        with self._translated():
            writer = self._connect_writer()
            now = _data_version(writer)
            changed = now != self._data_version
            self._data_version = now
            if time.monotonic() - self._written_at > QUIET:
                self._file.empty_log(writer)
            return changed


def _data_version(writer: Connection) -> int:
    """Return a number that changes with each commit of another connection, and never with a commit of this one."""
    return int(writer.exec_driver_sql("PRAGMA data_version").scalar_one())


def _write_again(writer: Connection) -> None:
    """Write the first page of the file again, as it is."""
    number = writer.exec_driver_sql("PRAGMA user_version").scalar_one()
    writer.exec_driver_sql(f"PRAGMA user_version = {int(number)}")
