"""The contract of folding old operations."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs

from jupyter_speccollab.store.base import (
    CommitRecord,
    FirstCommit,
    OperationIdsTaken,
    OperationsFolded,
    RevisionKind,
    Size,
    SnapshotMissing,
    Store,
)
from tests.store.conftest import Connect
from tests.store.values import BOB, NOBODY, SPEC, a_snapshot, an_id, an_operation, moment, some_operations

pytestmark = pytest.mark.usefixtures("spec")

AUTO, BASE = RevisionKind.AUTO, RevisionKind.BASE


async def grown(store: Store, count: int, *kept: int) -> None:
    """Commit ``count`` operations, and save automatic snapshots at the versions ``kept``."""
    await store.commit(SPEC, 0, 1, some_operations(1, count))
    for version in kept:
        await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))


async def test_folding_drops_the_changes_and_keeps_the_rest_of_the_row(store: Store) -> None:
    made = [*some_operations(1, 4), an_operation(5, by=BOB, session=None), *some_operations(6, 3)]
    await store.commit(SPEC, 0, 1, made)
    await store.save_snapshot(SPEC, a_snapshot(6, "text", AUTO))
    await store.fold(SPEC, 0, 5, base=6)
    assert await store.folded(SPEC) == 5
    expected = [
        CommitRecord(
            each.version,
            each.operation_id,
            each.user_id,
            each.user_name,
            each.session_id,
            each.timestamp,
            each.fingerprint,
            folded=each.version <= 5,
        )
        for each in made
    ]
    assert list(await store.commits(SPEC, 0)) == expected
    assert list(await store.commits(SPEC, 3, until=7, limit=2)) == expected[3:5]
    assert list(await store.operations(SPEC, 5)) == made[5:]
    assert list(await store.operations(SPEC, 5, until=6)) == [made[5]]


@pytest.mark.parametrize(
    ("after", "until", "limit", "newest"),
    [(0, None, None, 5), (4, None, None, 5), (1, 3, None, 3), (0, 9, 2, 2)],
)
async def test_a_list_of_operations_never_has_a_hole(
    store: Store, after: int, until: int | None, limit: int | None, newest: int
) -> None:
    await grown(store, 8, 5)
    await store.fold(SPEC, 0, 5, base=5)
    with pytest.raises(OperationsFolded) as caught:
        await store.operations(SPEC, after, until, limit)
    assert caught.value.until == newest


async def test_the_id_of_a_folded_operation_stays_taken(store: Store) -> None:
    first = an_operation(1)
    await store.commit(SPEC, 0, 1, [first])
    await store.save_snapshot(SPEC, a_snapshot(1, "text", AUTO))
    await store.fold(SPEC, 0, 1, base=1)
    known = {
        first.operation_id: FirstCommit(first.operation_id, 1, first.user_id, first.fingerprint),
    }
    assert await store.first_commits(SPEC, [first.operation_id]) == known
    with pytest.raises(OperationIdsTaken) as caught:
        await store.commit(SPEC, 1, 1, [structs.replace(first, version=2)])
    assert caught.value.first_commits == known


async def test_folding_continues_after_the_folded_versions(store: Store) -> None:
    await grown(store, 9, 9)
    assert await store.folded(SPEC) == 0
    for after in range(0, 9, 3):
        await store.fold(SPEC, after, after + 3, base=9)
        assert await store.folded(SPEC) == after + 3
    await store.fold(SPEC, 0, 3, base=9)  # folding again changes nothing
    assert await store.folded(SPEC) == 9
    await store.commit(SPEC, 9, 1, some_operations(10, 1))
    assert await store.folded(SPEC) == 9


async def test_folding_needs_a_snapshot_and_folded_versions_before_it(store: Store) -> None:
    await grown(store, 9, 6)
    for after, until, base in [(0, 5, 5), (0, 6, 7), (0, 8, 9)]:
        with pytest.raises(SnapshotMissing):
            await store.fold(SPEC, after, until, base)
    with pytest.raises(SnapshotMissing):
        await store.fold(NOBODY, 0, 1, base=1)
    with pytest.raises(ValueError, match="version 6"):
        await store.fold(SPEC, 0, 7, base=6)
    with pytest.raises(ValueError, match="Version 1"):
        await store.fold(SPEC, 1, 6, base=6)
    assert await store.folded(SPEC) == 0
    assert await store.thin_snapshots(SPEC, [6]) == 1  # the refused calls did not protect the snapshot either


async def test_the_base_snapshot_is_not_thinned(store: Store) -> None:
    await grown(store, 9, 3, 6, 8)
    await store.fold(SPEC, 0, 3, base=3)
    assert await store.thin_snapshots(SPEC, [3]) == 0
    await store.fold(SPEC, 3, 5, base=6)  # as after an interrupted compaction
    assert await store.thin_snapshots(SPEC, [6]) == 0
    assert await store.thin_snapshots(SPEC, [3, 8]) == 2  # no version is rebuilt from 3 any more
    kinds = {each.version: each.kind for each in await store.revisions(SPEC)}
    assert kinds == {6: BASE, 0: RevisionKind.CREATED}
    saved = await store.save_snapshot(SPEC, a_snapshot(6, "text 6", AUTO))
    assert saved.kind is BASE
    saved = await store.save_snapshot(SPEC, a_snapshot(6, "text 6", RevisionKind.SAVED))
    assert saved.kind is RevisionKind.SAVED


async def test_thinning_and_folding_at_once_never_lose_the_text(connect: Connect, store: Store) -> None:
    other = await connect()
    await store.commit(SPEC, 0, 1, some_operations(1, 40))
    for version in range(1, 41):
        await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
        thinned, outcome = await asyncio.gather(
            other.thin_snapshots(SPEC, [version]),
            store.fold(SPEC, version - 1, version, base=version),
            return_exceptions=True,
        )
        if thinned:
            assert isinstance(outcome, SnapshotMissing)
            await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
            await store.fold(SPEC, version - 1, version, base=version)
        else:
            assert outcome is None
        newest = await store.snapshot(SPEC)
        assert newest is not None
        assert newest.version == version == await store.folded(SPEC)


async def test_commits_and_folding_run_concurrently(connect: Connect, store: Store) -> None:
    other = await connect()
    await grown(store, 50, 50)

    async def commit() -> None:
        for version in range(50, 100):
            await other.commit(SPEC, version, 1, some_operations(version + 1, 1))

    async def fold() -> None:
        for after in range(50):
            await store.fold(SPEC, after, after + 1, base=50)

    await asyncio.gather(commit(), fold())
    assert [each.version for each in await store.operations(SPEC, 50)] == list(range(51, 101))
    assert await store.folded(SPEC) == 50


async def test_version_before_stops_at_the_first_newer_operation(store: Store) -> None:
    times = [1, 2, 9, 4, 5, 10]  # the clock of one server was ahead
    made = some_operations(1, 6)
    await store.commit(
        SPEC,
        0,
        1,
        [structs.replace(each, timestamp=moment(at)) for each, at in zip(made, times, strict=True)],
    )
    for at, version in [(0, 0), (1, 0), (1.5, 1), (3, 2), (9, 2), (9.5, 5), (10, 5), (11, 6)]:
        assert await store.version_before(SPEC, moment(at)) == version, at


async def test_sizes(store: Store) -> None:
    await grown(store, 6, 4)
    await store.save_snapshot(SPEC, a_snapshot(6, "é" * 100, AUTO))
    before = await store.size(SPEC)
    assert (before.operations, before.folded, before.snapshots) == (6, 0, 3)
    assert before.snapshot_bytes >= 200
    old, young = await store.size(SPEC, 4), before.operation_bytes
    assert (old.operations, old.snapshots) == (4, 2)
    assert 0 < old.operation_bytes < young
    await store.fold(SPEC, 0, 4, base=4)
    after = await store.size(SPEC)
    assert after == replace(before, folded=4, operation_bytes=before.operation_bytes - old.operation_bytes)
    assert before + after == Size(
        12, 4, before.operation_bytes + after.operation_bytes, 6, 2 * before.snapshot_bytes
    )


async def test_an_unknown_spec_has_nothing_to_compact(store: Store) -> None:
    nobody = an_id("spec", 7)
    assert await store.size(nobody) == Size()
    assert await store.folded(nobody) == await store.version_before(nobody, moment(0)) == 0
    assert list(await store.commits(nobody, 0)) == []
    assert await store.nearest_snapshot(nobody, 1) is None
    await store.set_summary(nobody, 1, "more")
