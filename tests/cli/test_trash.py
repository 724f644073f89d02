"""``jupyter speccollab trash``: what was deleted and can still be restored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_speccollab.service.live.documents import utc_now
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.cli.test_db import run
from tests.store.values import ADA, BOB, a_snapshot, a_spec, an_id

SPECS = [an_id("spec", number) for number in range(3)]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database; empty for a SQLite file."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def test_it_is_listed_restored_and_emptied(tmp_path: Path, url: str) -> None:
    store = PostgresStore(url) if url else SqliteStore(tmp_path / "speccollab" / "specs.sqlite3")
    await store.open()
    for user in (ADA, BOB):
        await store.save_user(user)
    for number, spec_id in enumerate(SPECS):
        await store.create_spec(a_spec(spec_id, title=f"Spec {number}\x1b"), None, a_snapshot(0, "text"))
        await store.trash_spec(spec_id, BOB.user_id, utc_now() - timedelta(days=5 * number))

    def trash(*arguments: str) -> tuple[int, list[str]]:
        status, output = run(tmp_path, "trash", *arguments, SPECCOLLAB_DATABASE_URL=url)
        assert "\x1b" not in output
        return status, output.splitlines()

    status, lines = trash("list")
    assert status == 0
    assert [line.split()[0] for line in lines[:-1]] == SPECS
    assert lines[1].endswith("Spec 1\\x1b (deleted by Bob 🎈)")
    assert lines[-1] == "3 in the trash, 312 bytes; each for 30 days, then it is deleted for good."
    usage = run(tmp_path, "usage", SPECCOLLAB_DATABASE_URL=url)[1]
    assert "of these in the trash 3 312 bytes" in " ".join(usage.split())
    assert trash("restore", SPECS[1]) == (0, ["The spec “Spec 1\\x1b” is back, with its history."])
    assert trash("restore", SPECS[1])[0] == 1
    assert trash("restore")[0] == 1
    assert trash("empty")[0] == 1
    assert trash("empty", "--days=7") == (0, ["1 deleted for good."])
    assert [spec.spec_id for spec in (await store.trashed_specs()).specs] == [SPECS[0]]
    assert run(tmp_path, "usage", "--recount", SPECCOLLAB_DATABASE_URL=url)[0] == 0
    assert trash("empty", "--days=0") == (0, ["1 deleted for good."])
    assert trash("empty", "--days=0") == (0, ["Nothing was deleted."])
    assert trash("list") == (0, ["The trash is empty."])
    assert [spec.spec_id for spec in (await store.specs()).specs] == [SPECS[1]]
    await store.close()


async def test_a_spec_in_the_trash_is_not_exported(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "speccollab" / "specs.sqlite3")
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(SPECS[0]), None, a_snapshot(0, "text"))
    await store.trash_spec(SPECS[0], ADA.user_id, utc_now())
    await store.close()
    status, output = run(tmp_path, "export", SPECS[0], str(tmp_path / "file"))
    assert status == 1
    assert f"jupyter speccollab trash restore {SPECS[0]}" in output
