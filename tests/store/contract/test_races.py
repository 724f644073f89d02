"""The contract of concurrent commits."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from jupyter_speccollab.store.base import (
    OperationIdsTaken,
    Store,
    VersionTaken,
)
from tests.store.values import (
    SPEC,
    a_snapshot,
    a_spec,
    an_id,
    an_operation,
    some_operations,
)

pytestmark = pytest.mark.usefixtures("spec")


async def append(store: Store, number: int, count: int) -> int:
    """Commit ``count`` operations one by one; returns how often another commit was first."""
    lost = 0
    for index in range(count):
        while True:
            version = (await store.spec(SPEC)).version
            try:
                await store.commit(
                    SPEC, version, 1, [an_operation(version + 1, number=1000 * number + index)]
                )
            except VersionTaken:
                lost += 1
            else:
                break
    return lost


async def test_one_wins_each_version(store: Store) -> None:
    outcomes: Counter[str] = Counter()

    async def try_at(version: int, number: int) -> None:
        try:
            await store.commit(SPEC, version, 1, [an_operation(version + 1, number=number)])
            outcomes[f"won {version}"] += 1
        except VersionTaken:
            outcomes["lost"] += 1

    for version in range(20):
        await asyncio.gather(*(try_at(version, 100 * version + n) for n in range(8)))
    assert outcomes == {**{f"won {version}": 1 for version in range(20)}, "lost": 20 * 7}
    assert [operation.version for operation in await store.operations(SPEC, 0)] == list(range(1, 21))


async def test_two_servers_leave_no_gap(store: Store, connect: Callable[[], Awaitable[Store]]) -> None:
    other = await connect()
    await asyncio.gather(*(append(server, n, 10) for n, server in enumerate([store, other] * 3)))
    for server in (store, other):
        log = await server.operations(SPEC, 0)
        assert [operation.version for operation in log] == list(range(1, 61))
        assert len({operation.operation_id for operation in log}) == 60
        assert (await server.spec(SPEC)).version == 60


async def test_an_id_sent_to_two_servers_is_committed_once(
    store: Store, connect: Callable[[], Awaitable[Store]]
) -> None:
    """The same operation is sent to two servers several times."""
    servers = [store, await connect()]

    async def commit_until_known(server: Store) -> int:
        while True:
            version = (await server.spec(SPEC)).version
            try:
                await server.commit(SPEC, version, 1, [an_operation(version + 1, number=7)])
                return version + 1
            except VersionTaken:
                pass
            except OperationIdsTaken as taken:
                return taken.first_commits[an_id("operation", 7)].version

    assert await asyncio.gather(*(commit_until_known(server) for server in servers * 4)) == [1] * 8
    assert len(await store.operations(SPEC, 0)) == 1


async def test_concurrent_commits_to_different_specs_all_succeed(store: Store) -> None:
    ids = [an_id("spec", number) for number in range(1, 6)]
    for spec_id in ids:
        await store.create_spec(a_spec(spec_id), None, a_snapshot())
    await asyncio.gather(*(store.commit(spec_id, 0, 1, some_operations(1, 10)) for spec_id in ids))
    assert [(await store.spec(spec_id)).version for spec_id in ids] == [10] * 5


async def test_a_cancelled_commit_is_whole_or_nothing_and_blocks_nobody(store: Store) -> None:
    for round_number in range(20):
        version = (await store.spec(SPEC)).version
        group = some_operations(version + 1, 50, offset=1000 * round_number)
        commit = asyncio.create_task(store.commit(SPEC, version, 1, group))
        await asyncio.sleep(0.0002 * round_number)
        commit.cancel()
        await asyncio.gather(commit, return_exceptions=True)
        await append(store, 500 + round_number, 1)
        log = [operation.version for operation in await store.operations(SPEC, version)]
        assert log == list(range(version + 1, version + 2)) or len(log) == 51
        assert (await store.spec(SPEC)).version == version + len(log)
