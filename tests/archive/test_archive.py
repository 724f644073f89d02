"""A spec with its history as one file: what is written is what is read, and what is damaged is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from jupyter_speccollab.archive import importing, writing
from jupyter_speccollab.archive.file import compressed, new_file
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import Destination, import_archive, survey
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.archive.replay import hash_of
from jupyter_speccollab.archive.writing import Written, write
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import Grant, LoggedOperation, RevisionKind, Snapshot, SpecMissing, Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation
from tests.archive.histories import ADA, BOB, CAT, EDITS, SOME_TEXT, add_history, edits_of_trace
from tests.store.conftest import Connect
from tests.store.values import SPEC, a_snapshot, an_id, an_operation, moment

TO = Destination(an_id("new epoch"), moment(1000))


async def export(store: Store, path: Path) -> Written:
    with new_file(path, force=True) as file, compressed(file) as stream:
        return await write(store, SPEC, stream)


@pytest.fixture
def archive(tmp_path: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Path:
    """Of the little history, as it comes from a store."""

    async def make() -> None:
        store = MemoryStore()
        await add_history(store)
        await export(store, path)

    path = tmp_path / "spec.jsonl.gz"
    jp_asyncio_loop.run_until_complete(make())
    return path


def lines_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def files_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def rewrite(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Put these lines there, with a last line that holds for them."""
    data = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines[:-1])
    end = {**lines[-1], "lines": len(lines) - 1, "sha256": sha256(data).hexdigest()}
    path.write_bytes(gzip.compress(data + json.dumps(end).encode() + b"\n"))


async def refused(path: Path, destination: Destination = TO) -> str:
    """What whoever tries to import is told."""
    with pytest.raises(BadArchive) as caught:
        await survey(path, destination)
    store = MemoryStore()
    with pytest.raises(BadArchive):
        await import_archive(store, path, destination)
    assert (await store.specs()).specs == ()
    return str(caught.value)


# what is written -----------------------------------------------------------------------------------------


async def test_it_is_the_same_in_every_store(archive: Path, tmp_path: Path, connect: Connect) -> None:
    contents = await survey(archive, TO)
    assert (contents.spec.version, contents.revisions, contents.owners) == (len(EDITS), 4, (ADA,))
    other = await connect()
    await import_archive(other, archive, TO)
    again = tmp_path / "again.jsonl.gz"
    await export(other, again)
    before, after = lines_of(archive), lines_of(again)
    changed = [
        (a["line"], {key for key in a if a[key] != b[key]})
        for a, b in zip(before, after, strict=True)
        if a != b
    ]
    assert changed == [("spec", {"epoch"}), ("end", {"sha256"})]
    assert (await other.spec(SPEC)).epoch == TO.epoch


async def test_a_long_history_goes_to_postgres_and_back(
    tmp_path: Path, postgres_url: str, shared_data: Path
) -> None:
    edits = edits_of_trace(shared_data, "sveltecomponent")
    stores: list[Store] = [
        SqliteStore(tmp_path / "first.sqlite3"),
        PostgresStore(postgres_url),
        SqliteStore(tmp_path / "last.sqlite3"),
    ]
    files = [tmp_path / f"{number}.jsonl.gz" for number in range(3)]
    for number, store in enumerate(stores):
        await store.open()
        try:
            if number:
                await import_archive(store, files[number - 1], TO)
            else:
                text = await add_history(store, edits, every=500)
            assert (await export(store, files[number])).spec.version == len(edits) > 15_000
        finally:
            await store.close()
    first, *others = (lines_of(file) for file in files)
    assert first[-1]["contentHash"] == hash_of(str(text))
    for lines in others:
        assert lines[-1] == {**first[-1], "sha256": lines[-1]["sha256"]}
        assert [line for line in lines[:-1] if line["line"] != "spec"] == [
            line for line in first[:-1] if line["line"] != "spec"
        ]


