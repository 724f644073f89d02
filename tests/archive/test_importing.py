"""Importing an archive: all of it or nothing, with a new id, owner and collaborators if requested."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event

import pytest

from jupyter_speccollab.archive import importing
from jupyter_speccollab.archive.bounds import Bounds
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import Destination, import_archive, survey
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import Grant, LoggedOperation
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.archive.files import TO, at, bytes_of, export, lines_of, put, rewrite
from tests.archive.histories import ADA, BOB, CAT
from tests.store.conftest import Connect
from tests.store.values import SPEC, an_id


@pytest.mark.parametrize("damage", ["cut", "flipped", "gap", "wrong revision", "id twice"])
async def test_damage_near_the_end_leaves_nothing_in_any_store(
    archive: Path, connect: Connect, damage: str
) -> None:
    lines = lines_of(archive)
    match damage:
        case "cut":
            put(archive, bytes_of(archive)[:-40])
        case "flipped":
            whole = bytes_of(archive)
            put(archive, whole[:-60] + bytes([whole[-60] ^ 4]) + whole[-59:])
        case "gap":
            rewrite(archive, [line for line in lines if line is not at(lines, "operation", 5)])
        case "wrong revision":
            at(lines, "revision", 4).update(content="x", contentHash=sha256(b"x").hexdigest())
            rewrite(archive, lines)
        case "id twice":
            at(lines, "operation", 5)["operationId"] = at(lines, "operation", 2)["operationId"]
            rewrite(archive, lines)
    store = await connect()
    with pytest.raises(BadArchive):
        await import_archive(store, archive, TO)
    assert (await store.specs()).specs == ()
    assert await store.users([ADA.user_id, BOB.user_id, CAT.user_id]) == {}
    assert list(await store.rows(SPEC, 0, 9, 9, 999)) == []


async def test_a_cancelled_import_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, cancelled = asyncio.get_running_loop(), Event()

    def read_slowly(path: Path, bounds: Bounds) -> Iterator[Row]:
        for row in read(path, bounds):
            yield row
            if isinstance(row, LoggedOperation) and row.version == 2:
                loop.call_soon_threadsafe(task.cancel)
                assert cancelled.wait(20)

    monkeypatch.setattr(importing, "read", read_slowly)
    store = SqliteStore(tmp_path / "specs.sqlite3")
    await store.open()
    task = asyncio.create_task(import_archive(store, archive, TO))
    try:
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled.set()
        await store.save_user(BOB)  # runs after the rest of the import
        assert (await store.specs()).specs == ()
        assert await store.users([ADA.user_id]) == {}
    finally:
        cancelled.set()
        await store.close()


async def imported(archive: Path, destination: Destination) -> MemoryStore:
    store = MemoryStore()
    await survey(archive, destination)
    await import_archive(store, archive, destination)
    return store


async def test_a_taken_id_is_refused_and_a_new_one_is_not(archive: Path) -> None:
    store = await imported(archive, TO)
    with pytest.raises(BadArchive, match="--as-new"):
        await import_archive(store, archive, TO)
    await import_archive(store, archive, replace(TO, spec_id=an_id("spec", 2)))
    first, second = [[await store.operations(key, 0)] for key in (SPEC, an_id("spec", 2))]
    assert first == second


async def test_an_owner_is_added_to_the_collaborators_or_replaces_them(archive: Path) -> None:
    dan = replace(ADA, user_id=an_id("user", 7), login="dan", name="dan")
    mine = Grant(dan.user_id, Role.OWNER, dan.user_id, TO.at)
    beside = await imported(archive, replace(TO, owner=dan))
    assert mine in await beside.grants(SPEC)
    assert len(await beside.grants(SPEC)) == 4
    alone = await imported(archive, replace(TO, owner=dan, collaborators=False))
    assert await alone.grants(SPEC) == (mine,)
    raised = await imported(archive, replace(TO, owner=BOB))
    assert (await raised.access(SPEC)).entries[BOB.user_id] is Role.OWNER
    assert (await survey(archive, replace(TO, owner=dan))).owners == (dan, ADA)


async def test_an_import_without_an_owner_is_refused(archive: Path) -> None:
    with pytest.raises(BadArchive, match="--owner"):
        await survey(archive, replace(TO, collaborators=False))
    lines = [line for line in lines_of(archive) if line.get("role") != "owner"]
    rewrite(archive, lines)
    with pytest.raises(BadArchive, match="--owner"):
        await survey(archive, TO)


async def test_folded_versions_are_imported_and_exported(archive: Path, tmp_path: Path) -> None:
    lines = lines_of(archive)
    for version in (1, 2):
        at(lines, "operation", version)["changes"] = None
    rewrite(archive, lines)
    store = await imported(archive, TO)
    assert [row.changes is None for row in await store.rows(SPEC, 0, 5, 10, 1000)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    await export(store, tmp_path / "again.jsonl.gz")
    again = lines_of(tmp_path / "again.jsonl.gz")
    assert [line for line in again if line["line"] == "operation"] == [
        line for line in lines if line["line"] == "operation"
    ]
