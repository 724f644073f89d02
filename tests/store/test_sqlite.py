"""What only a file has: its permissions, its journal, a full disk, other processes."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store import checkpoints, sqlite, sqlite_file
from jupyter_speccollab.store.base import OutcomeUnknown, VersionTaken
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.store.sqlite_file import RollbackFailed, SqliteFile, transact
from jupyter_speccollab.text import Operation
from tests.store.values import ADA, BOB, SPEC, a_snapshot, a_spec, an_operation, some_operations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "specs.db"


async def prepared(path: Path, **options: Any) -> SqliteStore:
    store = SqliteStore(path, **options)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    return store


@pytest.fixture
def store(path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[SqliteStore]:
    store = jp_asyncio_loop.run_until_complete(prepared(path, busy_timeout=0.2))
    yield store
    jp_asyncio_loop.run_until_complete(store.close())


async def pragma(store: SqliteStore, name: str) -> Any:
    return await store._write(lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar())


async def test_only_the_owner_may_read_the_file(store: SqliteStore, path: Path) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 1))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_a_commit_is_synced_to_a_write_ahead_log(store: SqliteStore) -> None:
    assert await pragma(store, "journal_mode") == "wal"
    assert await pragma(store, "synchronous") == 2
    assert await pragma(store, "foreign_keys") == 1


async def test_everything_is_there_after_closing(store: SqliteStore, path: Path) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.close()
    again = SqliteStore(path)
    await again.open()
    assert len(await again.operations(SPEC, 0)) == 3
    assert not await again.changed_elsewhere()
    await again.close()


async def test_a_closed_store_is_unavailable(store: SqliteStore) -> None:
    await store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.spec(SPEC)
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.commit(SPEC, 0, 1, some_operations(1, 1))
    await store.close()


@pytest.mark.parametrize("what", ["a directory", "no database", "below a file"])
async def test_a_file_that_can_not_be_opened_is_unavailable(tmp_path: Path, what: str) -> None:
    path = tmp_path / "specs.db"
    match what:
        case "a directory":
            path.mkdir()
        case "no database":
            path.write_bytes(b"This is no database, but it is long enough to look like one." * 100)
        case "below a file":
            path.write_bytes(b"")
            path = path / "specs.db"
    store = SqliteStore(path, busy_timeout=0.1)
    with pytest.raises(StoreUnavailable):
        await store.open()
    await store.close()


async def test_without_write_ahead_logging_it_works_and_warns(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        patch("jupyter_speccollab.store.sqlite_file.network_filesystem", return_value="nfs4"),
        caplog.at_level(logging.WARNING),
    ):
        store = await prepared(path)
    assert "nfs4" in caplog.text
    assert await pragma(store, "journal_mode") == "delete"
    other = SqliteStore(path)
    with patch("jupyter_speccollab.store.sqlite_file.network_filesystem", return_value="nfs4"):
        await other.open()
    for version, server in enumerate([store, other] * 5):
        await server.commit(SPEC, version, 1, some_operations(version + 1, 1))
    assert await store.changed_elsewhere()
    await store.close()
    await other.close()


async def test_where_write_ahead_logging_fails_it_falls_back(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Some file systems have no shared memory, which SQLite reports as an I/O error."""
    set_journal = SqliteFile._set_journal

    def no_wal(file: SqliteFile, connection: Connection, mode: str) -> str:
        if mode == "WAL":
            cause = sqlite3.OperationalError("disk I/O error")
            cause.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMMAP
            raise OperationalError("PRAGMA", {}, cause)
        return set_journal(file, connection, mode)

    with patch.object(SqliteFile, "_set_journal", no_wal), caplog.at_level(logging.WARNING):
        store = await prepared(path)
    assert "does not support write-ahead logging (delete)" in caplog.text
    await store.commit(SPEC, 0, 1, some_operations(1, 1))
    await store.close()