async def test_lines_stand_in_the_order_that_is_documented(archive: Path) -> None:
    told = lines_of(archive)
    order = [line["line"] for line in told if line["line"] != "user"]
    assert order[:5] == ["header", "spec", "collaborator", "collaborator", "collaborator"]
    versions = [(line["version"], line["line"]) for line in told if line["line"] in ("operation", "revision")]
    assert versions == sorted(versions)
    assert order[-1] == "end"
    named = [line["userId"] for line in told if line["line"] == "user"]
    assert sorted(named) == sorted({ADA.user_id, BOB.user_id, CAT.user_id})


async def test_equal_specs_make_equal_files(archive: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    await add_history(store)
    await export(store, tmp_path / "again.jsonl.gz")
    assert bytes_of(tmp_path / "again.jsonl.gz") == bytes_of(archive)


async def test_a_spec_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecMissing):
        await export(MemoryStore(), tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


class Busy(MemoryStore):
    """People go on between any two pages of an export: ``between`` says what they do."""

    between: Callable[[], Any] | None = None

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        rows = await super().rows(spec_id, after, until, limit, characters)
        if self.between:
            await self.between()
        return rows


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PAGE", 2)


@pytest.mark.usefixtures("small_pages")
async def test_people_who_go_on_are_not_in_it(tmp_path: Path) -> None:
    store = Busy()
    text = await add_history(store)
    record = await store.spec(SPEC)

    async def go_on() -> None:
        version = (await store.spec(SPEC)).version
        more = an_operation(version + 1, by=BOB, operation=Operation.of("more "))
        await store.commit(SPEC, version, record.access_version, [more])
        await store.thin_snapshots(SPEC, [2, 4])
        last = a_snapshot(len(EDITS), str(text), RevisionKind.LABELLED, "meanwhile", by=BOB)
        await store.save_snapshot(SPEC, last)

    store.between = go_on
    path = tmp_path / "spec.jsonl.gz"
    assert (await export(store, path)).spec == record
    assert (await store.spec(SPEC)).version > record.version
    rows = list(read(path))
    assert [row.version for row in rows if isinstance(row, LoggedOperation)] == [1, 2, 3, 4, 5]
    kept = [(row.version, row.label) for row in rows if isinstance(row, Snapshot)]
    assert kept == [(0, None), (1, "first 🏁"), (5, "meanwhile")]


@pytest.mark.usefixtures("small_pages")
async def test_a_spec_that_is_deleted_or_replaced_meanwhile_makes_no_file(
    archive: Path, tmp_path: Path
) -> None:
    store = Busy()
    await add_history(store)

    async def delete() -> None:
        store.between = None
        await store.delete_spec(SPEC)

    async def replace_it() -> None:
        await delete()
        await import_archive(store, archive, TO)

    for between in (delete, replace_it):
        store.between = between
        with pytest.raises(BadArchive, match="deleted or replaced meanwhile"):
            await export(store, tmp_path / "none.jsonl.gz")
        if between is delete:
            await add_history(store)
    assert files_in(tmp_path) == [archive.name]


@pytest.mark.usefixtures("small_pages")
async def test_a_compaction_meanwhile_makes_no_file(tmp_path: Path) -> None:
    class Compacted(MemoryStore):
        async def rows(
            self, spec_id: str, after: int, until: int, limit: int, characters: int
        ) -> Sequence[LoggedOperation]:
            rows = await super().rows(spec_id, after, until, limit, characters)
            return [replace(row, changes=None) for row in rows] if after else rows

    store = Compacted()
    await add_history(store)
    with pytest.raises(BadArchive, match="folded away meanwhile: run the export again"):
        await export(store, tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


async def test_a_history_that_could_not_be_imported_is_not_exported(tmp_path: Path) -> None:
    store = MemoryStore()
    await add_history(store)
    await store.save_snapshot(SPEC, a_snapshot(3, "something else", by=ADA))
    with pytest.raises(BadArchive, match="revision 3 is not the text that its operations make"):
        await export(store, tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


# what is read --------------------------------------------------------------------------------------------


def test_wherever_it_is_cut_it_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(BadArchive, match=r"cut off|not an export"):
            list(read(archive))


def test_wherever_a_bit_is_flipped_nothing_else_is_read(archive: Path) -> None:
    whole = archive.read_bytes()
    right = list(read(archive))
    unnoticed = []
    for index in range(len(whole)):
        flipped = bytearray(whole)
        flipped[index] ^= 1 << index % 8
        archive.write_bytes(flipped)
        try:
            assert list(read(archive)) == right
            unnoticed.append(index)
        except BadArchive:
            pass
    assert len(unnoticed) < 10, "six bytes in the head of gzip, and bits that fill up, mean nothing"


def test_wherever_a_byte_of_the_text_is_changed_it_is_refused(archive: Path) -> None:
    with gzip.open(archive) as file:
        whole = file.read()
    for index in range(0, len(whole), 7):
        archive.write_bytes(gzip.compress(whole[:index] + b"7" + whole[index + 1 :], 1))
        if whole[index : index + 1] != b"7":
            with pytest.raises(BadArchive):
                list(read(archive))


async def test_lines_that_are_missing_or_changed_places_are_noticed(archive: Path) -> None:
    lines = lines_of(archive)
    for number in range(len(lines) - 1):
        rewrite(archive, [*lines[:number], *lines[number + 1 :]])
        if lines[number]["line"] not in ("collaborator", "revision"):
            await refused(archive)
        rewrite(archive, [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]])
        if {lines[number]["line"], lines[number + 1]["line"]} & {"header", "spec", "operation"}:
            with pytest.raises(BadArchive):
                list(read(archive))


def at(lines: list[dict[str, Any]], kind: str, version: int) -> dict[str, Any]:
    return next(line for line in lines if line["line"] == kind and line.get("version") == version)


@pytest.mark.parametrize(
    ("kind", "version", "change", "told"),
    [
        ("operation", 3, {"version": 4}, "version 4 stands where version 3 belongs"),
        ("operation", 2, {"changes": [[2, "Churn", "x"]]}, "does not fit the text before it"),
        ("operation", 3, {"changes": None}, "version 3 is folded, but version 2 is not"),
        ("operation", 5, {"userId": an_id("user", 99)}, "whom no line before it introduces"),
        ("operation", 5, {"line": "operations"}, "not a line of this format"),
        ("revision", 4, {"content": "another"}, "revision 4 does not match its hash"),
        (
            "revision",
            4,
            {"content": "another", "contentHash": sha256(b"another").hexdigest()},
            "revision 4 is not the text that its operations make",
        ),
        ("spec", 5, {"version": 6}, "ends at version 5, not at 6"),
        ("spec", 5, {"title": "a\0b"}, "NUL"),
    ],
)
async def test_what_is_wrong_is_told_with_its_line(
    archive: Path, kind: str, version: int, change: dict[str, Any], told: str
) -> None:
    lines = lines_of(archive)
    wrong = at(lines, kind, version)
    number = lines.index(wrong) + 1
    wrong.update(change)
    rewrite(archive, lines)
    sentence = await refused(archive)
    assert told in sentence
    if "ends at" not in told:
        assert f"line {number}:" in sentence


async def test_an_operation_id_that_comes_twice_is_refused(archive: Path) -> None:
    lines = lines_of(archive)
    at(lines, "operation", 5)["operationId"] = at(lines, "operation", 2)["operationId"]
    rewrite(archive, lines)
    store = MemoryStore()
    with pytest.raises(BadArchive, match="An operationId stands twice"):
        await import_archive(store, archive, TO)
    assert (await store.specs()).specs == ()


async def test_the_last_line_counts(archive: Path) -> None:
    with gzip.open(archive) as file:
        *before, end = file.readlines()
    told = json.loads(end)
    for change in ({"lines": 3}, {"sha256": "0" * 64}, {"contentHash": "0" * 64}):
        data = b"".join(before) + json.dumps({**told, **change}).encode() + b"\n"
        put(archive, gzip.compress(data))
        await refused(archive)
    put(archive, gzip.compress(b"".join([*before, end, b"{}\n"])))
    assert "something follows" in await refused(archive)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "was cut off here"),
        (b"# A spec\n", "not an export of a spec"),
        (gzip.compress(b"# A spec\n"), "not an export of a spec"),
        (gzip.compress(b'{"format": "speccollab-spec", "formatVersion": 2}\n'), "version 2"),
        (gzip.compress(b"[" * 100_000 + b"\n"), "not an export of a spec"),
    ],
)
async def test_another_file_is_told_from_an_export(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "other").write_bytes(data)
    assert told in await refused(tmp_path / "other")


