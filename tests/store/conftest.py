"""A store of each kind for the suite in ``contract/``. To add a kind, add an entry to ``BACKENDS``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from jupyter_speccollab.store.base import SpecRecord, Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.store.values import ADA, BOB, a_snapshot, a_spec

Connect = Callable[[], Awaitable[Store]]


def memory(_request: pytest.FixtureRequest) -> Callable[[], Store]:
    store = MemoryStore()
    return lambda: store


def sqlite(request: pytest.FixtureRequest) -> Callable[[], Store]:
    directory: Path = request.getfixturevalue("tmp_path")
    return lambda: SqliteStore(directory / "specs.db")


def postgres(request: pytest.FixtureRequest) -> Callable[[], Store]:
    url: str = request.getfixturevalue("postgres_url")
    return lambda: PostgresStore(url)


BACKENDS = {"memory": memory, "sqlite": sqlite, "postgres": postgres}


@pytest.fixture(params=BACKENDS)
def connect(request: pytest.FixtureRequest, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Connect]:
    """A function that opens a store on the data of this test; each call is another server."""
    make = BACKENDS[request.param](request)
    opened: list[Store] = []

    async def connect() -> Store:
        store = make()
        await store.open()
        opened.append(store)
        return store

    yield connect
    for store in opened:
        jp_asyncio_loop.run_until_complete(store.close())


@pytest.fixture
def store(connect: Connect, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Store:
    """An open store that contains the users Ada and Bob."""

    async def prepare() -> Store:
        store = await connect()
        await store.save_user(ADA)
        await store.save_user(BOB)
        return store

    return jp_asyncio_loop.run_until_complete(prepare())


@pytest.fixture
def spec(store: Store, jp_asyncio_loop: asyncio.AbstractEventLoop) -> SpecRecord:
    """An empty spec of Ada in ``store``."""
    record = a_spec()
    jp_asyncio_loop.run_until_complete(store.create_spec(record, None, a_snapshot()))
    return record
