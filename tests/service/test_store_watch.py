"""The store watch: one line when the database is in trouble, one when it is not any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress

import pytest

from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.service import store_watch
from jupyter_speccollab.service.live.documents import utc_now
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.store_watch import StoreWatch
from jupyter_speccollab.store.memory import MemoryStore


class Database:
    """A store that is in a trouble as long as a test says so, and whoever watches it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.trouble: StoreTrouble | None = None
        self.fault: Exception | None = None
        self.attempts = asyncio.Semaphore(0)
        self.metrics = Metrics()
        self.watch = StoreWatch(self.store, self.metrics, utc_now, self._try_to_write)

    def fails(self, trouble: StoreTrouble, is_write: bool = True) -> None:
        self.trouble = trouble
        with suppress(StoreUnavailable), self.store.outages.observed(is_write=is_write):
            raise StoreUnavailable.by(trouble, "what it said")

    def refused(self, trouble: StoreTrouble) -> float | None:
        return self.metrics.registry.get_sample_value(
            "speccollab_writes_refused_total", {"reason": trouble.value}
        )

    async def _try_to_write(self) -> None:
        self.attempts.release()
        if self.fault is not None:
            raise self.fault
        if self.trouble is not None:
            self.fails(self.trouble)
            raise StoreUnavailable.by(self.trouble)

    async def attempted(self, times: int) -> None:
        for _ in range(times):
            await self.attempts.acquire()


@pytest.fixture
def database(
    jp_asyncio_loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Database]:
    monkeypatch.setattr(store_watch, "LOOK", 0.01)
    monkeypatch.setattr(store_watch, "QUIET", 0.0)
    caplog.set_level(logging.INFO, store_watch.__name__)
    database = Database()
    yield database
    jp_asyncio_loop.run_until_complete(database.watch.close())


async def test_many_refusals_are_one_line_and_the_end_another(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        database.fails(StoreTrouble.DISK_FULL)
    await database.attempted(3)
    assert database.watch.outage is not None
    (begin,) = [record.getMessage() for record in caplog.records]
    assert "The server's disk is full, so nothing can be saved. (disk_full: what it said)" in begin
    database.trouble = None
    assert database.watch._task is not None
    await database.watch._task
    assert database.watch.outage is None
    assert len(caplog.records) == 2
    assert (database.refused(StoreTrouble.DISK_FULL) or 0) >= 5
    database.fails(StoreTrouble.LOCKED)
    assert len(caplog.records) == 3


async def test_another_reason_is_another_line_of_the_same_outage(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.fails(StoreTrouble.LOCKED)
    assert database.watch.outage is not None
    began = database.watch.outage.began
    database.fails(StoreTrouble.DISK_FULL)
    assert (database.watch.outage.trouble, database.watch.outage.began) == (StoreTrouble.DISK_FULL, began)
    assert len(caplog.records) == 2


async def test_troubles_that_alternate_are_one_line_each(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that waits for long is noticed once a second, while others fail because of a lock."""
    monkeypatch.setattr(store_watch, "STALLED", 0.0)
    with database.store.outages.observed(is_write=True):
        for _ in range(10):
            await asyncio.sleep(0.01)
            database.watch.look()
            database.fails(StoreTrouble.LOCKED)
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    database.trouble = None
    assert database.watch._task is not None
    await database.watch._task
    database.fails(StoreTrouble.LOCKED)
    assert [record.levelname for record in caplog.records][2:] == ["WARNING", "ERROR"]


async def test_an_unknown_error_of_an_attempt_does_not_end_the_attempts(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    database.fails(StoreTrouble.LOCKED)
    database.fault = RuntimeError("a fault")
    await database.attempted(3)
    assert database.watch.outage is not None
    assert caplog.text.count("RuntimeError: a fault") == 1
    database.trouble = database.fault = None
    assert database.watch._task is not None
    await database.watch._task
    assert database.watch.outage is None


async def test_a_read_that_fails_is_an_outage_and_no_refused_write(database: Database) -> None:
    database.fails(StoreTrouble.AWAY, is_write=False)
    assert database.watch.outage is not None
    assert database.watch.outage.refused == 0
    assert database.refused(StoreTrouble.AWAY) is None


async def test_a_call_that_is_never_answered(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_watch, "STALLED", 0.05)
    with database.store.outages.observed(is_write=True):
        database.watch.look()
        assert database.watch.outage is None
        await asyncio.sleep(0.1)
        database.watch.look()
        assert database.watch.outage is not None
        assert database.watch.outage.trouble is StoreTrouble.NO_ANSWER


async def test_other_errors_are_no_trouble_of_the_database(database: Database) -> None:
    for error in (KeyError("a fault"), StoreUnavailable("The hub does not answer.")):
        with suppress(KeyError, StoreUnavailable), database.store.outages.observed(is_write=True):
            raise error
    assert database.watch.outage is None
