"""``jupyter speccollab db compact``, with and without running servers."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from jupyter_speccollab.store.base import RevisionKind
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation, Text
from tests.cli.test_db import run
from tests.handlers.logins import Login, Socket, insert
from tests.serving import JupyterServer
from tests.store.values import ADA, BOB, SPEC, a_snapshot, a_spec, an_operation

OLD = 2_000
"""The number of old versions; each inserts a hundred characters."""

MONTHS = 120 * 86_400 * 1_000_000
"""120 days in microseconds."""


async def grown(store: SqliteStore | PostgresStore) -> str:
    """Store a spec whose operations are all old; returns its text."""
    await store.save_user(ADA)
    await store.save_user(BOB)
    await store.create_spec(a_spec(), None, a_snapshot())
    line, text = "x" * 99 + "\n", ""
    group = []
    for version in range(1, OLD + 1):
        made = an_operation(
            version, by=(ADA, BOB)[version % 2], operation=Operation.of(line), base=text[:100]
        )
        group.append(structs.replace(made, timestamp=made.timestamp.replace(year=2001)))
        text += line
    await store.commit(SPEC, 0, 1, group)
    await store.save_snapshot(SPEC, a_snapshot(500, line * 500, RevisionKind.LABELLED, "1.0"))
    for version in (250, 750, 1000):
        await store.save_snapshot(SPEC, a_snapshot(version, line * version, RevisionKind.AUTO))
    return text


def figures(said: str) -> dict[str, list[str]]:
    """Return the rows of the printed table by name."""
    rows = (re.split(r"\s{2,}", line.strip()) for line in said.splitlines())
    return {row[0]: row[1:] for row in rows if len(row) > 1}


async def rebuilt(store: SqliteStore | PostgresStore) -> str:
    """Return the current text, read as a starting server reads it."""
    snapshot = await store.snapshot(SPEC)
    assert snapshot is not None
    text = Text.of(snapshot.content or "")
    for committed in await store.operations(SPEC, snapshot.version):
        text = text.apply(committed.operation)
    return str(text)


async def test_compaction_makes_a_file_smaller(tmp_path: Path) -> None:
    path = tmp_path / "data" / "speccollab" / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    text = await grown(store)
    await store.close()
    where = f"--SpecCollabApp.database_path={path}"
    before = path.stat().st_size, path.read_bytes()
    status, said = await asyncio.to_thread(run, tmp_path, "db", "compact", "--days=30", "--dry-run", where)
    assert status == 0
    assert f"Would fold what is older than 30 days, in 1 spec: {OLD:,} operations" in said
    assert figures(said)["versions"] == [f"{OLD:,}"]
    assert (path.stat().st_size, path.read_bytes()) == before

    status, said = await asyncio.to_thread(run, tmp_path, "db", "compact", "--days=30", where)
    assert status == 0, said
    assert f"Folded what is older than 30 days, in 1 spec: {OLD:,} operations" in said
    table = figures(said)
    assert table["versions"] == [f"{OLD:,}", f"{OLD:,}"]
    assert table["with their operations"] == [f"{OLD:,}", "0"]
    assert table["these operations"][1] == "0 B"
    assert path.stat().st_size < before[0]
    await store_holds(SqliteStore(path), text)

    status, said = await asyncio.to_thread(run, tmp_path, "db", "compact", "--days=30", where)
    assert (status, "nothing to fold" in said) == (0, True)


async def test_compaction_in_postgresql(tmp_path: Path, postgres_url: str) -> None:
    store = PostgresStore(postgres_url)
    await store.open()
    text = await grown(store)
    await store.close()
    status, said = await asyncio.to_thread(
        run, tmp_path, "db", "compact", "--days=30", SPECCOLLAB_DATABASE_URL=postgres_url
    )
    assert status == 0, said
    assert figures(said)["with their operations"] == [f"{OLD:,}", "0"]
    assert "VACUUM FULL" in said
    await store_holds(PostgresStore(postgres_url), text)


async def store_holds(store: SqliteStore | PostgresStore, text: str) -> None:
    """Check everything that compaction keeps, and the current text."""
    await store.open()
    assert await rebuilt(store) == text
    commits = await store.commits(SPEC, 0)
    assert [commit.version for commit in commits] == list(range(1, OLD + 1))
    assert {commit.user_name for commit in commits} == {ADA.name, BOB.name}
    assert len({commit.operation_id for commit in commits}) == OLD
    kept = {snapshot.version: snapshot.label for snapshot in await store.revisions(SPEC)}
    assert kept.keys() == {0, 500, 1000, 2000}
    assert kept[500] == "1.0"
    await store.close()


async def test_a_damaged_spec_is_skipped_and_named(tmp_path: Path) -> None:
    path = tmp_path / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    await grown(store)
    await store.save_snapshot(SPEC, a_snapshot(1500, "not what the operations give"))
    await store.close()
    status, said = await asyncio.to_thread(
        run, tmp_path, "db", "compact", "--days=30", f"--SpecCollabApp.database_path={path}"
    )
    assert status == 1
    assert SPEC in said
    assert "version 1500" in said
    assert "Traceback" not in said
    store = SqliteStore(path)
    await store.open()
    assert await store.folded(SPEC) == 0
    await store.close()


@pytest.mark.parametrize("days", [[], ["--days=0"], ["--days=-3"]])
def test_the_number_of_days_is_required(tmp_path: Path, days: list[str]) -> None:
    status, said = run(tmp_path, "db", "compact", *days)
    assert status == 1
    assert "--days 90" in said
    assert list(tmp_path.glob("**/*.sqlite3")) == []


async def refusal(login: Login, path: str) -> dict[str, Any]:
    return dict(json.loads((await login.fetch("GET", path)).body))


async def typed(socket: Socket, count: int) -> list[dict[str, Any]]:
    return [await socket.commits(insert(0, f"{number} ")) for number in range(count)]


async def test_compaction_while_servers_run(tmp_path: Path) -> None:
    """Two servers on one file; afterwards, one keeps running and one is restarted."""
    one = JupyterServer(tmp_path / "one")
    other = JupyterServer(tmp_path / "other", options={"SpecCollabApp.database_path": str(one.database)})
    with one, other:
        ada, bob = one.login("ada", "Ada"), other.login("bob", "Bob")
        spec_id = await ada.new_spec("text")
        socket = await ada.joined(spec_id)
        past = await typed(socket, 15)
        labelled = await ada.call("POST", f"api/specs/{spec_id}/revisions", {"label": "Kept"})
        past += await typed(socket, 15)
        with sqlite3.connect(one.database) as driver:
            driver.execute("UPDATE document_operations SET applied_at = applied_at - ?", (MONTHS,))
        young = await typed(socket, 5)
        listener = await bob.joined(spec_id)

        where = f"--SpecCollabApp.database_path={one.database}"
        status, said = await asyncio.to_thread(run, tmp_path, "db", "compact", "--days=90", where)
        assert status == 0, said
        assert figures(said)["with their operations"] == ["36", "5"]

        ack = await socket.commits(insert(0, "and on "))
        assert (await listener.until("remote_operation"))["version"] == ack["version"] == 37
        other.restart()
        bob = other.login("bob", "Bob")
        text = (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"]
        document = await bob.call("GET", f"api/specs/{spec_id}/document")
        assert (document["content"], document["version"]) == (text, 37)

        gone = await refusal(bob, f"api/specs/{spec_id}/revisions/{labelled['version'] + 1}")
        assert (gone["code"], gone["details"]["nearest"]) == ("REVISION_NOT_FOUND", labelled["version"])
        assert str(labelled["version"]) in gone["error"]
        kept = await bob.call("GET", f"api/specs/{spec_id}/revisions/{labelled['version']}")
        assert kept["content"].endswith("text")
        assert kept["modifiedByName"] == "Ada"
        save = {"content": "x", "version": 3}
        assert await bob.refused("PUT", f"api/specs/{spec_id}/document", save) == (409, "VERSION_CONFLICT")

        back = await other.login("ada", "Ada").joined(spec_id, lastKnownVersion=5)
        assert back.welcome["content"] == text
        again = await back.commits(insert(0, "0 "), operationId=past[0]["operationId"], version=1)
        assert again["version"] == past[0]["version"]
        late = await back.edit(insert(0, "late"), version=10)
        told = await back.until("version_conflict")
        assert (told["operationId"], told["conflictingOperations"]) == (late, [])
        assert (await back.expect("sync"))["content"] == text
        resumed = await other.login("cleo", "Cleo").joined(spec_id, lastKnownVersion=young[0]["version"])
        assert [entry["version"] for entry in resumed.welcome["operations"]] == [33, 34, 35, 36, 37]
        for each in (socket, back, resumed):
            each.close()


async def test_folded_versions_are_exported_and_imported(tmp_path: Path, postgres_url: str) -> None:
    path = tmp_path / "specs.sqlite3"
    store = SqliteStore(path)
    await store.open()
    text = await grown(store)
    await store.close()
    where = f"--SpecCollabApp.database_path={path}"
    file = str(tmp_path / "spec.jsonl.gz")
    for command in (("db", "compact", "--days=30", where), ("export", SPEC, file, where)):
        status, said = await asyncio.to_thread(run, tmp_path, *command)
        assert status == 0, said
    status, said = await asyncio.to_thread(
        run, tmp_path, "import", file, SPECCOLLAB_DATABASE_URL=postgres_url
    )
    assert status == 0, said
    there = PostgresStore(postgres_url)
    await there.open()
    assert await there.folded(SPEC) == OLD
    assert {each.version: each.kind for each in await there.revisions(SPEC)}[OLD] is RevisionKind.BASE
    await there.close()
    await store_holds(PostgresStore(postgres_url), text)
