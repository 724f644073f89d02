"""The contract of accepted suggestions: the operation and its thread in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from jupyter_speccollab.store.base import (
    AccessChanged,
    OperationIdsTaken,
    SpecMissing,
    Store,
    StoredThread,
    ThreadsChanged,
    ThreadState,
    UserMissing,
    VersionTaken,
)
from tests.store.values import (
    ADA,
    BOB,
    NOBODY,
    SPEC,
    a_thread,
    an_id,
    an_operation,
    some_operations,
)
from tests.store.written_threads import resolved, write

pytestmark = pytest.mark.usefixtures("spec")

Connect = Callable[[], Awaitable[Store]]
OTHER = an_id("spec", 2)


def accepted(thread: StoredThread, version: int) -> StoredThread:
    return replace(resolved(thread), state=ThreadState.ACCEPTED, accepted_version=version)


async def test_accepting_writes_both(store: Store) -> None:
    thread = a_thread(by=BOB, replacement="other words")
    await write(store, thread)
    await store.commit(SPEC, 0, 1, some_operations(1, 2))
    operation = an_operation(3, by=ADA, suggested_by=BOB)
    done = replace(accepted(thread, 3), changed=2)
    await store.accept_suggestion(SPEC, 1, done, 1, operation)
    assert await store.thread(SPEC, thread.thread_id) == done
    assert list(await store.operations(SPEC, 2)) == [operation]
    spec = await store.spec(SPEC)
    assert (spec.version, spec.threads_version, spec.modified_by) == (3, 2, ADA.user_id)
    await store.save_user(replace(BOB, name="Robert"))
    (found,) = await store.operations(SPEC, 2)
    assert (found.user_name, found.author_id, found.author_name) == (ADA.name, BOB.user_id, "Robert")


async def test_accepting_writes_nothing_or_both(store: Store) -> None:
    thread = a_thread(by=BOB, replacement="other words")
    await write(store, thread)
    await store.commit(SPEC, 0, 1, some_operations(1, 2))
    before = await store.spec(SPEC), await store.total_usage()
    done = replace(accepted(thread, 3), changed=2)
    operation = an_operation(3, suggested_by=BOB)
    taken = an_operation(3, number=1, suggested_by=BOB)
    stranger = replace(done, resolved_by=NOBODY)
    with pytest.raises(ThreadsChanged):
        await store.accept_suggestion(SPEC, 0, replace(done, changed=1), 1, operation)
    with pytest.raises(VersionTaken):
        await store.accept_suggestion(SPEC, 1, done, 1, an_operation(2, number=9, suggested_by=BOB))
    with pytest.raises(AccessChanged):
        await store.accept_suggestion(SPEC, 1, done, 2, operation)
    with pytest.raises(OperationIdsTaken):
        await store.accept_suggestion(SPEC, 1, done, 1, taken)
    with pytest.raises(UserMissing):
        await store.accept_suggestion(SPEC, 1, stranger, 1, operation)
    with pytest.raises(ValueError, match="changed"):
        await store.accept_suggestion(SPEC, 1, replace(done, changed=3), 1, operation)
    with pytest.raises(SpecMissing):
        await store.accept_suggestion(OTHER, 1, done, 1, operation)
    assert (await store.spec(SPEC), await store.total_usage()) == before
    assert list(await store.threads(SPEC)) == [thread]


async def test_of_two_who_accept_one_wins(connect: Connect, store: Store) -> None:
    thread = a_thread(by=BOB, replacement="other words")
    await write(store, thread)
    servers = [store, await connect(), await connect()]
    tries = [
        server.accept_suggestion(
            SPEC, 1, replace(accepted(thread, 1), changed=2), 1, an_operation(1, suggested_by=BOB)
        )
        for server in servers
    ]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert all(isinstance(each, VersionTaken | ThreadsChanged | None) for each in outcomes)
    spec = await store.spec(SPEC)
    assert (spec.version, spec.threads_version) == (1, 2)


async def test_authors_are_those_who_suggested(store: Store) -> None:
    await store.commit(SPEC, 0, 1, [an_operation(1, by=ADA)])
    await store.commit(SPEC, 1, 1, [an_operation(2, by=ADA), an_operation(3, by=ADA, suggested_by=BOB)])
    assert await store.authors(SPEC, 0, 3) == {ADA.user_id: ADA.name, BOB.user_id: BOB.name}
    assert await store.authors(SPEC, 2, 3) == {BOB.user_id: BOB.name}
    assert [who for who, _ in await store.made_by(SPEC, 0, 3)] == [ADA.user_id, ADA.user_id, BOB.user_id]
    assert await store.contributions(SPEC, 0, 3) == {ADA.user_id: 3, BOB.user_id: 1}
    assert await store.contributions(SPEC, 2, 3) == {ADA.user_id: 1, BOB.user_id: 1}
    assert (await store.spec(SPEC)).modified_by == ADA.user_id
    await store.commit(SPEC, 3, 1, [an_operation(4, by=BOB, suggested_by=BOB)])
    assert await store.contributions(SPEC, 3, 4) == {BOB.user_id: 1}
    stranger = an_operation(5, by=BOB, suggested_by=replace(BOB, user_id=NOBODY))
    with pytest.raises(UserMissing):
        await store.commit(SPEC, 4, 1, [stranger])


async def test_many_operations_with_some_suggestions_are_one_commit(store: Store) -> None:
    made = [
        an_operation(version, suggested_by=BOB if version % 7 == 0 else None, thread=version)
        for version in range(1, 251)
    ]
    await store.commit(SPEC, 0, 1, made)
    assert list(await store.operations(SPEC, 0)) == made
