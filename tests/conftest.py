"""Fixtures that every test may use."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.backends.postgres import PostgresServer
from tests.backends.redis import RedisServer
from tests.backends.small_disk import NotMounted, mounted

pytest_plugins = ["pytest_jupyter.jupyter_server", "tests.workload"]

# For the processes that tests start: each of them would spend seconds in a package that it does not need.
STAND_INS = str(Path(__file__).parent / "stand_ins")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [STAND_INS, os.environ.get("PYTHONPATH")]))

# Without a bound on the time of an example: on a busy machine any of them may take long. Properties get the same
# random values in each run of `make test`, and others in each run of `make soak`.
settings.register_profile(
    "tests",
    deadline=None,
    derandomize=os.environ.get("SPECCOLLAB_PROPERTIES") != "random",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")


@pytest.fixture
def shared_data() -> Path:
    """The directory of the data files that others published (``SPECCOLLAB_DATA``)."""
    directory = os.environ.get("SPECCOLLAB_DATA")
    if not directory:
        pytest.skip("SPECCOLLAB_DATA is not set")
    return Path(directory)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A directory on a file system of one megabyte; the test is skipped where none can be mounted."""
    directory = tmp_path / "small"
    directory.mkdir()
    try:
        with mounted(directory):
            yield directory
    except NotMounted as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this run; fails, never skips, where none can be had."""
    server = PostgresServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresServer) -> str:
    """The name of a database with our tables, to be copied."""

    async def migrate() -> None:
        store = PostgresStore(postgres_server.url(name))
        try:
            await store.upgrade()
        finally:
            await store.close()

    name = postgres_server.new_database()
    with asyncio.Runner() as runner:
        runner.run(migrate())
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with our tables, to be copied: that takes less than making them anew."""

    async def migrate() -> None:
        store = SqliteStore(file)
        await store.open()
        await store.close()

    file = tmp_path_factory.mktemp("migrated") / "specs.sqlite3"
    with asyncio.Runner() as runner:
        runner.run(migrate())
    return file


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_database: str) -> str:
    """The address of a new database with our tables."""
    return postgres_server.url(postgres_server.new_database(migrated_database))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server of this run; fails, never skips, where none can be had."""
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.remove()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what tests recorded as their property ``summary``: under pytest-xdist they have no terminal."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, line in report.user_properties:
                if name == "summary":
                    terminalreporter.write_line(line)
