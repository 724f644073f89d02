"""``jupyter speccollab export`` and ``import``, run as commands."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import apply
from tests.archive.histories import ADA, EDITS, add_history
from tests.cli.test_db import run
from tests.serving import JupyterServer
from tests.store.values import SPEC


def database(tmp_path: Path) -> Path:
    """The SQLite file that `run` uses."""
    return tmp_path / "speccollab" / "specs.sqlite3"


async def made(store: Store) -> str:
    """Store a history, close the store, and return the last text."""
    await store.open()
    try:
        return str(await add_history(store))
    finally:
        await store.close()


def lines_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def differences(one: Path, other: Path) -> list[tuple[str, set[str]]]:
    pairs = zip(lines_of(one), lines_of(other), strict=True)
    return [(a["line"], {key for key in a if a[key] != b[key]}) for a, b in pairs if a != b]


async def test_a_spec_is_the_same_in_another_database(tmp_path: Path, postgres_url: str) -> None:
    await made(SqliteStore(database(tmp_path)))
    first, second = tmp_path / "first.jsonl.gz", tmp_path / "second.jsonl.gz"
    status, output = run(tmp_path, "export", SPEC, str(first))
    assert (status, output) == (0, f"{first} holds 5 versions and 4 revisions of the spec “Churn 🎈”.\n")
    assert mode_of(first) == 0o600
    status, output = run(tmp_path, "import", str(first), SPECCOLLAB_DATABASE_URL=postgres_url)
    assert status == 0, output
    assert f"is here, as {SPEC}, with 5 versions and 4 revisions" in output
    assert "It belongs to Ada Lovelace (ada)." in output
    assert run(tmp_path, "export", SPEC, str(second), SPECCOLLAB_DATABASE_URL=postgres_url)[0] == 0
    assert differences(first, second) == [("spec", {"epoch"}), ("end", {"sha256"})]


async def test_an_imported_spec_has_the_same_sittings_at_once(tmp_path: Path) -> None:
    original = SqliteStore(database(tmp_path))
    await made(original)
    file, copy = tmp_path / "spec.jsonl.gz", tmp_path / "copy.sqlite3"
    assert run(tmp_path, "export", SPEC, str(file))[0] == 0
    assert run(tmp_path, "import", str(file), f"--SpecCollabApp.database_path={copy}")[0] == 0
    assert run(tmp_path, "db", "upgrade")[0] == 0
    told = []
    for path in (database(tmp_path), copy):
        store = SqliteStore(path)
        await store.open()
        told.append(await store.sittings(SPEC))
        await store.close()
    assert [(row.sitting.first, row.sitting.last) for row in told[0]] == [(2, 5), (1, 1)]
    assert all(row.measure is not None for row in told[0])
    assert told[0] == told[1]


def mode_of(file: Path) -> int:
    return file.stat().st_mode & 0o777


async def test_an_imported_spec_is_read_and_edited_on_a_server(tmp_path: Path) -> None:
    text = await made(SqliteStore(database(tmp_path)))
    file = str(tmp_path / "spec.jsonl.gz")
    assert run(tmp_path, "export", SPEC, file)[0] == 0
    with JupyterServer(tmp_path / "server") as server:
        ada, bob = server.login("ada", "Ada Lovelace"), server.login("bob", "Bob")
        status, output = run(tmp_path, "import", file, f"--SpecCollabApp.database_path={server.database}")
        assert status == 0, output
        document = await ada.call("GET", f"api/specs/{SPEC}/document")
        assert (document["content"], document["version"]) == (text, len(EDITS))
        told = await ada.call("GET", f"api/specs/{SPEC}/revisions")
        assert [(one["version"], one["label"]) for one in told["revisions"]][-2:] == [
            (1, "first 🏁"),
            (0, None),
        ]
        content = ""
        for version, (edit, user) in enumerate(EDITS, 1):
            content = apply(edit, content)
            at = await ada.call("GET", f"api/specs/{SPEC}/revisions/{version}")
            assert (at["content"], at["modifiedBy"]) == (content, user.user_id)
        entry = await bob.call("GET", f"api/specs/{SPEC}")
        assert (entry["role"], entry["title"]) == ("contributor", "Churn 🎈")
        changed = await bob.call(
            "PUT", f"api/specs/{SPEC}/document", {"content": text + "more 🎈\n", "version": len(EDITS)}
        )
        assert changed["version"] == len(EDITS) + 1
        first = lines_of(Path(file))
        operation = next(line for line in first if line["line"] == "operation")
        assert await ada.refused(
            "PUT",
            f"api/specs/{SPEC}/document",
            {"content": "another", "version": 1, "operationId": operation["operationId"]},
        ) == (409, "OPERATION_ID_REUSED")
        assert document["epoch"] != next(line for line in first if line["line"] == "spec")["epoch"]


async def test_users_edit_during_export_and_import(tmp_path: Path) -> None:
    options = {"SpecCollabApp.writes_per_minute": 1_000_000}
    with JupyterServer(tmp_path / "server", options=options) as server:
        ada = server.login("ada", "Ada")
        spec_id = await ada.new_spec("# One 🎈\n")
        path, file = f"--SpecCollabApp.database_path={server.database}", str(tmp_path / "spec.jsonl.gz")

        async def while_editing(*arguments: str) -> str:
            """Run a command while Ada keeps editing, and return its output."""
            command = asyncio.create_task(asyncio.to_thread(run, tmp_path, *arguments, path))
            while not command.done():
                now = await ada.call("GET", f"api/specs/{spec_id}/document")
                more = {"content": now["content"] + "more 🎈\n", "version": now["version"]}
                await ada.call("PUT", f"api/specs/{spec_id}/document", more)
            status, output = await command
            assert status == 0, output
            return output

        await while_editing("export", spec_id, file)
        copy = str(UUID((await while_editing("import", file, "--as-new")).split(" as ")[1][:36]))
        version = next(line["version"] for line in lines_of(Path(file)) if line["line"] == "spec")
        assert 1 < version < (await ada.call("GET", f"api/specs/{spec_id}/document"))["version"]
        then = await ada.call("GET", f"api/specs/{spec_id}/revisions/{version}")
        imported = await ada.call("GET", f"api/specs/{copy}/document")
        assert (imported["content"], imported["version"]) == (then["content"], version)


async def test_a_damaged_file_leaves_nothing_behind(tmp_path: Path, postgres_url: str) -> None:
    await made(SqliteStore(tmp_path / "from.sqlite3"))
    file = tmp_path / "spec.jsonl.gz"
    path = f"--SpecCollabApp.database_path={tmp_path / 'from.sqlite3'}"
    assert run(tmp_path, "export", SPEC, str(file), path)[0] == 0
    cut_off(file)
    status, output = run(tmp_path, "import", str(file), SPECCOLLAB_DATABASE_URL=postgres_url)
    assert (status, "was cut off after line" in output, "Traceback" in output) == (1, True, False), output
    store = PostgresStore(postgres_url)
    await store.open()
    try:
        assert (await store.specs()).specs == ()
        assert await store.users([ADA.user_id]) == {}
    finally:
        await store.close()


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


async def test_an_existing_file_or_spec_is_refused(tmp_path: Path) -> None:
    await made(SqliteStore(database(tmp_path)))
    file = tmp_path / "spec.jsonl.gz"
    assert run(tmp_path, "export", SPEC, str(file))[0] == 0
    status, output = run(tmp_path, "export", SPEC, str(file))
    assert (status, "--force" in output) == (1, True)
    assert run(tmp_path, "export", SPEC, str(file), "--force")[0] == 0
    status, output = run(tmp_path, "import", str(file))
    assert (status, output.count("--as-new"), SPEC in output) == (1, 1, True)


async def test_an_owner_replaces_the_collaborators(tmp_path: Path) -> None:
    await made(SqliteStore(database(tmp_path)))
    file = str(tmp_path / "spec.jsonl.gz")
    assert run(tmp_path, "export", SPEC, file)[0] == 0
    status, output = run(tmp_path, "import", file, "--as-new", "--without-collaborators", "--owner", "dan")
    assert (status, "belongs to dan (dan)" in output) == (0, True), output
    status, output = run(tmp_path, "import", file, "--as-new", "--SpecCollabApp.issuer=elsewhere")
    assert (status, "issuer elsewhere" in output) == (0, True), output


def test_an_export_to_the_standard_output(tmp_path: Path) -> None:
    asyncio.run(made(SqliteStore(database(tmp_path))))
    command = [sys.executable, "-m", "jupyter_speccollab.cli", "export"]
    path = f"--SpecCollabApp.database_path={database(tmp_path)}"
    for more in ([], ["-"]):
        done = subprocess.run([*command, SPEC, *more, path], capture_output=True, check=True)
        assert b'"line":"end"' in gzip.decompress(done.stdout)


def test_a_reader_that_closes_the_pipe_causes_no_traceback(tmp_path: Path) -> None:
    asyncio.run(made(SqliteStore(database(tmp_path))))
    command = [sys.executable, "-m", "jupyter_speccollab.cli", "export", SPEC]
    path = f"--SpecCollabApp.database_path={database(tmp_path)}"
    with subprocess.Popen([*command, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("export", "churn"), "SPEC_ID [FILE]"),
        (("export", SPEC, "file"), "There are no specs yet"),
        (("import",), "import FILE"),
        (("import", "none.jsonl.gz"), "can't be read"),
        (("import", "none.jsonl.gz", "--without-collaborators"), "--owner"),
    ],
)
def test_a_missing_argument_or_file_is_explained(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    status, output = run(tmp_path, *arguments)
    assert (status, told in output, "Traceback" in output) == (1, True, False), output
    assert list(tmp_path.glob("**/*.sqlite3")) == []


async def test_an_unknown_spec_is_refused(tmp_path: Path, postgres_url: str) -> None:
    file = tmp_path / "spec.jsonl.gz"
    status, output = run(tmp_path, "export", SPEC, str(file), SPECCOLLAB_DATABASE_URL=postgres_url)
    assert (status, output) == (1, f"There is no spec {SPEC}.\n")
    assert not file.exists()
