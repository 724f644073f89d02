"""The contract of attribution."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from jupyter_speccollab.store.base import RevisionKind, SpecRecord, Store, StoredAttribution
from jupyter_speccollab.text import Operation
from tests.store.values import (
    ADA,
    BOB,
    SPEC,
    START,
    a_snapshot,
    a_spec,
    an_id,
    an_operation,
    moment,
    some_operations,
)

pytestmark = pytest.mark.usefixtures("spec")

EPOCH = an_id("epoch")

Connect = Callable[[], Awaitable[Store]]


async def with_snapshots(store: Store, *versions: int) -> None:
    for version in versions:
        await store.save_snapshot(SPEC, a_snapshot(version, "x" * version, RevisionKind.AUTO))


async def test_the_newest_one_up_to_a_version_is_found(store: Store) -> None:
    await with_snapshots(store, 3, 5, 9)
    assert await store.attribution(SPEC) is None
    three, nine = StoredAttribution(3, b"three"), StoredAttribution(9, b"\0nine")
    for each in (three, nine):
        await store.set_attribution(SPEC, EPOCH, each)
    assert await store.attribution(SPEC) == nine
    assert await store.attribution(SPEC, at=8) == await store.attribution(SPEC, at=3) == three
    assert await store.attribution(SPEC, at=2) is None
    assert await store.attribution(an_id("spec", 5)) is None


async def test_it_comes_with_a_new_snapshot_only(store: Store) -> None:
    await store.save_snapshot(SPEC, a_snapshot(3, "xxx", RevisionKind.AUTO), b"three")
    await store.save_snapshot(SPEC, a_snapshot(3, "xxx", RevisionKind.SAVED), b"other")
    await store.save_snapshot(SPEC, a_snapshot(0, "", RevisionKind.SAVED), b"none")
    assert await store.attribution(SPEC) == StoredAttribution(3, b"three")
    assert await store.attribution(SPEC, at=2) is None


async def test_a_version_without_snapshot_has_none(store: Store) -> None:
    await with_snapshots(store, 3)
    await store.set_attribution(SPEC, EPOCH, StoredAttribution(4, b"four"))
    await store.set_attribution(an_id("spec", 5), EPOCH, StoredAttribution(3, b"three"))
    assert await store.attribution(SPEC) is None


async def test_a_thinned_snapshot_takes_it_along(store: Store) -> None:
    await with_snapshots(store, 3, 5)
    for version in (3, 5):
        await store.set_attribution(SPEC, EPOCH, StoredAttribution(version, b"x"))
    await store.thin_snapshots(SPEC, [5])
    assert await store.attribution(SPEC) == StoredAttribution(3, b"x")


async def test_a_snapshot_that_is_saved_again_keeps_it(store: Store) -> None:
    await with_snapshots(store, 3)
    await store.set_attribution(SPEC, EPOCH, StoredAttribution(3, b"three"))
    await store.save_snapshot(SPEC, a_snapshot(3, "xxx", RevisionKind.LABELLED, "A label"))
    assert await store.attribution(SPEC) == StoredAttribution(3, b"three")


async def test_which_snapshots_have_none(store: Store) -> None:
    await with_snapshots(store, 3, 5, 9)
    await store.set_attribution(SPEC, EPOCH, StoredAttribution(5, b"five"))
    assert list(await store.unattributed(SPEC, -1)) == [0, 3, 9]
    assert list(await store.unattributed(SPEC, 0, 8)) == [3]
    assert list(await store.unattributed(SPEC, 0, limit=1)) == [3]
    assert list(await store.unattributed(SPEC, 9)) == []
    assert list(await store.unattributed(an_id("spec", 5), -1)) == []


async def test_pages_come_in_order_and_never_change(store: Store) -> None:
    assert list(await store.byline_pages(SPEC)) == []
    for number, page in enumerate([b"one", b"\0two", b"three"]):
        await store.add_byline_page(SPEC, EPOCH, number, page)
    await store.add_byline_page(SPEC, EPOCH, 1, b"other")
    assert list(await store.byline_pages(SPEC)) == [b"one", b"\0two", b"three"]
    assert list(await store.byline_pages(an_id("spec", 5))) == []
    await store.add_byline_page(an_id("spec", 5), EPOCH, 0, b"one")


async def test_two_servers_add_the_same_page(store: Store, connect: Connect) -> None:
    other = await connect()
    await asyncio.gather(*(each.add_byline_page(SPEC, EPOCH, 0, b"page") for each in (store, other)))
    assert list(await other.byline_pages(SPEC)) == [b"page"]


async def test_who_made_each_version(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 2))
    await store.commit(SPEC, 2, 1, some_operations(3, 2, by=BOB))
    expected = [
        (ADA.user_id, moment(1)),
        (ADA.user_id, moment(2)),
        (BOB.user_id, moment(3)),
        (BOB.user_id, moment(4)),
    ]
    assert list(await store.made_by(SPEC, 0, 4)) == expected
    assert list(await store.made_by(SPEC, 1, 3)) == expected[1:3]
    assert list(await store.made_by(an_id("spec", 5), 0, 4)) == []
    await with_snapshots(store, 2)
    await store.fold(SPEC, 0, 2, base=2)
    assert list(await store.made_by(SPEC, 0, 9)) == expected


async def test_all_of_it_goes_with_the_spec(store: Store, spec: SpecRecord) -> None:
    await with_snapshots(store, 3)
    await store.set_attribution(SPEC, EPOCH, StoredAttribution(3, b"three"))
    await store.add_byline_page(SPEC, EPOCH, 0, b"page")
    await store.trash_spec(SPEC, ADA.user_id, START)
    assert await store.attribution(SPEC) is not None
    await store.delete_spec(SPEC)
    await store.create_spec(a_spec(), None, a_snapshot())
    assert await store.attribution(SPEC) is None
    assert list(await store.byline_pages(SPEC)) == []


async def test_nothing_is_stored_for_another_history(store: Store) -> None:
    await with_snapshots(store, 3)
    await store.set_attribution(SPEC, an_id("epoch", 7), StoredAttribution(3, b"three"))
    await store.add_byline_page(SPEC, an_id("epoch", 7), 0, b"page")
    assert await store.attribution(SPEC) is None
    assert list(await store.byline_pages(SPEC)) == []


async def test_versions_have_what_they_changed_unless_it_is_folded(store: Store) -> None:
    long = an_operation(3, operation=Operation.of("x" * 500))
    await store.commit(SPEC, 0, 1, [*some_operations(1, 2), long, an_operation(4)])
    rows = await store.rows(SPEC, 0, 4, 9, 9_000)
    expected = [(row.version, row.changes) for row in rows]
    assert [list(each) for each in expected[2][1] or ()] == [[0, "", "x" * 500]]

    async def changes(after: int, until: int, limit: int = 9, characters: int = 9_000) -> list[Any]:
        return list(await store.changes(SPEC, after, until, limit, characters))

    assert await changes(0, 4) == expected
    assert await changes(1, 3) == expected[1:3]
    assert await changes(0, 4, limit=2) == expected[:2]
    assert await changes(0, 4, characters=300) == expected[:2]
    assert await changes(2, 4, characters=300) == expected[2:3]
    assert await changes(4, 9) == []
    assert list(await store.changes(an_id("spec", 5), 0, 4, 9, 9_000)) == []
    await with_snapshots(store, 2)
    await store.fold(SPEC, 0, 2, base=2)
    assert await changes(0, 4) == [(1, None), (2, None), *expected[2:]]