async def test_a_long_log_is_emptied_when_nobody_writes(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, long = path.with_name(f"{path.name}-wal"), Operation.of("x" * 50_000)
    for version in range(40):
        await store.commit(SPEC, version, 1, [an_operation(version + 1, operation=long)])
    assert log.stat().st_size > sqlite_file.LONG
    assert not await store.changed_elsewhere()
    assert log.stat().st_size > sqlite_file.LONG  # there was a write just now
    monkeypatch.setattr(sqlite, "QUIET", -1)
    with sqlite3.connect(path) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM users").fetchall()
        assert not await store.changed_elsewhere()  # and does not wait for the reader
    reader.close()
    assert not await store.changed_elsewhere()
    assert log.stat().st_size == 0
    assert len(await store.operations(SPEC, after=0)) == 40
    await store.commit(SPEC, 40, 1, some_operations(41, 1))
    assert not await store.changed_elsewhere()


def size_of(path: Path) -> int:
    return path.stat().st_size


async def test_what_is_committed_comes_into_the_file_outside_of_the_commit(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit of 5 MB makes no checkpoint; the thread for that does, while others write."""
    long = Operation.of("x" * 5_000_000)
    monkeypatch.setattr(checkpoints, "EVERY", 1e9)
    await store.commit(SPEC, 0, 1, [an_operation(1, operation=long)])
    await store.commit(SPEC, 1, 1, some_operations(2, 1))
    assert size_of(path) < 1_000_000
    monkeypatch.setattr(checkpoints, "EVERY", 0)
    await store.commit(SPEC, 2, 1, some_operations(3, 1))
    assert store._checkpoints._last is not None
    await asyncio.wrap_future(store._checkpoints._last)
    assert size_of(path) > 5_000_000
    assert len(await store.operations(SPEC, after=0)) == 3


async def test_a_checkpoint_that_fails_loses_nothing(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 0)
    monkeypatch.setattr(store._checkpoints, "_connect", Mock(side_effect=OSError))
    for version in range(3):
        await store.commit(SPEC, version, 1, some_operations(version + 1, 1))
    await store.close()
    again = SqliteStore(path)
    await again.open()
    assert (await again.spec(SPEC)).version == 3
    await again.close()


async def test_only_commits_of_other_connections_count_as_changes(store: SqliteStore, path: Path) -> None:
    assert not await store.changed_elsewhere()
    await store.commit(SPEC, 0, 1, some_operations(1, 1))
    await store.spec(SPEC)
    assert not await store.changed_elsewhere()
    other = SqliteStore(path)
    await other.open()
    await other.spec(SPEC)
    assert not await store.changed_elsewhere()
    await other.commit(SPEC, 1, 1, some_operations(2, 1))
    await other.save_user(BOB)
    assert not await other.changed_elsewhere()
    assert await store.changed_elsewhere()
    assert not await store.changed_elsewhere()
    await other.commit(SPEC, 2, 1, some_operations(3, 1))
    await store.commit(SPEC, 3, 1, some_operations(4, 1))
    assert await store.changed_elsewhere()  # own commits do not hide those of others
    assert await other.changed_elsewhere()
    await other.close()


async def test_a_full_disk_writes_nothing_until_there_is_space(store: SqliteStore) -> None:
    pages = await pragma(store, "page_count")
    await pragma(store, f"max_page_count = {pages + 2}")
    long = an_operation(1, operation=Operation.of("x" * 100_000))
    for _ in range(3):
        with pytest.raises(StoreUnavailable) as caught:
            await store.commit(SPEC, 0, 1, [long])
        assert not isinstance(caught.value, OutcomeUnknown)
        assert (await store.spec(SPEC)).version == 0
        assert not await store.operations(SPEC, 0)
    await store.commit(SPEC, 0, 1, some_operations(1, 1))  # a small commit still fits
    await pragma(store, "max_page_count = 100000")
    await store.commit(SPEC, 1, 1, [an_operation(2, operation=long.operation)])
    assert [operation.version for operation in await store.operations(SPEC, 0)] == [1, 2]


async def test_a_lock_that_does_not_go_away_is_unavailable(store: SqliteStore, path: Path) -> None:
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await store.commit(SPEC, 0, 1, some_operations(1, 1))
    assert (await store.spec(SPEC)).version == 0  # reads still work
    blocker.execute("ROLLBACK")
    await store.commit(SPEC, 0, 1, some_operations(1, 1))


async def test_the_event_loop_does_not_wait_for_a_lock(path: Path) -> None:
    store = await prepared(path, busy_timeout=5)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    commit = asyncio.create_task(store.commit(SPEC, 0, 1, some_operations(1, 1)))
    for _ in range(50):
        await asyncio.sleep(0.005)
    assert not commit.done()  # a loop that had waited would have met the end of the busy timeout
    blocker.execute("ROLLBACK")
    await commit
    await store.close()


async def test_an_error_in_a_transaction_undoes_it(store: SqliteStore) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("UPDATE specifications SET version = 77")
        raise KeyError("half")

    with pytest.raises(KeyError):
        await store._write(half)
    assert (await store.spec(SPEC)).version == 0
    await store.commit(SPEC, 0, 1, some_operations(1, 1))


async def test_a_commit_that_fails_at_the_end_is_undone(store: SqliteStore) -> None:
    def orphan(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("UPDATE specifications SET version = 77, created_by = x'00'")

    with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
        await store._write(orphan)
    assert (await store.spec(SPEC)).version == 0
    await store.commit(SPEC, 0, 1, some_operations(1, 1))


async def test_a_cancelled_call_that_has_not_begun_does_nothing(path: Path) -> None:
    store = await prepared(path, busy_timeout=5)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    begun = asyncio.create_task(store.commit(SPEC, 0, 1, some_operations(1, 1)))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(store.commit(SPEC, 1, 1, some_operations(2, 1)))
    await asyncio.sleep(0.05)
    for task in (begun, waiting):
        task.cancel()
    await asyncio.gather(begun, waiting, return_exceptions=True)
    blocker.execute("ROLLBACK")
    await store.update_spec(SPEC, {"title": "after both"})
    assert (await store.spec(SPEC)).version == 1
    await store.close()


class Broken:
    """A driver whose ROLLBACK fails, and COMMIT where ``commit`` says so."""

    def __init__(self, *, commit: bool) -> None:
        self._commit = commit
        self.connection = self
        self.driver_connection = self

    def execute(self, statement: str) -> None:
        if statement == "COMMIT" and self._commit:
            raise sqlite3.OperationalError("disk I/O error")

    def rollback(self) -> None:
        raise sqlite3.OperationalError("disk I/O error")


def test_a_failed_rollback_says_whether_commit_was_executed() -> None:
    def fail(_: Any) -> None:
        raise KeyError

    with pytest.raises(RollbackFailed) as caught:
        transact(Broken(commit=True), lambda _: None)  # type: ignore[arg-type]
    assert caught.value.in_commit
    with pytest.raises(RollbackFailed) as caught:
        transact(Broken(commit=False), fail)  # type: ignore[arg-type]
    assert not caught.value.in_commit


@pytest.mark.parametrize("in_commit", [True, False])
async def test_a_lost_connection_is_replaced(store: SqliteStore, in_commit: bool) -> None:
    with (
        patch("jupyter_speccollab.store.sqlite.transact", side_effect=RollbackFailed(in_commit)),
        pytest.raises(StoreUnavailable) as caught,
    ):
        await store.commit(SPEC, 0, 1, some_operations(1, 1))
    assert isinstance(caught.value, OutcomeUnknown) is in_commit
    await store.commit(SPEC, 0, 1, some_operations(1, 1))
    assert await store.changed_elsewhere()  # other processes may have committed in between
    assert not await store.changed_elsewhere()


async def _write_many(path: Path, number: int, count: int) -> None:
    store = SqliteStore(path)
    await store.open()
    written = 0
    while written < count:
        version = (await store.spec(SPEC)).version
        try:
            await store.commit(SPEC, version, 1, [an_operation(version + 1, number=1000 * number + written)])
            written += 1
        except VersionTaken:
            pass
    await store.close()


def write_many(path: Path, number: int, count: int) -> None:
    asyncio.run(_write_many(path, number, count))


async def test_two_processes_write_one_file(store: SqliteStore, path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(path, number, 100)) for number in (1, 2)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join)
        assert process.exitcode == 0
    log = await store.operations(SPEC, 0)
    assert [operation.version for operation in log] == list(range(1, 201))
    assert len({operation.operation_id for operation in log}) == 200
    assert await store.changed_elsewhere()


async def test_a_file_with_free_space_can_be_made_smaller(store: SqliteStore, path: Path) -> None:
    long = an_operation(1, operation=Operation.of("x" * 1_000_000))
    await store.commit(SPEC, 0, 1, [long])
    await store.save_snapshot(SPEC, a_snapshot(1, "x"))
    assert await store.bytes_on_disk() > 1_000_000
    await store.fold(SPEC, 0, 1, base=1)
    again = SqliteStore(path)  # another process has it open
    await again.open()
    assert await store.vacuum()
    assert await store.bytes_on_disk() < 300_000
    assert (await again.spec(SPEC)).version == 1
    await again.commit(SPEC, 1, 1, some_operations(2, 1))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM document_operations").fetchone()
    await again.commit(SPEC, 2, 1, [an_operation(3, operation=long.operation)])
    assert not await store.vacuum()  # the reader has not ended yet
    reader.execute("COMMIT")
    assert await store.vacuum()
    blocker = sqlite3.connect(path, isolation_level=None)
    await store.save_snapshot(SPEC, a_snapshot(3, "x"))
    await store.fold(SPEC, 1, 3, base=3)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        await store.vacuum()
    blocker.execute("ROLLBACK")
    assert await store.vacuum()
    assert await store.bytes_on_disk() < 300_000
    await again.close()
