"""``jupyter speccollab usage``: the users whose specs store most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Usage
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.cli.test_db import run
from tests.store.values import ADA, BOB, SPEC, a_snapshot, a_spec, an_id

EVE = User(an_id("user", 5), "eve", "Eve\x1b[31m\u202e")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database; empty for a SQLite file."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def test_the_largest_users_are_listed(tmp_path: Path, url: str) -> None:
    path = tmp_path / "speccollab" / "specs.sqlite3"
    store = PostgresStore(url) if url else SqliteStore(path)
    await store.open()
    for number, (user, text) in enumerate([(ADA, "x" * 5_000), (BOB, "é"), (EVE, "x" * 900), (BOB, "x")]):
        await store.save_user(user)
        spec = a_spec(an_id("spec", number), by=user.user_id)
        await store.create_spec(spec, None, a_snapshot(0, text, by=user))
    await store.close()
    quota = "--SpecCollabApp.bytes_per_user=1000"
    status, output = run(tmp_path, "usage", quota, SPECCOLLAB_DATABASE_URL=url)
    assert status == 0
    rows = [" ".join(line.split()) for line in output.splitlines()]
    assert rows == [
        "user specs stored",
        "ada (Ada Lovelace) 1 5.0 KiB at the quota",
        "eve (Eve [31m) 1 1,000 bytes at the quota",
        "bob (Bob 🎈) 2 203 bytes",
        "all users 4 6.2 KiB",
        "At most 1,000 specs and 1,000 bytes for a user, any size in all.",
    ]
    assert "\x1b" not in output
    status, output = run(tmp_path, "usage", "--top=1", SPECCOLLAB_DATABASE_URL=url)
    assert [line.split()[0] for line in output.splitlines()] == ["user", "ada", "all", "At"]


async def test_specs_are_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "speccollab" / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(replace(a_spec(), title="old"), None, a_snapshot(0, "text"))
    with store._file.connect() as connection:
        connection.exec_driver_sql("UPDATE specifications SET stored_bytes = -7")
    assert run(tmp_path, "usage", "--recount")[0] == 0
    assert await store.total_usage() == Usage(1, 104)
    assert (await store.spec(SPEC)).title == "old"
    await store.close()


async def test_specs_of_older_servers_are_found_again(tmp_path: Path, url: str) -> None:
    """They know no keys: what they make has none, which opening mends, and what they rename has the old ones."""
    store = PostgresStore(url) if url else SqliteStore(tmp_path / "speccollab" / "specs.sqlite3")

    async def as_older(change: str) -> None:
        await store._write(lambda each: each.exec_driver_sql(f"UPDATE specifications SET {change}"))

    async def found(query: str) -> int:
        return len((await store.specs(query)).specs)

    await store.open()
    await store.save_user(ADA)
    for number in range(3):
        spec = a_spec(an_id("spec", number), title="Größe", description="Cafe\u0301")
        await store.create_spec(spec, None, a_snapshot())
    await as_older("title_key = '', description_key = ''")
    assert await found("GRÖSSE") == 0
    await store.open()
    assert [await found(query) for query in ("GRÖSSE", "CAFÉ")] == [3, 3]
    await as_older("title = 'Größer', description = 'Tea'")
    assert [await found(query) for query in ("grösser", "tea")] == [0, 0]
    assert run(tmp_path, "usage", "--recount", SPECCOLLAB_DATABASE_URL=url)[0] == 0
    assert [await found(query) for query in ("grösser", "tea", "café")] == [3, 3, 0]
    await store.close()


def test_without_specs_it_says_so(tmp_path: Path) -> None:
    status, output = run(tmp_path, "usage")
    assert status == 1
    assert "There are no specs yet" in output
