"""Writing an archive: the file is the same from every store, also while the spec changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive import writing
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import import_archive, survey
from jupyter_speccollab.archive.reading import read
from jupyter_speccollab.archive.replay import hash_of
from jupyter_speccollab.store.base import LoggedOperation, RevisionKind, Snapshot, SpecMissing, Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.store.postgres import PostgresStore
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation
from tests.archive.files import TO, bytes_of, export, files_in, lines_of
from tests.archive.histories import ADA, BOB, CAT, EDITS, add_history, edits_of_trace
from tests.store.conftest import Connect
from tests.store.values import SPEC, a_snapshot, an_operation


async def test_the_archive_is_the_same_from_every_store(
    archive: Path, tmp_path: Path, connect: Connect
) -> None:
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


async def test_a_long_history_is_the_same_after_import_and_export(
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


async def test_records_are_in_the_documented_order(archive: Path) -> None:
    told = lines_of(archive)
    order = [line["line"] for line in told if line["line"] != "user"]
    assert order[:5] == ["header", "spec", "collaborator", "collaborator", "collaborator"]
    versions = [(line["version"], line["line"]) for line in told if line["line"] in ("operation", "revision")]
    assert versions == sorted(versions)
    assert order[-1] == "end"
    named = [line["userId"] for line in told if line["line"] == "user"]
    assert sorted(named) == sorted({ADA.user_id, BOB.user_id, CAT.user_id})


async def test_equal_specs_give_equal_files(archive: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    await add_history(store)
    await export(store, tmp_path / "again.jsonl.gz")
    assert bytes_of(tmp_path / "again.jsonl.gz") == bytes_of(archive)


async def test_exporting_an_unknown_spec_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpecMissing):
        await export(MemoryStore(), tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


class ChangedDuringExport(MemoryStore):
    """A store that calls ``between`` after each page of an export, to change the spec during the export."""

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
async def test_edits_during_the_export_are_not_in_it(tmp_path: Path) -> None:
    store = ChangedDuringExport()
    text = await add_history(store)
    record = await store.spec(SPEC)

    async def edit_on() -> None:
        version = (await store.spec(SPEC)).version
        more = an_operation(version + 1, by=BOB, operation=Operation.of("more "))
        await store.commit(SPEC, version, record.access_version, [more])
        await store.thin_snapshots(SPEC, [2, 4])
        last = a_snapshot(len(EDITS), str(text), RevisionKind.LABELLED, "meanwhile", by=BOB)
        await store.save_snapshot(SPEC, last)

    store.between = edit_on
    path = tmp_path / "spec.jsonl.gz"
    assert (await export(store, path)).spec == record
    assert (await store.spec(SPEC)).version > record.version
    rows = list(read(path))
    assert [row.version for row in rows if isinstance(row, LoggedOperation)] == [1, 2, 3, 4, 5]
    kept = [(row.version, row.label) for row in rows if isinstance(row, Snapshot)]
    assert kept == [(0, None), (1, "first 🏁"), (5, "meanwhile")]


@pytest.mark.usefixtures("small_pages")
async def test_deleting_or_replacing_the_spec_during_the_export_makes_no_file(
    archive: Path, tmp_path: Path
) -> None:
    store = ChangedDuringExport()
    await add_history(store)

    async def delete() -> None:
        store.between = None
        await store.delete_spec(SPEC)

    async def replace_it() -> None:
        await delete()
        await import_archive(store, archive, TO)

    for between in (delete, replace_it):
        store.between = between
        with pytest.raises(BadArchive, match="deleted or replaced during the export"):
            await export(store, tmp_path / "none.jsonl.gz")
        if between is delete:
            await add_history(store)
    assert files_in(tmp_path) == [archive.name]


@pytest.mark.usefixtures("small_pages")
async def test_a_compaction_during_the_export_makes_no_file(tmp_path: Path) -> None:
    class Compacted(MemoryStore):
        async def rows(
            self, spec_id: str, after: int, until: int, limit: int, characters: int
        ) -> Sequence[LoggedOperation]:
            rows = await super().rows(spec_id, after, until, limit, characters)
            return [replace(row, changes=None) for row in rows] if after else rows

    store = Compacted()
    await add_history(store)
    with pytest.raises(BadArchive, match="folded during the export: run it again"):
        await export(store, tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []


async def test_a_damaged_history_is_not_exported(tmp_path: Path) -> None:
    store = MemoryStore()
    await add_history(store)
    await store.save_snapshot(SPEC, a_snapshot(3, "something else", by=ADA))
    with pytest.raises(BadArchive, match="revision 3 is not the text that its operations make"):
        await export(store, tmp_path / "spec.jsonl.gz")
    assert files_in(tmp_path) == []
