"""The contract of exporting and importing a spec row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    DeletedThread,
    Grant,
    LoggedOperation,
    Part,
    PartRefused,
    SpecIdTaken,
    SpecRecord,
    Store,
)
from jupyter_speccollab.text import Operation
from tests.store.values import (
    BOB,
    NOBODY,
    SPEC,
    START,
    a_message,
    a_snapshot,
    a_spec,
    a_thread,
    an_id,
    an_operation,
    moment,
    some_operations,
)

CAT = User(an_id("user", 3), "cat", "Cát 🐈", issuer="elsewhere")


def a_row(
    version: int,
    added: str | None = "🐈",
    *,
    number: int | None = None,
    by: User = CAT,
    author: str | None = None,
) -> LoggedOperation:
    changes = None if added is None else [(0, "", added)]
    number = version if number is None else number
    return LoggedOperation(
        version,
        an_id("operation", number),
        by.user_id,
        an_id("session"),
        changes,
        moment(version),
        "ab" * 16,
        author,
        author and an_id("thread"),
    )


def a_whole_spec(*rows: LoggedOperation) -> list[Part]:
    return [
        CAT,
        replace(a_spec(version=len(rows), by=CAT.user_id), access_version=0),
        Grant(CAT.user_id, Role.OWNER, CAT.user_id, START),
        a_snapshot(by=CAT),
        rows,
    ]


async def test_rows_are_the_stored_log(store: Store, spec: SpecRecord) -> None:
    first = an_operation(1, operation=Operation.of("cat 🐈\n"), session=None)
    second = an_operation(2, operation=Operation.of(4, "\u2028", -1), base="cat 🐈\n", by=BOB)
    await store.commit(SPEC, 0, 1, [first, second])
    rows = await store.rows(SPEC, 0, 2, 10, 1000)
    assert [row.version for row in rows] == [1, 2]
    assert [[tuple(change) for change in row.changes or ()] for row in rows] == [
        [(0, "", "cat 🐈\n")],
        [(4, "🐈", "\u2028")],
    ]
    assert [
        (row.operation_id, row.user_id, row.session_id, row.applied_at, row.fingerprint) for row in rows
    ] == [
        (one.operation_id, one.user_id, one.session_id, one.timestamp, one.fingerprint)
        for one in (first, second)
    ]


async def test_pages_of_rows_are_bounded(store: Store, spec: SpecRecord) -> None:
    long = [
        an_operation(version, operation=Operation.of("x" * (1000 if version in (3, 4) else 1)))
        for version in range(1, 8)
    ]
    await store.commit(SPEC, 0, 1, long)

    async def versions(after: int, until: int = 7, limit: int = 10, characters: int = 900) -> list[int]:
        return [row.version for row in await store.rows(SPEC, after, until, limit, characters)]

    assert await versions(0) == [1, 2]
    assert await versions(2) == [3], "a row that is too long comes alone"
    assert await versions(3) == [4]
    assert await versions(4) == [5, 6, 7]
    assert await versions(4, until=6) == [5, 6]
    assert await versions(0, limit=4, characters=10_000) == [1, 2, 3, 4]
    assert await versions(7) == []
    assert list(await store.rows(an_id("spec", 9), 0, 7, 10, 900)) == []


async def test_a_spec_is_imported_with_everything_that_belongs_to_it(store: Store) -> None:
    parts = a_whole_spec(a_row(1, None), a_row(2, "\U0001f408"), a_row(3))
    parts.append(a_snapshot(3, "🐈🐈", by=CAT, label="end"))
    await store.import_spec(lambda: iter(parts))
    record = await store.spec(SPEC)
    assert record == replace(parts[1], modified_by_name=CAT.name)
    assert await store.users([CAT.user_id]) == {CAT.user_id: CAT}
    assert list(await store.grants(SPEC)) == [parts[2]]
    assert (await store.access(SPEC)).entries == {CAT.user_id: Role.OWNER}
    found = await store.rows(SPEC, 0, 3, 10, 1000)
    assert [row.changes is None for row in found] == [True, False, False]
    assert [replace(row, changes=None) for row in found] == [a_row(version, None) for version in (1, 2, 3)]
    assert [one.version for one in await store.operations(SPEC, 1)] == [2, 3]
    snapshots = await store.revisions(SPEC)
    assert [(one.version, one.content, one.label) for one in snapshots] == [(3, "🐈🐈", "end"), (0, "", None)]
    await store.commit(SPEC, 3, 0, some_operations(4, 2))
    assert (await store.spec(SPEC)).version == 5
    known = await store.first_commits(SPEC, [an_id("operation", 2)])
    assert [(first.version, first.user_id) for first in known.values()] == [(2, CAT.user_id)]


async def test_known_users_are_not_changed(store: Store) -> None:
    await store.save_user(replace(CAT, name="Catherine"))
    await store.import_spec(lambda: iter(a_whole_spec(a_row(1))))
    assert (await store.users([CAT.user_id]))[CAT.user_id].name == "Catherine"


async def nothing_is_there(store: Store) -> bool:
    return not (
        await store.users([CAT.user_id]) or (await store.specs()).specs or await store.revisions(SPEC)
    )


@pytest.mark.parametrize(
    "bad",
    [
        [a_row(2), a_row(3, number=1)],
        [a_row(2, by=replace(CAT, user_id=NOBODY))],
        Grant("group:team", Role.VIEWER, NOBODY, START),
        replace(a_snapshot(1), created_by=NOBODY),
    ],
    ids=["operationId twice", "operation of nobody", "grant of nobody", "snapshot of nobody"],
)
async def test_a_refused_part_leaves_nothing(store: Store, bad: Part) -> None:
    with pytest.raises(PartRefused):
        await store.import_spec(lambda: iter([*a_whole_spec(a_row(1)), bad]))
    assert await nothing_is_there(store)


async def test_a_spec_of_an_unknown_user_is_refused(store: Store) -> None:
    with pytest.raises(PartRefused):
        await store.import_spec(lambda: iter(a_whole_spec()[1:]))
    assert await nothing_is_there(store)


class Interrupted(Exception):
    pass


async def test_an_exception_in_the_parts_leaves_nothing(store: Store) -> None:
    def parts() -> Iterator[Part]:
        yield from a_whole_spec(a_row(1))
        raise Interrupted

    with pytest.raises(Interrupted):
        await store.import_spec(parts)
    assert await nothing_is_there(store)


async def test_a_taken_spec_id_is_refused(store: Store, spec: SpecRecord) -> None:
    with pytest.raises(SpecIdTaken, match=SPEC):
        await store.import_spec(lambda: iter(a_whole_spec(a_row(1))))
    assert await store.spec(SPEC) == spec
    assert await store.users([CAT.user_id]) == {}


async def test_threads_come_with_the_spec_and_so_do_those_who_suggested(store: Store) -> None:
    mine = a_thread(1, changed=3, by=CAT, messages=[a_message(1, by=CAT, mentions=[BOB])])
    gone = DeletedThread(an_id("thread", 2), 2, (an_id("message", 2), an_id("message", 3)))
    rows = [a_row(1), a_row(2, by=BOB, author=CAT.user_id)]
    spec = replace(a_spec(version=2, by=CAT.user_id), access_version=0, threads_version=3)
    parts: list[Part] = [CAT, spec, Grant(CAT.user_id, Role.OWNER, CAT.user_id, START), mine, gone, rows]
    await store.import_spec(lambda: iter(parts))
    assert list(await store.threads(SPEC)) == [mine]
    assert list(await store.deleted_threads(SPEC, 0)) == [gone]
    assert await store.thread_counts([SPEC], BOB.user_id) == {SPEC: (1, 1)}
    stored = [(row.user_id, row.author_id, row.thread_id) for row in await store.rows(SPEC, 0, 2, 9, 1_000)]
    assert stored == [(CAT.user_id, None, None), (BOB.user_id, CAT.user_id, an_id("thread"))]
    assert await store.authors(SPEC, 1, 2) == {CAT.user_id: CAT.name}
    assert (await store.spec(SPEC)).threads_version == 3
    counted = await store.total_usage()
    await store.recount_usage(SPEC)
    assert await store.total_usage() == counted


async def test_a_thread_or_a_suggestion_of_somebody_unknown_is_refused(store: Store) -> None:
    stranger = replace(CAT, user_id=NOBODY)
    spec = replace(a_spec(version=1, by=CAT.user_id), access_version=0, threads_version=1)
    refused_parts: list[Part] = [
        a_thread(by=stranger),
        a_thread(by=CAT, messages=[a_message(by=stranger)]),
        [a_row(1, author=NOBODY)],
    ]
    for part in refused_parts:
        with pytest.raises(PartRefused):
            await store.import_spec(lambda part=part: iter([CAT, spec, part]))  # type: ignore[misc]
    assert not await store.states([SPEC])
