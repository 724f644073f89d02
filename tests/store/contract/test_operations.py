"""The contract of commits and the log."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from msgspec import structs

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import (
    AccessChanged,
    FirstCommit,
    OperationIdsTaken,
    SpecMissing,
    Store,
    UserMissing,
    VersionTaken,
)
from jupyter_speccollab.text import Operation, Text, to_stored
from tests.store.values import (
    ADA,
    BOB,
    NOBODY,
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


def first_commit(operation: CommittedOperation) -> FirstCommit:
    return FirstCommit(operation.operation_id, operation.version, operation.user_id, operation.fingerprint)


async def test_committed_operations_read_back(store: Store) -> None:
    group = [*some_operations(1, 3), an_operation(4, by=BOB, session=None)]
    await store.commit(SPEC, 0, 1, group)
    assert list(await store.operations(SPEC, 0)) == group
    spec = await store.spec(SPEC)
    assert (spec.version, spec.modified_by, spec.modified_by_name) == (4, BOB.user_id, BOB.name)
    assert spec.modified_at == moment(4)
    assert spec.access_version == 1


@pytest.mark.parametrize(
    ("base", "operation"),
    [
        ("", Operation()),
        ("abcdef", Operation.of(2, "XY", -2, 1, "Z")),
        ("abcdef", Operation.of(-6)),
        ("abcdef", Operation.of(-1, 1, -1, 1, -1)),
        ("abcdef", Operation.of("a", 1, "b", 1, "c")),
        (
            'a\u2028b\u2029🎈\u0001\\"é',
            Operation.of(1, "\u2028👩‍👩‍👧 \u200b", -3, 1, "\ud7ff\ue000\U0010ffff"),
        ),
        ("", Operation.of("é🎈" * 1_000_000)),
    ],
    ids=["nothing", "replace", "delete", "deletes", "inserts", "unicode", "two million"],
)
async def test_every_operation_reads_back_unchanged(store: Store, base: str, operation: Operation) -> None:
    committed = structs.replace(
        an_operation(1), operation=operation, components=to_stored(operation, Text(base))
    )
    await store.commit(SPEC, 0, 1, [committed])
    (found,) = await store.operations(SPEC, 0)
    assert found.components == committed.components
    assert found == committed


async def test_a_page_of_the_log_holds_little_text_but_at_least_one_version(store: Store) -> None:
    texts = [random.Random(version).randbytes(5_000).hex() for version in range(6)]
    group = [an_operation(v, operation=Operation.of(text)) for v, text in enumerate(texts, start=1)]
    await store.commit(SPEC, 0, 1, group)
    for after, until, limit, most, versions in [
        (0, None, None, 0, [1]),
        (2, None, None, 1, [3]),
        (0, None, None, 1_000_000, [1, 2, 3, 4, 5, 6]),
        (0, 4, None, 1_000_000, [1, 2, 3, 4]),
        (0, None, 2, 1_000_000, [1, 2]),
        (6, None, None, 100, []),
    ]:
        found = await store.operations(SPEC, after, until, limit, most_bytes=most)
        assert [one.version for one in found] == versions, (after, until, limit, most)
    found = await store.operations(SPEC, 0, most_bytes=33_000)
    assert 3 <= len(found) < 6
    assert list(found) == group[: len(found)]


async def test_a_page_of_the_log_is_measured_uncompressed(store: Store) -> None:
    """A database may keep four megabytes of the same letter in fifty kilobytes; a reader gets all of them."""
    group = [an_operation(v, operation=Operation.of("a" * 400_000)) for v in range(1, 9)]
    await store.commit(SPEC, 0, 1, group)
    found = await store.operations(SPEC, 2, most_bytes=1_000_000)
    assert [one.version for one in found] == [3, 4]


async def test_the_authors_of_a_range_of_versions(store: Store) -> None:
    await store.commit(SPEC, 0, 1, [*some_operations(1, 3), an_operation(4, by=BOB), an_operation(5)])
    assert await store.authors(SPEC, 0, 5) == {ADA.user_id: ADA.name, BOB.user_id: BOB.name}
    assert await store.authors(SPEC, 0, 3) == {ADA.user_id: ADA.name}
    assert await store.authors(SPEC, 3, 4) == {BOB.user_id: BOB.name}
    assert await store.authors(SPEC, 5, 5) == {}
    await store.save_snapshot(SPEC, a_snapshot(4))
    await store.fold(SPEC, 0, 4, base=4)
    assert await store.authors(SPEC, 2, 4) == {ADA.user_id: ADA.name, BOB.user_id: BOB.name}


async def test_times_come_back_in_utc(store: Store) -> None:
    await store.commit(SPEC, 0, 1, [structs.replace(an_operation(1), timestamp=START)])
    (found,) = await store.operations(SPEC, 0)
    for time in (found.timestamp, (await store.spec(SPEC)).modified_at):
        assert time == START
        assert time.utcoffset() == timedelta(0)


async def test_the_log_reads_in_parts(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 9))
    for after, until, limit, versions in [
        (0, None, None, range(1, 10)),
        (3, None, None, range(4, 10)),
        (3, 6, None, range(4, 7)),
        (3, 6, 2, range(4, 6)),
        (3, None, 1, range(4, 5)),
        (9, None, None, range(0)),
        (5, 5, None, range(0)),
        (0, 99, None, range(1, 10)),
        (0, None, 0, range(0)),
    ]:
        found = await store.operations(SPEC, after, until, limit)
        assert [operation.version for operation in found] == list(versions), (after, until, limit)


async def test_a_commit_based_on_another_version_is_refused(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 2))
    for base in (0, 1, 3):
        with pytest.raises(VersionTaken):
            await store.commit(SPEC, base, 1, some_operations(base + 1, 2, offset=100))
    assert len(await store.operations(SPEC, 0)) == 2


async def test_a_commit_checks_the_version_before_the_access_version(store: Store) -> None:
    with pytest.raises(AccessChanged):
        await store.commit(SPEC, 0, 2, some_operations(1, 1))
    with pytest.raises(VersionTaken):  # the version is checked first
        await store.commit(SPEC, 5, 2, some_operations(6, 1))
    assert (await store.spec(SPEC)).version == 0
    assert not await store.operations(SPEC, 0)


async def test_the_error_names_every_taken_id_of_a_group(store: Store) -> None:
    first = some_operations(1, 3)
    await store.commit(SPEC, 0, 1, first)
    repeats = [an_operation(4, number=2, by=BOB), an_operation(5), an_operation(6, number=3)]
    with pytest.raises(OperationIdsTaken) as caught:
        await store.commit(SPEC, 3, 1, repeats)
    taken = {operation.operation_id: first_commit(operation) for operation in first[1:]}
    assert caught.value.first_commits == taken
    assert (await store.spec(SPEC)).version == 3
    assert not await store.first_commits(SPEC, [repeats[1].operation_id])
    await store.commit(SPEC, 3, 1, [an_operation(4, number=5)])


async def test_ids_stay_taken_within_one_spec(store: Store) -> None:
    other = an_id("spec", 2)
    await store.create_spec(a_spec(other), None, a_snapshot())
    group = some_operations(1, 1200)
    await store.commit(SPEC, 0, 1, group)
    ids = [operation.operation_id for operation in group]
    assert await store.first_commits(SPEC, ids) == {o.operation_id: first_commit(o) for o in group}
    assert not await store.first_commits(other, ids)
    assert not await store.first_commits(SPEC, [])
    with pytest.raises(OperationIdsTaken):
        await store.commit(SPEC, 1200, 1, [an_operation(1201, number=1)])
    await store.commit(other, 0, 1, [an_operation(1)])


async def test_the_id_of_the_first_operation_is_taken(store: Store) -> None:
    other = an_id("spec", 2)
    await store.create_spec(a_spec(other, version=1), an_operation(1), a_snapshot(1))
    with pytest.raises(OperationIdsTaken):
        await store.commit(other, 1, 1, [an_operation(2, number=1)])


async def test_a_commit_of_an_unknown_user_is_refused(store: Store) -> None:
    group = [an_operation(1), structs.replace(an_operation(2), user_id=NOBODY)]
    with pytest.raises(UserMissing):
        await store.commit(SPEC, 0, 1, group)
    assert (await store.spec(SPEC)).version == 0
    assert not await store.operations(SPEC, 0)


async def test_a_group_must_follow_its_base(store: Store) -> None:
    for group in (
        [],
        some_operations(2, 1),
        [an_operation(1), an_operation(3)],
        [an_operation(1, number=7), an_operation(2, number=7)],
    ):
        with pytest.raises(ValueError, match="group"):
            await store.commit(SPEC, 0, 1, group)
    assert (await store.spec(SPEC)).version == 0


async def test_a_commit_on_a_deleted_spec_is_refused(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 2))
    await store.delete_spec(SPEC)
    with pytest.raises(SpecMissing):
        await store.commit(SPEC, 2, 1, some_operations(3, 1))


async def test_modified_by_is_the_user_of_the_last_operation(store: Store) -> None:
    await store.commit(SPEC, 0, 1, [an_operation(1, by=BOB), an_operation(2, by=ADA)])
    assert (await store.spec(SPEC)).modified_by == ADA.user_id


async def test_a_commit_within_exclusive_has_the_same_rules(store: Store) -> None:
    async with store.exclusive(SPEC) as commit:
        await commit(SPEC, 0, 1, some_operations(1, 2))
        assert (await store.spec(SPEC)).version == 2
    for raised, base, access, operations in [
        (VersionTaken, 1, 1, some_operations(2, 1, offset=100)),
        (AccessChanged, 2, 9, some_operations(3, 1)),
        (OperationIdsTaken, 2, 1, [an_operation(3, number=1)]),
        (UserMissing, 2, 1, [structs.replace(an_operation(3), user_id=NOBODY)]),
    ]:
        with pytest.raises(raised):
            async with store.exclusive(SPEC) as commit:
                await commit(SPEC, base, access, operations)
    with pytest.raises(SpecMissing):
        async with store.exclusive(an_id("spec", 9)):
            pass
    async with store.exclusive(SPEC):
        pass  # a context without a commit changes nothing
    await store.commit(SPEC, 2, 1, some_operations(3, 1))
