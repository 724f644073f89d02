"""The contract of the trash."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import (
    AccessChanged,
    Quota,
    QuotaReached,
    RevisionKind,
    SpecIdTaken,
    SpecMissing,
    SpecRecord,
    Store,
    Usage,
)
from tests.store.values import (
    ADA,
    BOB,
    SPEC,
    a_message,
    a_session,
    a_snapshot,
    a_spec,
    a_thread,
    an_id,
    moment,
    some_operations,
)

Connect = Callable[[], Awaitable[Store]]


async def test_for_everybody_it_is_as_deleted(store: Store, spec: SpecRecord) -> None:
    seen = await store.access(SPEC)
    await store.trash_spec(SPEC, BOB.user_id, moment(5))
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: store.spec(SPEC),
        lambda: store.access(SPEC),
        lambda: store.grants(SPEC),
        lambda: store.update_spec(SPEC, {"title": "x"}),
        lambda: store.change_access(seen, BOB.user_id, Role.OWNER, ADA.user_id, moment(6)),
        lambda: store.change_access(replace(seen, version=2), BOB.user_id, None, ADA.user_id, moment(6)),
        lambda: store.commit(SPEC, 0, seen.version, some_operations(1, 1)),
        lambda: store.commit(SPEC, 0, seen.version + 1, some_operations(1, 1)),
        lambda: store.trash_spec(SPEC, BOB.user_id, moment(6)),
    ]
    for call in calls:
        with pytest.raises(SpecMissing):
            await call()
    assert not (await store.specs()).specs
    assert not await store.states([SPEC])


async def test_it_comes_back_with_everything(store: Store, spec: SpecRecord) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 3))
    await store.save_snapshot(SPEC, a_snapshot(3, "x", RevisionKind.LABELLED, "a label"))
    await store.change_access(await store.access(SPEC), BOB.user_id, Role.VIEWER, ADA.user_id, moment(4))
    grants = await store.grants(SPEC)
    await store.write_thread(SPEC, 0, a_thread(messages=[a_message(mentions=[BOB])]))
    await store.write_thread(SPEC, 1, a_thread(1, changed=2))
    await store.delete_thread(SPEC, 2, an_id("thread", 1))
    before = await store.spec(SPEC)
    threads, gone = await store.threads(SPEC), await store.deleted_threads(SPEC, 0)
    log, revisions = await store.operations(SPEC, 0), await store.revisions(SPEC)
    await store.trash_spec(SPEC, BOB.user_id, moment(5))
    trashed = await store.trashed(SPEC)
    assert (trashed.trashed_at, trashed.trashed_by) == (moment(5), BOB.user_id)
    assert (await store.trashed_access(SPEC)).entries == {ADA.user_id: Role.OWNER, BOB.user_id: Role.VIEWER}
    back = await store.undelete_spec(SPEC)
    assert back == await store.spec(SPEC) == replace(before, access_version=before.access_version + 1)
    assert (await store.grants(SPEC), await store.operations(SPEC, 0)) == (grants, log)
    assert await store.revisions(SPEC) == revisions
    assert (await store.threads(SPEC), await store.deleted_threads(SPEC, 0)) == (threads, gone)
    assert await store.thread_counts([SPEC], BOB.user_id) == {SPEC: (1, 1)}
    await store.commit(SPEC, 3, back.access_version, some_operations(4, 1))
    assert [found.spec_id for found in (await store.specs()).specs] == [SPEC]
    assert not (await store.trashed_specs()).specs


async def test_a_commit_that_was_under_way_does_not_succeed(store: Store, spec: SpecRecord) -> None:
    seen = await store.access(SPEC)
    await store.trash_spec(SPEC, ADA.user_id, moment(5))
    await store.undelete_spec(SPEC)
    with pytest.raises(AccessChanged):
        await store.commit(SPEC, 0, seen.version, some_operations(1, 1))


async def test_what_is_not_in_the_trash_is_missing_there(store: Store, spec: SpecRecord) -> None:
    for spec_id in (SPEC, an_id("spec", 5)):
        for call in (store.trashed, store.trashed_access, store.undelete_spec):
            with pytest.raises(SpecMissing):
                await call(spec_id)
        assert not await store.end_trashed(spec_id, moment(1e9))
    assert await store.spec(SPEC) == spec


async def test_its_id_stays_taken_and_it_counts(store: Store, spec: SpecRecord) -> None:
    usage = await store.total_usage()
    assert await store.trash_usage() == Usage()
    await store.trash_spec(SPEC, ADA.user_id, moment(5))
    assert await store.trash_usage() == await store.total_usage() == usage
    assert (await store.usage([ADA.user_id]))[ADA.user_id] == usage
    with pytest.raises(SpecIdTaken):
        await store.create_spec(a_spec(), None, a_snapshot())
    with pytest.raises(SpecIdTaken):
        await store.import_spec(lambda: iter([a_spec()]))
    with pytest.raises(QuotaReached):
        await store.create_spec(a_spec(an_id("spec", 2)), None, a_snapshot(), Quota(specs=1))
    await store.delete_spec(SPEC)
    assert await store.total_usage() == await store.trash_usage() == Usage()
    await store.create_spec(a_spec(), None, a_snapshot())


async def test_deleting_deletes_its_sessions_too(store: Store, spec: SpecRecord) -> None:
    await store.add_sessions([a_session()])
    await store.trash_spec(SPEC, ADA.user_id, moment(5))
    await store.delete_spec(SPEC)
    assert not await store.sessions([SPEC])


async def test_pages_list_every_spec_once_last_deleted_first(store: Store) -> None:
    ids = [an_id("spec", number) for number in range(5)]
    for number, spec_id in enumerate(ids):
        await store.create_spec(a_spec(spec_id, at=-number, title=f"Größe {number}"), None, a_snapshot())
        await store.trash_spec(spec_id, ADA.user_id, moment(min(number, 3)))
    pages, cursor = [], None
    while True:
        page = await store.trashed_specs(cursor=cursor, limit=2)
        pages.append([spec.spec_id for spec in page.specs])
        if (cursor := page.next_cursor) is None:
            break
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [spec_id for page in pages for spec_id in page] == sorted(ids[3:], reverse=True) + ids[2::-1]
    assert [one.title for one in (await store.trashed_specs("GRÖSSE 2")).specs] == ["Größe 2"]
    assert [one.spec_id for one in (await store.trashed_specs(only=ids[1])).specs] == [ids[1]]
    assert not (await store.trashed_specs("a\0b")).specs


async def test_owners_find_what_they_own(store: Store, spec: SpecRecord) -> None:
    await store.change_access(await store.access(SPEC), BOB.user_id, Role.ADMIN, ADA.user_id, moment(1))
    await store.change_access(await store.access(SPEC), "group:team", Role.OWNER, ADA.user_id, moment(1))
    await store.trash_spec(SPEC, ADA.user_id, moment(5))
    for owned_by, found in (
        ([ADA.user_id], 1),
        ([BOB.user_id], 0),
        ([BOB.user_id, "group:team"], 1),
        ([], 0),
    ):
        assert len((await store.trashed_specs(owned_by=owned_by)).specs) == found, owned_by


async def test_the_oldest_expire_first(store: Store) -> None:
    ids = [an_id("spec", number) for number in range(4)]
    for number, spec_id in enumerate(ids):
        await store.create_spec(a_spec(spec_id), None, a_snapshot())
        if number < 3:
            await store.trash_spec(spec_id, ADA.user_id, moment(-number))
    assert list(await store.expired(moment(-1), 9)) == [ids[2], ids[1]]
    assert list(await store.expired(moment(9), 1)) == [ids[2]]
    assert not await store.end_trashed(ids[0], moment(-1))
    assert await store.end_trashed(ids[2], moment(-1))
    assert list(await store.expired(moment(9), 9)) == [ids[1], ids[0]]


async def test_of_restoring_and_ending_one_wins(store: Store, connect: Connect) -> None:
    other = await connect()
    for number in range(10):
        spec_id = an_id("spec", number)
        await store.create_spec(a_spec(spec_id), None, a_snapshot())
        await store.trash_spec(spec_id, ADA.user_id, moment(0))
        outcomes = await asyncio.gather(
            store.undelete_spec(spec_id), other.end_trashed(spec_id, moment(1)), return_exceptions=True
        )
        restored, ended = not isinstance(outcomes[0], Exception), outcomes[1] is True
        assert Counter([restored, ended]) == {True: 1, False: 1}, outcomes
        assert bool(await store.states([spec_id])) is restored
