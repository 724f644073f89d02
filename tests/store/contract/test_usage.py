"""The contract of usage: what each user's specs store, and the quota of new ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import (
    AccessChanged,
    Grant,
    LoggedOperation,
    Part,
    Quota,
    QuotaReached,
    RevisionKind,
    SpecIdTaken,
    SpecMissing,
    Store,
    Usage,
    VersionTaken,
)
from jupyter_speccollab.text import Operation, pack
from tests.store.conftest import Connect
from tests.store.values import (
    ADA,
    BOB,
    NOBODY,
    SPEC,
    a_snapshot,
    a_spec,
    an_id,
    an_operation,
    moment,
    some_operations,
)

AUTO = RevisionKind.AUTO
ROW = 100
TEXT = 'é"\n\t\x01🎈'
"""A text whose JSON is longer than itself."""


async def of_ada(store: Store) -> Usage:
    usage = (await store.usage([ADA.user_id]))[ADA.user_id]
    assert await store.total_usage() == usage
    return usage


async def test_nothing_stored_is_no_usage(store: Store) -> None:
    assert await store.usage([]) == {}
    assert await store.usage([ADA.user_id, NOBODY]) == {ADA.user_id: Usage(), NOBODY: Usage()}
    assert await store.total_usage() == Usage()
    assert list(await store.largest_usage(5)) == []
    await store.recount_usage(SPEC)


async def test_texts_and_operations_count_in_bytes(store: Store) -> None:
    first = an_operation(1, operation=Operation.of(TEXT))
    await store.create_spec(a_spec(version=1), first, a_snapshot(1, TEXT))
    changes = len('[[0,"","é\\"\\n\\t\\u0001🎈"]]'.encode())
    assert await of_ada(store) == Usage(1, 2 * ROW + changes + len(TEXT.encode()))


async def test_usage_follows_every_write(store: Store) -> None:
    await store.create_spec(a_spec(), None, a_snapshot())
    assert await of_ada(store) == Usage(1, ROW)
    await store.commit(SPEC, 0, 1, some_operations(1, 5))
    commits = 5 * (ROW + len('[[0,"","1 "]]'))
    assert await of_ada(store) == Usage(1, ROW + commits)
    await store.save_snapshot(SPEC, a_snapshot(3, "é" * 50, AUTO))
    await store.save_snapshot(SPEC, a_snapshot(5, "text", AUTO))
    assert await of_ada(store) == Usage(1, 3 * ROW + commits + 104)
    await store.save_snapshot(SPEC, a_snapshot(5, "text", RevisionKind.LABELLED, "a label"))
    assert await of_ada(store) == Usage(1, 3 * ROW + commits + 104)
    assert await store.thin_snapshots(SPEC, [0, 3, 4, 5]) == 1
    assert await of_ada(store) == Usage(1, 2 * ROW + commits + 4)
    await store.fold(SPEC, 0, 4, base=5)
    await store.fold(SPEC, 0, 4, base=5)
    assert await of_ada(store) == Usage(1, 7 * ROW + 4 + len('[[0,"","5 "]]'))
    await store.recount_usage(SPEC)
    assert await of_ada(store) == Usage(1, 7 * ROW + 4 + len('[[0,"","5 "]]'))
    await store.delete_spec(SPEC)
    assert await of_ada(store) == Usage()


async def test_a_refused_commit_does_not_count(store: Store) -> None:
    await store.create_spec(a_spec(), None, a_snapshot())
    for access, number, refusal in [(7, 1, AccessChanged), (1, 9, VersionTaken)]:
        with pytest.raises(refusal):
            await store.commit(SPEC, number - 1, access, some_operations(number, 1))
    assert await of_ada(store) == Usage(1, ROW)


async def test_a_counting_by_rows_gives_the_same_number(store: Store) -> None:
    text = TEXT * 3
    made = [
        an_operation(1, operation=Operation.of(text)),
        an_operation(2, operation=Operation.of(2, "x", -3, 4, "y"), base=text),
        an_operation(3, operation=Operation.of()),
    ]
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.commit(SPEC, 0, 1, made)
    await store.save_snapshot(SPEC, a_snapshot(3, text, AUTO))
    kept = await of_ada(store)
    await store.recount_usage(SPEC)
    assert await of_ada(store) == kept


async def test_an_imported_spec_counts_like_any_other(store: Store) -> None:
    made = [an_operation(1, operation=Operation.of(TEXT)), *some_operations(2, 2)]
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.commit(SPEC, 0, 1, made)
    await store.save_snapshot(SPEC, a_snapshot(3, "text", AUTO))
    kept = await of_ada(store)
    await store.delete_spec(SPEC)

    def parts() -> Iterator[Part]:
        yield a_spec(version=3)
        yield Grant(ADA.user_id, Role.OWNER, ADA.user_id, moment(0))
        yield a_snapshot()
        yield [
            LoggedOperation(
                each.version,
                each.operation_id,
                each.user_id,
                each.session_id,
                pack(each.components),
                each.timestamp,
                each.fingerprint,
            )
            for each in made
        ]
        yield a_snapshot(3, "text", AUTO)

    await store.import_spec(parts)
    assert await of_ada(store) == kept


async def test_a_spec_counts_for_its_creator_whoever_owns_it(store: Store) -> None:
    await store.create_spec(a_spec(), None, a_snapshot())
    await store.create_spec(a_spec(an_id("spec", 1), by=BOB.user_id), None, a_snapshot(0, "text", by=BOB))
    access = await store.access(SPEC)
    access = await store.change_access(access, BOB.user_id, Role.OWNER, ADA.user_id, moment(0))
    await store.change_access(access, ADA.user_id, None, BOB.user_id, moment(0))
    both = {ADA.user_id: Usage(1, ROW), BOB.user_id: Usage(1, ROW + 4)}
    assert await store.usage([BOB.user_id, ADA.user_id]) == both
    assert await store.total_usage() == Usage(2, 2 * ROW + 4)


async def test_the_largest_come_first(store: Store) -> None:
    for number, (by, text) in enumerate([(ADA, "a"), (BOB, "bb" * 200), (ADA, "a")]):
        spec = a_spec(an_id("spec", number), by=by.user_id)
        await store.create_spec(spec, None, a_snapshot(0, text, by=by))
    ada, bob = Usage(2, 2 * ROW + 2), Usage(1, ROW + 400)
    assert list(await store.largest_usage(5)) == [(BOB, bob), (ADA, ada)]
    assert list(await store.largest_usage(1)) == [(BOB, bob)]


async def test_a_new_spec_beyond_the_quota_is_refused_and_leaves_nothing(store: Store) -> None:
    quota = Quota(specs=2, bytes=3 * ROW)
    await store.create_spec(a_spec(), None, a_snapshot(), quota)
    other, text = an_id("spec", 1), "x" * (ROW + 1)
    with pytest.raises(QuotaReached) as caught:
        await store.create_spec(a_spec(other), None, a_snapshot(0, text), quota)
    assert caught.value.usage == Usage(2, 3 * ROW + 1)
    with pytest.raises(SpecMissing):
        await store.spec(other)
    await store.create_spec(a_spec(other), None, a_snapshot(0, text[1:]), quota)
    with pytest.raises(SpecIdTaken):  # a repeat is one, also where there is no room left
        await store.create_spec(a_spec(other), None, a_snapshot(0, text[1:]), quota)
    with pytest.raises(QuotaReached):
        await store.create_spec(a_spec(an_id("spec", 2)), None, a_snapshot(), Quota(specs=2))
    await store.create_spec(a_spec(an_id("spec", 2)), None, a_snapshot(), Quota())
    by_bob = replace(a_spec(an_id("spec", 3)), created_by=BOB.user_id)
    await store.create_spec(by_bob, None, a_snapshot(), quota)


async def test_concurrent_creations_keep_to_the_quota(store: Store, connect: Connect) -> None:
    servers = [store, await connect()] * 5
    made = await asyncio.gather(
        *(
            server.create_spec(a_spec(an_id("spec", number)), None, a_snapshot(), Quota(specs=3))
            for number, server in enumerate(servers)
        ),
        return_exceptions=True,
    )
    assert Counter(type(outcome) for outcome in made) == {type(None): 3, QuotaReached: 7}
    assert (await of_ada(store)).specs == 3


async def test_concurrent_writes_are_all_counted(store: Store, connect: Connect) -> None:
    other = await connect()
    await store.create_spec(a_spec(), None, a_snapshot())

    async def commit() -> None:
        for version in range(30):
            await other.commit(SPEC, version, 1, some_operations(version + 1, 1))

    async def save_and_thin() -> None:
        for version in range(1, 16):
            await store.save_snapshot(SPEC, a_snapshot(version, f"text {version}", AUTO))
            await other.thin_snapshots(SPEC, [version - 1])

    await asyncio.gather(commit(), save_and_thin())
    kept = await of_ada(store)
    await store.recount_usage(SPEC)
    assert await of_ada(store) == kept
