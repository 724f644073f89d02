"""Attributions in an archive: who wrote which letter is the same after an import, also of a folded history."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from jupyter_speccollab.archive.importing import import_archive
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.store.base import OperationsFolded, Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Attribution, Run, total
from tests.archive.files import TO, export, lines_of, refused, rewrite
from tests.archive.histories import EDITS, add_history
from tests.store.conftest import Connect
from tests.store.values import SPEC, moment


async def runs_at(store: Store, version: int) -> list[Run] | None:
    """The runs of a version; ``None`` if its operations were folded."""
    attributions = Attributions(store)
    begun = await attributions.begun(SPEC, version)
    try:
        steps = [step async for part in attributions.steps(SPEC, begun.version, version) for step in part]
    except OperationsFolded:
        return None
    return list(Attribution.from_bytes(begun.runs).after(total(steps)))


async def runs_of_all(store: Store) -> list[list[Run] | None]:
    return [await runs_at(store, version) for version in range(len(EDITS) + 1)]


async def compacted(cut: int) -> tuple[MemoryStore, list[list[Run] | None]]:
    """A history that is folded up to a version, and what was told of each version before."""
    store = MemoryStore()
    await add_history(store)
    before = await runs_of_all(store)
    compaction = Compaction(store, moment(cut + 0.5))
    plan = await compaction.plan(SPEC)
    assert plan is not None
    assert await compaction.carry_out(plan)
    return store, before


@pytest.mark.parametrize("cut", [2, 3, 5])
async def test_a_folded_history_keeps_who_wrote_which_letter(
    tmp_path: Path, connect: Connect, cut: int
) -> None:
    store, before = await compacted(cut)
    await export(store, tmp_path / "spec.jsonl.gz")
    other = await connect()
    await import_archive(other, tmp_path / "spec.jsonl.gz", TO)
    after = await runs_of_all(other)
    assert after == await runs_of_all(store)
    assert after[cut:] == before[cut:]
    assert after[1] == before[1], "the labelled revision"
    await export(other, tmp_path / "again.jsonl.gz")
    assert [line for line in lines_of(tmp_path / "again.jsonl.gz") if line["line"] == "attribution"] == [
        line for line in lines_of(tmp_path / "spec.jsonl.gz") if line["line"] == "attribution"
    ]


async def test_a_whole_history_holds_none(tmp_path: Path) -> None:
    store = MemoryStore()
    await add_history(store)
    async for _ in Attributions(store).fill(SPEC):
        pass
    await export(store, tmp_path / "spec.jsonl.gz")
    lines = lines_of(tmp_path / "spec.jsonl.gz")
    assert lines[0]["contents"] == []
    assert not [line for line in lines if line["line"] == "attribution"]


async def test_false_ones_are_refused(tmp_path: Path) -> None:
    store, _ = await compacted(3)
    path = tmp_path / "spec.jsonl.gz"
    await export(store, path)
    lines = lines_of(path)
    assert lines[0]["contents"] == ["attributions"]
    number = next(n for n, line in enumerate(lines) if line["line"] == "attribution" and line["version"] == 3)
    length = len(lines[number - 1]["content"])
    for runs, flaw in (
        (Attribution.of([(length + 1, 1)]).to_bytes(), "not one of a text of this length"),
        (Attribution.of([(length, 4)]).to_bytes(), "names a later version"),
        (b"\1\1\0\0\0nothing", "can't be decompressed"),
        (b"\2", "unknown format"),
    ):
        false = {**lines[number], "runs": base64.b64encode(runs).decode()}
        rewrite(path, [*lines[:number], false, *lines[number + 1 :]])
        assert flaw in await refused(path)
    rewrite(path, [*lines[: number - 1], lines[number], *lines[number:]])
    assert "follows no revision of it" in await refused(path)
