"""The store in PostgreSQL, for many servers.

It runs the same statements as SQLite, through ``AsyncConnection.run_sync``. A transaction that has begun is
finished even if its caller is cancelled. If the connection breaks before COMMIT, nothing was written, and the
transaction is tried once more on a new connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.errors import StoreUnavailable

from .base import Commit, OutcomeUnknown, SchemaMismatch
from .checks import check_group
from .migrations import HEAD, revision_of, upgrade
from .outages import Outages
from .postgres_server import is_lost, is_out_of_reach, is_refusal, make_engine, reason, trouble_of
from .sql import SqlStore
from .statements import operations as operation_rows
from .statements import postgres_commit

T = TypeVar("T")

UPGRADE: Final = "jupyter speccollab db upgrade"
UPGRADING: Final = 0x5BECC011AB
"""Key of the advisory lock that lets one upgrade at a time."""

logger = logging.getLogger(__name__)


class PostgresStore(SqlStore):
    """A store in the database at ``url`` (see `jupyter_speccollab.store.postgres_server`).

    ``connections`` is the largest number of connections of this process. ``patience`` is the number of seconds
    to wait for the server before `StoreUnavailable` is raised.
    """

    def __init__(self, url: str, *, connections: int = 10, patience: float = 10.0) -> None:
        self.outages = Outages()
        self._engine = make_engine(url, connections, patience)
        self._singly = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._exclusive = asyncio.Semaphore(max(1, connections // 2))
        """Limits the connections held by `exclusive`, because their users need other connections for reading."""
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def open(self) -> None:
        """Check that the schema is the one that this code needs. Raises `SchemaMismatch`."""
        await self._read(_check)
        await self._add_missing_keys()

    async def probe(self) -> None:
        await self._write(_write_again)

    async def upgrade(self) -> tuple[str | None, str]:
        """Bring the schema up to date; returns its revision before and after. Raises `SchemaMismatch`."""
        return await self._write(_upgrade)

    async def close(self) -> None:
        self._closed = True
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._engine.dispose()

    async def changed_elsewhere(self) -> bool:
        return True

    async def bytes_on_disk(self) -> int:
        """Return the size of the tables of the history, with their indexes and dead rows."""
        return await self._read(_history_bytes)

    @asynccontextmanager
    async def exclusive(self, spec_id: str) -> AsyncIterator[Commit]:
        async with self._exclusive:
            with self.outages.observed(is_write=True):
                connection = await self._translated(lambda: self._locked(spec_id))
            try:
                yield partial(self._commit_on, connection)
            finally:
                await _release(connection)

    async def _locked(self, spec_id: str) -> AsyncConnection:
        """Return a connection in a transaction that has locked the row of the spec."""
        connection = await self._engine.connect()
        try:
            async with _dropped_if_stuck(connection):
                await connection.begin()
                await connection.run_sync(lambda each: operation_rows.lock(each, spec_id))
        except BaseException:
            await _release(connection)
            raise
        return connection

    async def _commit_on(
        self,
        connection: AsyncConnection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        check_group(base_version, operations)
        in_commit = False

        def append(each: Connection) -> None:
            self._commit_in(each, spec_id, base_version, access_version, operations)

        async def commit() -> None:
            nonlocal in_commit
            async with _dropped_if_stuck(connection):
                await connection.run_sync(append)
                in_commit = True
                await connection.commit()

        try:
            with self.outages.observed(is_write=True):
                await self._translated(commit, commits=lambda: in_commit, may_repeat=False)
        except IntegrityError as error:
            await _roll_back(connection)
            await self._explain(spec_id, operations, error)
            raise

    async def _append(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        is_sent = False

        def append(connection: Connection) -> None:
            self._commit_in(connection, spec_id, base_version, access_version, operations)

        async def commit() -> None:
            nonlocal is_sent
            async with self._singly.connect() as connection, _dropped_if_stuck(connection):
                is_sent = True
                await connection.run_sync(append)

        with self.outages.observed(is_write=True):
            await self._shielded(self._translated(commit, commits=lambda: is_sent))

    def _commit_in(
        self,
        connection: Connection,
        spec_id: str,
        base_version: int,
        access_version: int,
        operations: Sequence[CommittedOperation],
    ) -> None:
        postgres_commit.commit(connection, spec_id, base_version, access_version, operations)

    async def _read(self, query: Callable[[Connection], T]) -> T:
        with self.outages.observed(is_write=False):
            return await self._shielded(self._translated(lambda: self._single(query)))

    async def _write(self, change: Callable[[Connection], T]) -> T:
        in_commit = False

        async def transact() -> T:
            nonlocal in_commit
            async with self._engine.connect() as connection, _dropped_if_stuck(connection):
                transaction = await connection.begin()
                result = await connection.run_sync(change)
                in_commit = True
                await transaction.commit()
                return result

        with self.outages.observed(is_write=True):
            return await self._shielded(self._translated(transact, commits=lambda: in_commit))

    async def _single(self, statements: Callable[[Connection], T]) -> T:
        """Run ``statements``, each in its own transaction."""
        async with self._singly.connect() as connection, _dropped_if_stuck(connection):
            return await connection.run_sync(statements)

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for ``work``, which is finished even if the caller is cancelled."""
        if self._closed:
            work.close()
            raise StoreUnavailable("The store of the specs is closed.")
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _translated(
        self,
        attempt: Callable[[], Coroutine[Any, Any, T]],
        commits: Callable[[], bool] = lambda: False,
        may_repeat: bool = True,
    ) -> T:
        """Await ``attempt``, and translate errors of an unavailable server into `StoreUnavailable`.

        If ``commits`` returns true and the server did not refuse the statement, the transaction may have been
        committed, so `OutcomeUnknown` is raised. Otherwise ``attempt`` is repeated once on another connection if it
        ``may_repeat``.
        """
        while True:
            try:
                return await attempt()
            except Exception as error:
                if not is_out_of_reach(error):
                    raise
                kind = OutcomeUnknown if commits() and not is_refusal(error) else StoreUnavailable
                if kind is OutcomeUnknown or not is_lost(error) or not may_repeat:
                    raise kind.by(trouble_of(error), reason(error)) from error
                may_repeat = False


