"""The contract of sittings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_speccollab.document.sitting import Sitting
from jupyter_speccollab.store.base import Measure, RevisionKind, Store, StoredSitting
from tests.store.values import ADA, BOB, SPEC, START, a_snapshot, an_id, moment, some_operations

pytestmark = pytest.mark.usefixtures("spec")

AUTO, SAVED, LABELLED, RESTORED, CREATED, BASE = RevisionKind
LATER = START + timedelta(days=1)


def a_sitting(first: int, last: int) -> Sitting:
    return Sitting(first, last, moment(first), moment(last))


async def firsts(store: Store) -> list[int]:
    return [row.sitting.first for row in await store.sittings(SPEC)]


async def test_sittings_are_listed_newest_first_in_pages(store: Store) -> None:
    assert list(await store.sittings(SPEC)) == []
    rows = [a_sitting(1, 4), a_sitting(5, 5), a_sitting(6, 90)]
    assert await store.add_sittings(SPEC, None, rows)
    assert list(await store.sittings(SPEC)) == [StoredSitting(each) for each in reversed(rows)]
    assert [row.sitting.first for row in await store.sittings(SPEC, limit=2)] == [6, 5]
    for before, expected in [(91, [6, 5, 1]), (90, [5, 1]), (6, [5, 1]), (5, [1]), (4, []), (0, [])]:
        assert [row.sitting.first for row in await store.sittings(SPEC, before)] == expected, before
    assert list(await store.sittings(an_id("spec", 2))) == []


async def test_the_next_one_is_found(store: Store) -> None:
    rows = [a_sitting(5, 6), a_sitting(7, 9), a_sitting(20, 21)]
    assert await store.next_sitting(SPEC, 0) is None
    assert await store.add_sittings(SPEC, None, rows[:2])
    assert await store.add_sittings(SPEC, None, rows[2:])
    for after, expected in [(0, rows[0]), (5, rows[1]), (6, rows[1]), (7, rows[2]), (20, None)]:
        assert await store.next_sitting(SPEC, after) == expected
    assert await store.next_sitting(an_id("spec", 2), 0) is None


async def test_the_last_one_may_go_on(store: Store) -> None:
    await store.add_sittings(SPEC, None, [a_sitting(1, 4), a_sitting(5, 6)])
    await store.set_measure(SPEC, a_sitting(5, 6), Measure({}, 1, 1, ""))
    assert await store.add_sittings(SPEC, a_sitting(5, 6), [a_sitting(5, 7), a_sitting(8, 9)])
    found = await store.sittings(SPEC)
    assert list(found) == [StoredSitting(a_sitting(*each)) for each in ((8, 9), (5, 7), (1, 4))]


async def test_one_before_a_gap_may_go_on_and_those_above_stay_measured(store: Store) -> None:
    measure = Measure({ADA.user_id: 1}, 1, 1, "")
    await store.add_sittings(SPEC, None, [a_sitting(1, 4), a_sitting(5, 6)])
    await store.add_sittings(SPEC, None, [a_sitting(20, 30)])
    for each in (a_sitting(1, 4), a_sitting(20, 30)):
        await store.set_measure(SPEC, each, measure)
    assert await store.add_sittings(SPEC, a_sitting(5, 6), [a_sitting(5, 9), a_sitting(10, 19)])
    assert list(await store.sittings(SPEC)) == [
        StoredSitting(a_sitting(20, 30), measure),
        StoredSitting(a_sitting(10, 19)),
        StoredSitting(a_sitting(5, 9)),
        StoredSitting(a_sitting(1, 4), measure),
    ]


async def test_of_two_who_add_at_the_same_time_one_does(store: Store) -> None:
    assert await store.add_sittings(SPEC, None, [a_sitting(5, 8)])
    assert not await store.add_sittings(SPEC, None, [a_sitting(5, 8)])
    assert not await store.add_sittings(SPEC, None, [a_sitting(1, 5)])
    assert not await store.add_sittings(SPEC, None, [a_sitting(8, 9)])
    assert not await store.add_sittings(SPEC, None, [a_sitting(6, 7)])
    assert not await store.add_sittings(SPEC, None, [a_sitting(1, 20)])
    assert not await store.add_sittings(SPEC, a_sitting(5, 7), [a_sitting(5, 9)])
    assert not await store.add_sittings(SPEC, a_sitting(2, 4), [a_sitting(9, 9)])
    assert not await store.add_sittings(SPEC, a_sitting(5, 8), [])
    assert not await store.add_sittings(an_id("spec", 2), None, [a_sitting(1, 4)])
    await store.trash_spec(SPEC, ADA.user_id, START)
    assert not await store.add_sittings(SPEC, a_sitting(5, 8), [a_sitting(9, 9)])
    assert await firsts(store) == [5]


@pytest.mark.parametrize("kind", RevisionKind)
async def test_a_late_revision_ends_a_sitting(store: Store, kind: RevisionKind) -> None:
    rows = [a_sitting(1, 4), a_sitting(5, 9), a_sitting(10, 12), replace(a_sitting(13, 15), ended_at=LATER)]
    rows.append(Sitting(16, 17, LATER + timedelta(minutes=10), LATER + timedelta(minutes=11)))
    await store.add_sittings(SPEC, None, rows)
    await store.add_sittings(SPEC, None, [a_sitting(30, 40)])
    ends = kind in (SAVED, LABELLED, RESTORED)
    for version in (40, 25, 12):  # the last one of a sitting, one in none, and the last one again
        await store.save_snapshot(SPEC, a_snapshot(version, "x", kind))
        assert await firsts(store) == [30, 16, 13, 10, 5, 1]
    await store.save_snapshot(SPEC, a_snapshot(14, "x", kind))
    assert await firsts(store) == [30, 16, *([] if ends else [13]), 10, 5, 1]
    await store.save_snapshot(SPEC, a_snapshot(7, "x", AUTO))
    await store.save_snapshot(SPEC, a_snapshot(7, "x", kind))
    assert await firsts(store) == ([30, 16, 1] if ends else [30, 16, 13, 10, 5, 1])
    if ends:
        assert not await store.add_sittings(SPEC, a_sitting(1, 4), [a_sitting(5, 8)])
        assert await store.add_sittings(SPEC, a_sitting(1, 4), [a_sitting(5, 7), a_sitting(8, 8)])
        await store.save_snapshot(SPEC, a_snapshot(7, "x", LABELLED, "again"))
        assert await firsts(store) == [30, 16, 8, 5, 1]  # it was asked for already


async def test_a_late_revision_changes_none_after_a_pause_in_a_long_history(store: Store) -> None:
    rows = [a_sitting(version, version) for version in range(1, 251)]
    late = [Sitting(251, 251, LATER, LATER), Sitting(252, 252, LATER, LATER)]
    await store.add_sittings(SPEC, None, [a_sitting(1, 2), *rows[2:], *late])
    await store.set_measure(SPEC, late[1], Measure({ADA.user_id: 1}, 1, 1, "kept"))
    await store.save_snapshot(SPEC, a_snapshot(1, "x", SAVED))
    assert [row.measure and row.measure.summary for row in await store.sittings(SPEC)] == ["kept", None]


async def test_a_measure_reads_back(store: Store) -> None:
    sitting = a_sitting(1, 4)
    await store.add_sittings(SPEC, None, [sitting])
    for measure in (
        Measure({ADA.user_id: 3, BOB.user_id: 1}, 10, 0, "changed “Größe”"),
        Measure({ADA.user_id: 4}, None, None, ""),
    ):
        await store.set_measure(SPEC, sitting, measure)
        assert list(await store.sittings(SPEC)) == [StoredSitting(sitting, measure)]
    for subjects in (("FR-001", "größe"), ()):
        await store.set_subjects(SPEC, sitting, subjects)
        assert list(await store.sittings(SPEC)) == [StoredSitting(sitting, measure, subjects)]


async def test_what_went_on_meanwhile_is_not_measured(store: Store) -> None:
    await store.add_sittings(SPEC, None, [a_sitting(1, 5)])
    for other in (a_sitting(1, 4), a_sitting(2, 5), replace(a_sitting(1, 5), ended_at=moment(6))):
        await store.set_measure(SPEC, other, Measure({}, 1, 1, ""))
        await store.set_subjects(SPEC, other, ["a"])
    await store.set_subjects(an_id("spec", 2), a_sitting(1, 5), ["a"])
    assert list(await store.sittings(SPEC)) == [StoredSitting(a_sitting(1, 5))]


async def test_versions_have_times_and_makers_also_when_folded(store: Store) -> None:
    await store.commit(SPEC, 0, 1, [*some_operations(1, 3), *some_operations(4, 2, by=BOB)])
    await store.save_snapshot(SPEC, a_snapshot(3, "text", AUTO))
    await store.fold(SPEC, 0, 3, base=3)
    assert list(await store.commit_times(SPEC, 0, 9)) == [(v, moment(v)) for v in range(1, 6)]
    assert list(await store.commit_times(SPEC, 2, 2)) == [(3, moment(3)), (4, moment(4))]
    assert list(await store.commit_times(SPEC, 5, 2)) == []
    assert await store.contributions(SPEC, 0, 5) == {ADA.user_id: 3, BOB.user_id: 2}
    assert await store.contributions(SPEC, 2, 4) == {ADA.user_id: 1, BOB.user_id: 1}
    assert await store.contributions(SPEC, 5, 9) == {}


async def test_revisions_that_are_not_automatic_are_listed(store: Store) -> None:
    for version, kind in enumerate(RevisionKind, start=1):
        label = "1.0" if kind is LABELLED else None
        await store.save_snapshot(SPEC, a_snapshot(version, "x", kind, label, summary="s"))
    found = await store.kept_revisions(SPEC, 1, 4)
    assert list(found) == [
        replace(a_snapshot(version, "x", kind, label, summary="s"), content=None)
        for version, kind, label in ((2, SAVED, None), (3, LABELLED, "1.0"), (4, RESTORED, None))
    ]
    assert [one.version for one in await store.kept_revisions(SPEC, -1, 99)] == [0, 2, 3, 4, 5]
    assert list(await store.kept_revisions(SPEC, 5, 99)) == []


async def test_sittings_end_with_their_spec(store: Store) -> None:
    await store.add_sittings(SPEC, None, [a_sitting(1, 4)])
    await store.delete_spec(SPEC)
    assert list(await store.sittings(SPEC)) == []
