"""``jupyter speccollab db``, run as a command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_speccollab.document.sitting import sittings
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.migrations import HEAD
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.archive.histories import add_history
from tests.backends.postgres import PostgresServer
from tests.store.values import SPEC


def run(tmp_path: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run ``jupyter speccollab`` without the configuration of this machine; returns its status and output."""
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_speccollab.cli", *arguments],
        env={
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(tmp_path),
            "JUPYTER_DATA_DIR": str(tmp_path),
            "JUPYTER_NO_CONFIG": "",
            "HOME": str(tmp_path),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_upgrade_makes_the_tables_once(tmp_path: Path, postgres_server: PostgresServer) -> None:
    url = postgres_server.url(postgres_server.new_database())
    assert run(tmp_path, "db", "upgrade", SPECCOLLAB_DATABASE_URL=url) == (
        0,
        f"The database went from an empty one to schema {HEAD}.\n",
    )
    (tmp_path / "url").write_text(f"{url}\n")
    (tmp_path / "jupyter_server_config.py").write_text(
        f"c.SpecCollabApp.database_url_file = {str(tmp_path / 'url')!r}\n"
    )
    assert run(tmp_path, "db", "upgrade") == (0, f"The database is up to date (schema {HEAD}).\n")


def test_a_file_needs_no_upgrade(tmp_path: Path) -> None:
    status, output = run(tmp_path, "db", "upgrade")
    assert (status, list(tmp_path.glob("**/*.sqlite3"))) == (0, [])
    assert "SQLite" in output


async def test_upgrade_stores_who_wrote_which_letter_and_when_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    await add_history(store)
    async for _ in Attributions(store).fill(SPEC):
        break  # as if the command had been stopped
    missing = len(await store.unattributed(SPEC, -1))
    assert missing == 3
    await store.close()
    where = f"--SpecCollabApp.database_path={path}"
    file = "The specs are in a SQLite file, which is brought up to date whenever it is opened.\n"
    filled = (
        f"Who wrote which letter is now stored with {missing} older revisions.\n"
        "What people did in one go is now known of 1 older spec.\n"
    )
    for said in (file + filled, file):
        assert run(tmp_path, "db", "upgrade", where) == (0, said)
    again = SqliteStore(path)
    await again.open()
    stored = await again.attribution(SPEC)
    assert stored is not None
    assert (stored.version, await again.unattributed(SPEC, -1)) == (4, [])
    rows = await again.sittings(SPEC)
    ends = {one.version for one in await again.kept_revisions(SPEC, 0, 5) if one.kind.is_asked_for}
    found = list(sittings(await again.commit_times(SPEC, 0, 99), ends))
    assert [row.sitting for row in reversed(rows)] == found
    assert all(row.measure is not None for row in rows)
    await again.close()


async def test_upgrade_names_a_spec_whose_log_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    await add_history(store)
    await store.close()
    with sqlite3.connect(path) as driver:
        driver.execute('UPDATE document_operations SET operations = \'[[900,"","x"]]\' WHERE version = 2')
    status, output = run(tmp_path, "db", "upgrade", f"--SpecCollabApp.database_path={path}")
    assert status == 1
    assert f"Spec {SPEC} was skipped: its operations do not fit its text." in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://ada:hunter2@localhost/specs", "must begin with postgresql://"),
        ("postgresql://ada:hunter2@127.0.0.1:1/specs", "can't be reached"),
    ],
)
def test_an_error_is_a_sentence_without_the_password(tmp_path: Path, url: str, sentence: str) -> None:
    status, output = run(tmp_path, "db", "upgrade", SPECCOLLAB_DATABASE_URL=url)
    assert status == 1
    assert sentence in output
    assert "hunter2" not in output
    assert "Traceback" not in output


def test_without_a_subcommand_the_subcommands_are_listed(tmp_path: Path) -> None:
    status, output = run(tmp_path)
    assert status == 0
    assert "db" in output