@asynccontextmanager
async def _dropped_if_stuck(connection: AsyncConnection) -> AsyncIterator[None]:
    """Close the connection if it did not answer in time."""
    try:
        yield
    except TimeoutError as error:
        await connection.invalidate(error)
        raise


async def _roll_back(connection: AsyncConnection) -> None:
    """Roll back; if the connection is closed, the server has rolled back already."""
    try:
        await connection.rollback()
    except Exception as error:
        if not is_out_of_reach(error):
            raise
        await connection.invalidate(error)


async def _release(connection: AsyncConnection) -> None:
    """Roll back what was not committed, and return the connection to the pool."""
    try:
        await _roll_back(connection)
    finally:
        await connection.close()


def _check(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise SchemaMismatch(
            f"The database of the specs has the encoding {encoding}, which can't store every text. "
            "Create one with ENCODING 'UTF8'."
        )
    if connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "off":
        logger.warning("synchronous_commit is off: a crash of PostgreSQL may lose acknowledged operations")
    revision = revision_of(connection)
    if revision is None:
        raise SchemaMismatch(
            f"The database of the specs has no tables yet: run `{UPGRADE}`, then start again."
        )
    if revision < HEAD:
        raise SchemaMismatch(
            f"The database of the specs has schema {revision}, and this version needs {HEAD}: "
            f"run `{UPGRADE}`, then start again."
        )
    if revision > HEAD:
        raise SchemaMismatch(
            f"The database of the specs has schema {revision}, newer than this version knows ({HEAD}): "
            "install the newer version of jupyter_speccollab."
        )


def _write_again(connection: Connection) -> None:
    """Write the one row of this table again, as it is."""
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def _history_bytes(connection: Connection) -> int:
    tables = ("document_operations", "document_versions")
    statement = "SELECT " + " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
    return int(connection.exec_driver_sql(statement).scalar_one())


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
    before = revision_of(connection)
    upgrade(connection, lambda connection, change: change(connection))
    return before, HEAD
