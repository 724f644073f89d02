"""What is wrong with a database is found out by the store, from the errors of the real thing."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.store.base import OutcomeUnknown
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.store.sqlite_file import SqliteFile
from jupyter_speccollab.text import Operation
from tests.backends.postgres import PostgresServer
from tests.backends.small_disk import NotMounted, fill, mounted
from tests.store.values import ADA, SPEC, a_snapshot, a_spec, an_operation, some_operations

LONG = an_operation(1, operation=Operation.of("".join(map(chr, range(0x4E00, 0x9F00))) * 10))


async def prepared(store: SqliteStore | PostgresStore) -> None:
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())


async def refusal_of_a_commit(store: SqliteStore | PostgresStore) -> StoreUnavailable:
    """The error of a commit that has to fail, and of which it is known that nothing was written."""
    heard: list[tuple[StoreUnavailable, bool]] = []
    store.outages.listen(lambda error, is_write: heard.append((error, is_write)))
    with pytest.raises(StoreUnavailable) as caught:
        await store.commit(SPEC, 0, 1, [LONG])
    assert not isinstance(caught.value, OutcomeUnknown)
    assert heard == [(caught.value, True)]
    assert caught.value.trouble is not None
    assert caught.value.message == caught.value.trouble.sentence
    return caught.value


# SQLite ---------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "specs.db"


@pytest.fixture
def sqlite(path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[SqliteStore]:
    store = SqliteStore(path, busy_timeout=0.2)
    jp_asyncio_loop.run_until_complete(prepared(store))
    yield store
    jp_asyncio_loop.run_until_complete(store.close())


async def test_a_locked_file(sqlite: SqliteStore, path: Path) -> None:
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    assert (await refusal_of_a_commit(sqlite)).trouble is StoreTrouble.LOCKED
    with pytest.raises(StoreUnavailable):
        await sqlite.probe()
    blocker.execute("ROLLBACK")
    await sqlite.probe()
    blocker.close()


async def test_writes_that_queue_for_a_locked_file_fail_together(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that has spent its time in the queue does not wait for the lock once more."""
    granted: list[float] = []
    wait_for_locks = SqliteFile.wait_for_locks

    def record(file: SqliteFile, writer: Connection, seconds: float | None = None) -> None:
        if seconds is not None:
            granted.append(seconds)
        wait_for_locks(file, writer, seconds)

    monkeypatch.setattr(SqliteFile, "wait_for_locks", record)
    store = SqliteStore(path, busy_timeout=0.5)
    await prepared(store)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    outcomes = await asyncio.gather(*(store.probe() for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StoreUnavailable}
    assert granted == [0.0] * 19
    blocker.execute("ROLLBACK")
    blocker.close()
    await store.probe()
    await store.close()


async def test_a_full_file(sqlite: SqliteStore) -> None:
    await sqlite._write(lambda writer: writer.exec_driver_sql("PRAGMA max_page_count = 1").scalar())
    error = await refusal_of_a_commit(sqlite)
    assert (error.trouble, error.detail) == (StoreTrouble.DISK_FULL, "database or disk is full")


async def test_a_file_that_can_not_be_written(sqlite: SqliteStore) -> None:
    await sqlite._write(lambda writer: writer.exec_driver_sql("PRAGMA query_only = ON"))
    assert (await refusal_of_a_commit(sqlite)).trouble is StoreTrouble.READ_ONLY


async def test_a_disk_without_space_for_a_new_file(small_disk: Path) -> None:
    fill(small_disk)
    store = SqliteStore(small_disk / "specs.db")
    with pytest.raises(StoreUnavailable) as caught:
        await store.open()
    assert caught.value.trouble is StoreTrouble.DISK_FULL
    await store.close()


async def test_no_database(tmp_path: Path) -> None:
    (tmp_path / "specs.db").write_bytes(b"This is no database, but long enough to look like one. " * 100)
    store = SqliteStore(tmp_path / "specs.db")
    with pytest.raises(StoreUnavailable) as caught:
        await store.open()
    assert caught.value.trouble is StoreTrouble.DAMAGED
    await store.close()


async def test_no_message_names_a_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SqliteStore(tmp_path / "file" / "specs.db")
    with pytest.raises(StoreUnavailable) as caught:
        await store.open()
    assert caught.value.trouble is StoreTrouble.AWAY
    assert str(tmp_path) not in f"{caught.value}{caught.value.details}"
    await store.close()


# PostgreSQL -----------------------------------------------------------------------------------------------


@pytest.fixture
def postgres(postgres_url: str, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres_url, patience=2.0)
    jp_asyncio_loop.run_until_complete(prepared(store))
    yield store
    jp_asyncio_loop.run_until_complete(store.close())


async def run(server: PostgresServer, statement: str, database: str = "postgres") -> None:
    await asyncio.to_thread(server.sql, statement, database)


async def test_a_server_that_only_reads(
    postgres: PostgresStore, postgres_server: PostgresServer, postgres_url: str
) -> None:
    database = postgres_url.rpartition("/")[2]
    await run(postgres_server, f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await postgres._engine.dispose()  # the setting holds for new connections
    assert (await refusal_of_a_commit(postgres)).trouble is StoreTrouble.READ_ONLY
    with pytest.raises(StoreUnavailable):
        await postgres.probe()
    assert (await postgres.spec(SPEC)).version == 0


async def test_too_many_connections(postgres_server: PostgresServer, postgres_url: str) -> None:
    await run(postgres_server, "CREATE ROLE one_too_many LOGIN CONNECTION LIMIT 0")
    store = PostgresStore(postgres_url.replace("postgres@", "one_too_many@"))
    error = await refusal_of_a_commit(store)
    assert error.trouble is StoreTrouble.TOO_MANY_CONNECTIONS
    assert "one_too_many" not in error.message
    await store.close()


async def test_a_row_that_another_program_locks(
    postgres: PostgresStore, postgres_server: PostgresServer, postgres_url: str
) -> None:
    other = PostgresStore(postgres_url)
    async with other.exclusive(SPEC):
        assert (await refusal_of_a_commit(postgres)).trouble is StoreTrouble.LOCKED
    await postgres.commit(SPEC, 0, 1, some_operations(1, 1))
    await other.close()


async def test_the_disk_of_the_server_is_full(
    postgres: PostgresStore, postgres_server: PostgresServer, postgres_url: str
) -> None:
    database = postgres_url.rpartition("/")[2]
    directory = Path(tempfile.mkdtemp(prefix="speccollab-small-"))
    try:
        with mounted(directory):
            if postgres_server.user:
                shutil.chown(directory, postgres_server.user)
            await run(postgres_server, f"CREATE TABLESPACE small LOCATION '{directory}'")
            await run(postgres_server, "ALTER TABLE document_operations SET TABLESPACE small", database)
            ballast = fill(directory)
            error = await refusal_of_a_commit(postgres)
            assert error.trouble is StoreTrouble.DISK_FULL
            assert str(directory) not in error.message
            os.remove(ballast)
            await postgres.commit(SPEC, 0, 1, some_operations(1, 1))
            await run(postgres_server, "ALTER TABLE document_operations SET TABLESPACE pg_default", database)
            await run(postgres_server, "DROP TABLESPACE small")
    except NotMounted as error:
        pytest.skip(str(error))
    finally:
        directory.rmdir()  # noqa: ASYNC240
