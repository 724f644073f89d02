"""The contract of access lists."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import (
    AccessChanged,
    Grant,
    SpecMissing,
    SpecRecord,
    Store,
    UserMissing,
    VersionTaken,
)
from tests.store.values import (
    ADA,
    BOB,
    NOBODY,
    SPEC,
    START,
    a_snapshot,
    a_spec,
    an_id,
    moment,
    some_operations,
)


async def grant(store: Store, principal: str, role: Role | None, spec_id: str = SPEC) -> AccessList:
    return await store.change_access(await store.access(spec_id), principal, role, ADA.user_id, START)


async def test_the_creator_of_a_spec_is_its_owner(store: Store, spec: SpecRecord) -> None:
    assert await store.access(SPEC) == AccessList(SPEC, spec.access_version, {ADA.user_id: Role.OWNER})


async def test_each_change_increments_the_access_version(store: Store, spec: SpecRecord) -> None:
    given = await grant(store, BOB.user_id, Role.VIEWER)
    assert given == await store.access(SPEC)
    assert given.version == spec.access_version + 1
    await grant(store, BOB.user_id, Role.ADMIN)
    await grant(store, "group:ümlaut/☃", Role.CONTRIBUTOR)
    last = await grant(store, ADA.user_id, None)
    assert last.entries == {BOB.user_id: Role.ADMIN, "group:ümlaut/☃": Role.CONTRIBUTOR}
    assert last == await store.access(SPEC)
    assert (await store.spec(SPEC)).access_version == spec.access_version + 4 == last.version
    assert (await grant(store, "group:nobody", None)).version == last.version + 1
    await grant(store, BOB.user_id, None)
    await grant(store, "group:ümlaut/☃", None)
    assert (await store.access(SPEC)).entries == {}


async def test_a_change_based_on_an_old_list_is_refused(store: Store, spec: SpecRecord) -> None:
    seen = await store.access(SPEC)
    await grant(store, BOB.user_id, Role.VIEWER)
    with pytest.raises(AccessChanged):
        await store.change_access(seen, BOB.user_id, Role.OWNER, ADA.user_id, START)
    with pytest.raises(UserMissing):
        await store.change_access(await store.access(SPEC), BOB.user_id, Role.OWNER, NOBODY, START)
    assert (await store.access(SPEC)).entries[BOB.user_id] is Role.VIEWER
    assert (await store.access(SPEC)).version == seen.version + 1


async def test_concurrent_changes_of_one_list_are_not_lost(
    store: Store, spec: SpecRecord, connect: Callable[[], Awaitable[Store]]
) -> None:
    servers = [store, await connect()]
    outcomes: Counter[str] = Counter()

    async def change(server: Store, number: int) -> None:
        while True:
            try:
                await grant(server, f"group:{number}", Role.VIEWER)
            except AccessChanged:
                outcomes["again"] += 1
            else:
                return

    await asyncio.gather(*(change(servers[number % 2], number) for number in range(8)))
    access = await store.access(SPEC)
    assert access.version == spec.access_version + 8
    assert len(access.entries) == 9


async def test_a_commit_with_an_old_access_version_is_refused(store: Store, spec: SpecRecord) -> None:
    await grant(store, BOB.user_id, Role.CONTRIBUTOR)
    with pytest.raises(AccessChanged):
        await store.commit(SPEC, 0, spec.access_version, some_operations(1, 2))
    with pytest.raises(VersionTaken):
        await store.commit(SPEC, 3, spec.access_version, some_operations(4, 2))
    assert (await store.spec(SPEC)).version == 0
    await store.commit(SPEC, 0, spec.access_version + 1, some_operations(1, 2))
    assert (await store.spec(SPEC)).version == 2


async def test_deleting_a_spec_deletes_its_access_list(store: Store, spec: SpecRecord) -> None:
    await grant(store, BOB.user_id, Role.VIEWER)
    seen = await store.access(SPEC)
    await store.delete_spec(SPEC)
    with pytest.raises(SpecMissing):
        await store.access(SPEC)
    with pytest.raises(SpecMissing):
        await store.change_access(seen, BOB.user_id, Role.ADMIN, ADA.user_id, START)
    assert await store.roles([SPEC], [BOB.user_id]) == {}
    await store.create_spec(a_spec(by=BOB.user_id), None, a_snapshot(by=BOB))
    assert (await store.access(SPEC)).entries == {BOB.user_id: Role.OWNER}


async def test_a_page_contains_only_specs_visible_to_the_principals(store: Store, spec: SpecRecord) -> None:
    others = [an_id("spec", number) for number in range(1, 4)]
    for number, spec_id in enumerate(others):
        await store.create_spec(a_spec(spec_id, at=number + 1), None, a_snapshot())
    await grant(store, BOB.user_id, Role.VIEWER, others[1])
    await grant(store, "group:team", Role.ADMIN, others[2])
    await grant(store, BOB.user_id, Role.CONTRIBUTOR, others[2])

    async def seen(**narrow: object) -> list[str]:
        return [record.spec_id for record in (await store.specs(**narrow)).specs]  # type: ignore[arg-type]

    assert await seen() == [*others[::-1], SPEC] == await seen(visible_to=[ADA.user_id])
    assert await seen(visible_to=[BOB.user_id]) == [others[2], others[1]]
    assert await seen(visible_to=[BOB.user_id, "group:team"]) == [others[2], others[1]]
    assert await seen(visible_to=["group:team"]) == [others[2]]
    assert await seen(visible_to=[]) == await seen(visible_to=[NOBODY, "group:tea", "team", "%"]) == []
    assert await seen(only=others[0]) == [others[0]]
    assert await seen(only=others[0], visible_to=[BOB.user_id]) == []
    first = await store.specs(visible_to=[BOB.user_id], limit=1)
    assert first.next_cursor
    second = await store.specs(visible_to=[BOB.user_id], limit=1, cursor=first.next_cursor)
    assert [record.spec_id for record in second.specs] == [others[1]]
    assert second.next_cursor is None
    assert await store.roles([SPEC, *others, NOBODY], [BOB.user_id, "group:team"]) == {
        others[1]: {BOB.user_id: Role.VIEWER},
        others[2]: {BOB.user_id: Role.CONTRIBUTOR, "group:team": Role.ADMIN},
    }
    assert await store.roles([], [BOB.user_id]) == await store.roles([SPEC], []) == {}


async def test_grants_name_who_gave_them_and_when(store: Store, spec: SpecRecord) -> None:
    seen = await store.access(SPEC)
    seen = await store.change_access(seen, BOB.user_id, Role.VIEWER, ADA.user_id, moment(1))
    seen = await store.change_access(seen, "group:team", Role.ADMIN, BOB.user_id, moment(2))
    await store.change_access(seen, BOB.user_id, Role.ADMIN, ADA.user_id, moment(3))
    grants = [
        Grant(ADA.user_id, Role.OWNER, ADA.user_id, spec.created_at),
        Grant(BOB.user_id, Role.ADMIN, ADA.user_id, moment(3)),
        Grant("group:team", Role.ADMIN, BOB.user_id, moment(2)),
    ]
    assert list(await store.grants(SPEC)) == sorted(grants, key=lambda grant: grant.principal)
    with pytest.raises(SpecMissing):
        await store.grants(an_id("spec", 9))
