"""The contract of snapshots."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import product

import pytest

from jupyter_speccollab.store.base import CorruptSnapshot, RevisionKind, Store, UserMissing
from tests.store.values import BOB, NOBODY, SPEC, a_snapshot, an_id

pytestmark = pytest.mark.usefixtures("spec")

AUTO, SAVED, LABELLED, RESTORED, CREATED, BASE = RevisionKind


async def test_the_newest_at_or_below_a_version_is_found(store: Store) -> None:
    for version in (5, 20, 10):
        await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
    for at, version in [(None, 20), (99, 20), (20, 20), (19, 10), (10, 10), (4, 0), (0, 0)]:
        found = await store.snapshot(SPEC, at)
        assert found is not None
        assert found.version == version, at
    assert await store.snapshot(SPEC, -1) is None
    assert await store.snapshot(SPEC, 12) == a_snapshot(10, "text 10", AUTO)


@pytest.mark.parametrize(
    "content", ["", "\u2028🎈é\u0001\n", "é🎈" * 1_000_000], ids=["empty", "odd", "long"]
)
async def test_any_text_reads_back_unchanged(store: Store, content: str) -> None:
    saved = a_snapshot(3, content, SAVED, summary="+1 −2 · “Größe”")
    assert await store.save_snapshot(SPEC, saved) == saved
    assert await store.snapshot(SPEC) == saved


@pytest.mark.parametrize(("first", "second"), list(product(RevisionKind, RevisionKind)))
async def test_saving_again_only_raises_the_kind(
    store: Store, first: RevisionKind, second: RevisionKind
) -> None:
    await store.save_snapshot(SPEC, a_snapshot(1, "x", first))
    found = await store.save_snapshot(SPEC, a_snapshot(1, "x", second))
    assert found.kind is (second if second.rank > first.rank else first)
    assert await store.snapshot(SPEC) == found
    assert len(await store.revisions(SPEC)) == 2


async def test_saving_again_changes_only_kind_and_label(store: Store) -> None:
    first = a_snapshot(1, "x", AUTO, summary="first")
    await store.save_snapshot(SPEC, first)
    later = replace(
        a_snapshot(1, "x", LABELLED, "1.0", by=BOB, summary="second"), created_at=first.created_at
    )
    assert await store.save_snapshot(SPEC, later) == replace(first, kind=LABELLED, label="1.0")


async def test_a_new_label_replaces_the_old_one(store: Store) -> None:
    await store.save_snapshot(SPEC, a_snapshot(1, "x", LABELLED, "draft"))
    assert (await store.save_snapshot(SPEC, a_snapshot(1, "x", LABELLED, "final"))).label == "final"
    assert (await store.save_snapshot(SPEC, a_snapshot(1, "x", SAVED))).label == "final"
    found = await store.snapshot(SPEC)
    assert found is not None
    assert (found.kind, found.label) == (LABELLED, "final")


async def test_a_text_that_does_not_match_its_hash_is_refused(store: Store) -> None:
    await store.save_snapshot(SPEC, replace(a_snapshot(1, "right", AUTO), content="wrong"))
    with pytest.raises(CorruptSnapshot):
        await store.snapshot(SPEC)
    assert (await store.snapshot(SPEC, 0)) == a_snapshot()


async def test_revisions_are_listed_newest_first_in_pages(store: Store) -> None:
    for version in range(1, 31):
        await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
    first = await store.revisions(SPEC)
    assert [revision.version for revision in first] == list(range(30, 10, -1))
    assert first[0] == a_snapshot(30, "text 30", AUTO)
    rest = await store.revisions(SPEC, before=11, limit=50)
    assert [revision.version for revision in rest] == list(range(10, -1, -1))
    assert not await store.revisions(SPEC, before=0)


async def test_a_page_of_revisions_has_at_most_so_many_bytes_but_at_least_one(store: Store) -> None:
    for version, length in enumerate([400, 100, 100, 300, 100], start=1):
        await store.save_snapshot(SPEC, a_snapshot(version, "é" * (length // 2), AUTO))
    for most, versions in [
        (0, [5]),
        (99, [5]),
        (100, [5]),
        (399, [5]),
        (400, [5, 4]),
        (500, [5, 4, 3]),
        (999, [5, 4, 3, 2]),
        (1_000, [5, 4, 3, 2, 1, 0]),
    ]:
        found = await store.revisions(SPEC, most_bytes=most)
        assert [revision.version for revision in found] == versions, most
        assert all(revision.content is not None for revision in found)
    assert [one.version for one in await store.revisions(SPEC, before=4, most_bytes=150)] == [3]
    assert [one.version for one in await store.revisions(SPEC, before=4, limit=2, most_bytes=9_999)] == [3, 2]
    assert len(await store.revisions(SPEC, content=False, most_bytes=0)) == 6
    assert not await store.revisions(SPEC, before=0, most_bytes=100)
    assert not await store.revisions(an_id("spec", 2), most_bytes=100)


async def test_a_page_of_revisions_is_cut_before_it_is_read(store: Store) -> None:
    size = 500_000
    for version in range(1, 31):
        await store.save_snapshot(SPEC, a_snapshot(version, f"{version:02}" * (size // 2), AUTO))
    tracemalloc.start()
    try:
        found = await store.revisions(SPEC, limit=100, most_bytes=4 * size)
        assert [revision.version for revision in found] == [30, 29, 28, 27]
        assert tracemalloc.get_traced_memory()[1] < 16 * size
    finally:
        tracemalloc.stop()


async def test_revisions_can_leave_content_out(store: Store) -> None:
    saved = a_snapshot(1, "x" * 100, LABELLED, "1.0", summary="all")
    await store.save_snapshot(SPEC, saved)
    assert list(await store.revisions(SPEC, limit=1, content=False)) == [replace(saved, content=None)]


async def test_thinning_deletes_only_automatic_snapshots(store: Store) -> None:
    for version, kind in enumerate(RevisionKind, start=1):
        await store.save_snapshot(SPEC, a_snapshot(version, "x", kind, "l" if kind is LABELLED else None))
    await store.save_snapshot(SPEC, a_snapshot(6, "x", AUTO))
    await store.save_snapshot(SPEC, a_snapshot(7, "x", AUTO))
    await store.save_snapshot(SPEC, a_snapshot(7, "x", SAVED))
    assert await store.thin_snapshots(SPEC, [0, 1, 2, 3, 4, 5, 7, 99]) == 1
    assert [revision.version for revision in await store.revisions(SPEC)] == [7, 6, 5, 4, 3, 2, 0]
    assert await store.thin_snapshots(SPEC, []) == 0


async def test_a_snapshot_of_an_unknown_user_is_refused(store: Store) -> None:
    with pytest.raises(UserMissing):
        await store.save_snapshot(SPEC, replace(a_snapshot(1, "x"), created_by=NOBODY))


async def test_the_nearest_snapshot_is_found(store: Store) -> None:
    for version in (4, 10):
        await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
    for version, nearest in [(0, 0), (1, 0), (2, 4), (3, 4), (6, 4), (7, 10), (10, 10), (99, 10)]:
        assert await store.nearest_snapshot(SPEC, version) == nearest, version


async def test_only_automatic_snapshots_get_a_new_summary(store: Store) -> None:
    for version, kind in enumerate(RevisionKind, start=1):
        await store.save_snapshot(SPEC, a_snapshot(version, "x", kind, summary="as it was"))
        await store.set_summary(SPEC, version, "more")
        found = await store.snapshot(SPEC)
        assert found is not None
        assert found.changes_summary == ("more" if kind.is_automatic else "as it was")
    await store.set_summary(SPEC, 99, "more")


async def test_a_revision_whose_label_is_taken_away_stays(store: Store) -> None:
    await store.save_snapshot(SPEC, a_snapshot(1, "x", LABELLED, "1.0"))
    await store.save_snapshot(SPEC, a_snapshot(2, "y", AUTO))
    for version in (0, 1, 1, 2, 3):
        await store.remove_label(SPEC, version)
    found = [(one.version, one.kind, one.label) for one in await store.revisions(SPEC)]
    assert found == [(2, AUTO, None), (1, SAVED, None), (0, CREATED, None)]
    assert (await store.save_snapshot(SPEC, a_snapshot(1, "x", LABELLED, "1.1"))).label == "1.1"