async def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "can't be read" in await refused(tmp_path / "none")
    assert "can't be read" in await refused(tmp_path)


async def test_a_line_without_an_end_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.archive.reading.LONGEST", 1000)
    (tmp_path / "bomb").write_bytes(gzip.compress(b"x" * 1_000_000))
    assert "too long" in await refused(tmp_path / "bomb")


@pytest.mark.parametrize("damage", ["cut", "flipped", "gap", "wrong revision", "id twice"])
async def test_damage_that_shows_late_leaves_nothing_in_any_store(
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


async def test_an_import_that_nobody_waits_for_any_more_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, given_up = asyncio.get_running_loop(), Event()

    def read_slowly(path: Path) -> Iterator[Row]:
        for row in read(path):
            yield row
            if isinstance(row, LoggedOperation) and row.version == 2:
                loop.call_soon_threadsafe(task.cancel)
                assert given_up.wait(20)

    monkeypatch.setattr(importing, "read", read_slowly)
    store = SqliteStore(tmp_path / "specs.sqlite3")
    await store.open()
    task = asyncio.create_task(import_archive(store, archive, TO))
    try:
        with pytest.raises(asyncio.CancelledError):
            await task
        given_up.set()
        await store.save_user(BOB)  # after whatever the import does to its end
        assert (await store.specs()).specs == ()
        assert await store.users([ADA.user_id]) == {}
    finally:
        given_up.set()
        await store.close()


# as what it is imported ----------------------------------------------------------------------------------


async def imported(archive: Path, destination: Destination) -> MemoryStore:
    store = MemoryStore()
    await survey(archive, destination)
    await import_archive(store, archive, destination)
    return store


async def test_an_id_that_is_taken_is_refused_and_a_new_one_is_not(archive: Path) -> None:
    store = await imported(archive, TO)
    with pytest.raises(BadArchive, match="--as-new"):
        await import_archive(store, archive, TO)
    await import_archive(store, archive, replace(TO, spec_id=an_id("spec", 2)))
    first, second = [[await store.operations(key, 0)] for key in (SPEC, an_id("spec", 2))]
    assert first == second


async def test_an_owner_is_added_to_the_collaborators_or_put_in_their_place(archive: Path) -> None:
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


async def test_somebody_must_own_it(archive: Path) -> None:
    with pytest.raises(BadArchive, match="--owner"):
        await survey(archive, replace(TO, collaborators=False))
    lines = [line for line in lines_of(archive) if line.get("role") != "owner"]
    rewrite(archive, lines)
    with pytest.raises(BadArchive, match="--owner"):
        await survey(archive, TO)


async def test_folded_versions_travel_too(archive: Path, tmp_path: Path) -> None:
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


# the file ------------------------------------------------------------------------------------------------


def test_a_file_is_private_and_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "spec.jsonl.gz"
    with pytest.raises(ZeroDivisionError), new_file(path) as file:
        file.write(b"half" * (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with new_file(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadArchive, match="--force"), new_file(path):
        pass
    path.chmod(0o644)
    with pytest.raises(ZeroDivisionError), new_file(path, force=True) as file:
        file.write(b"half" * (1 // 0))
    assert path.read_bytes() == b"whole"
    with new_file(path, force=True) as file:
        file.write(b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    with pytest.raises(BadArchive, match="can't be written"), new_file(tmp_path / "none" / "spec"):
        pass


def test_equal_content_makes_equal_bytes() -> None:
    made = []
    for _ in range(2):
        buffer = BytesIO()
        with compressed(buffer) as stream:
            stream.write(SOME_TEXT.encode())
        made.append(buffer.getvalue())
    assert made[0] == made[1]
    assert gzip.decompress(made[0]).decode() == SOME_TEXT
