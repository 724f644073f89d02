"""The contract of threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from jupyter_speccollab.document.passage import SHOWN
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import (
    AccessChanged,
    AnchorState,
    DeletedThread,
    SpecMissing,
    SpecState,
    Store,
    StoredMessage,
    StoredThread,
    ThreadsChanged,
    ThreadState,
    UserMissing,
)
from jupyter_speccollab.store.stored_bytes import ROW_BYTES, thread_bytes
from jupyter_speccollab.text.anchor import Anchor
from tests.store.values import (
    ADA,
    BOB,
    NOBODY,
    SPEC,
    a_message,
    a_snapshot,
    a_spec,
    a_thread,
    an_id,
    moment,
)
from tests.store.written_threads import resolved, write

pytestmark = pytest.mark.usefixtures("spec")

Connect = Callable[[], Awaitable[Store]]
OTHER = an_id("spec", 2)


async def test_a_thread_comes_back(store: Store) -> None:
    thread = a_thread(messages=[a_message(1, mentions=[BOB]), a_message(2, by=BOB, body="No.")])
    (written,) = await write(store, thread)
    assert await store.thread(SPEC, thread.thread_id) == written
    assert list(await store.threads(SPEC)) == [written]
    assert (await store.spec(SPEC)).threads_version == 1
    assert (await store.states([SPEC]))[SPEC] == SpecState(0, an_id("epoch"), 1, 0, 1)


async def test_every_part_of_it_comes_back(store: Store) -> None:
    thread = replace(
        resolved(a_thread(replacement="", quote="w\u00f6rds \U0001f388", state=ThreadState.OPEN)),
        anchor=Anchor(7, 7, "w\u00f6rds"),
        anchor_version=41,
        suffix="behind\n",
        state=ThreadState.ACCEPTED,
        accepted_version=42,
        messages=(replace(a_message(1), edited_at=moment(3)), replace(a_message(2), body="", deleted=True)),
    )
    (written,) = await write(store, thread)
    assert await store.thread(SPEC, thread.thread_id) == written


async def test_what_is_not_there(store: Store) -> None:
    await write(store, a_thread())
    for spec_id, thread_id in [(SPEC, an_id("thread", 1)), (OTHER, an_id("thread"))]:
        assert await store.thread(spec_id, thread_id) is None
        assert await store.thread_of_message(spec_id, thread_id) is None
    assert not await store.threads(OTHER)
    assert not await store.deleted_threads(OTHER, 0)
    assert not await store.anchors_before(OTHER, 9, 9)
    assert not await store.thread_counts([], ADA.user_id)
    await store.move_anchors(SPEC, 1, [(an_id("thread", 1), Anchor(0, 0))])
    await store.move_anchors(SPEC, 1, [])
    await store.move_anchors(OTHER, 1, [(an_id("thread"), Anchor(0, 0))])


async def test_names_are_the_present_ones(store: Store) -> None:
    await write(store, resolved(a_thread(by=BOB, messages=[a_message(by=BOB)])))
    await store.save_user(replace(BOB, name="Robert"))
    thread = await store.thread(SPEC, an_id("thread"))
    assert isinstance(thread, StoredThread)
    assert (thread.created_by_name, thread.resolved_by_name) == ("Robert", "Robert")
    assert thread.messages[0].user_name == "Robert"


async def test_a_write_is_conditional(store: Store) -> None:
    thread = a_thread()
    await write(store, thread)
    again = replace(thread, changed=1, state=ThreadState.RESOLVED)
    with pytest.raises(ThreadsChanged):
        await store.write_thread(SPEC, 0, again)
    with pytest.raises(ThreadsChanged):
        await store.write_thread(SPEC, 0, a_thread(1))
    with pytest.raises(ThreadsChanged):
        await store.write_thread(SPEC, 5, a_thread(1, changed=6))
    for base in (0, 2):
        with pytest.raises(ThreadsChanged):
            await store.delete_thread(SPEC, base, thread.thread_id)
        with pytest.raises(ThreadsChanged):
            await store.delete_thread(SPEC, base, an_id("thread", 1))
    with pytest.raises(ValueError, match="changed"):
        await store.write_thread(SPEC, 1, again)
    assert list(await store.threads(SPEC)) == [thread]
    assert (await store.spec(SPEC)).threads_version == 1


async def test_a_write_names_the_access_list_by_which_it_is_allowed(store: Store) -> None:
    """So nobody writes with a role that was taken away meanwhile."""
    thread = a_thread()
    await store.write_thread(SPEC, 0, thread, 1)
    granted = await store.access(SPEC)
    await store.change_access(granted, BOB.user_id, Role.VIEWER, ADA.user_id, moment(1))
    later = replace(thread, changed=2, state=ThreadState.RESOLVED)
    with pytest.raises(AccessChanged):
        await store.write_thread(SPEC, 1, later, 1)
    with pytest.raises(AccessChanged):
        await store.write_thread(SPEC, 1, a_thread(1, changed=2), 3)
    for number in range(2):
        with pytest.raises(AccessChanged):
            await store.delete_thread(SPEC, 1, an_id("thread", number), 1)
    with pytest.raises(ThreadsChanged):
        await store.write_thread(SPEC, 0, thread, 2)
    with pytest.raises(SpecMissing):
        await store.write_thread(OTHER, 0, thread, 1)
    assert (list(await store.threads(SPEC)), (await store.spec(SPEC)).threads_version) == ([thread], 1)
    await store.write_thread(SPEC, 1, resolved(later), 2)
    await store.delete_thread(SPEC, 2, an_id("thread", 1), 2)
    await store.delete_thread(SPEC, 2, thread.thread_id, 2)
    assert (await store.spec(SPEC)).threads_version == 3


async def test_of_all_writes_at_one_base_one_is_written(connect: Connect, store: Store) -> None:
    """Law: two servers never write over each other, and the number of changes is that of the writes."""
    servers = [store, await connect(), await connect()]
    won = 0

    async def answer(server: Store, number: int) -> None:
        nonlocal won
        while True:
            base = (await server.spec(SPEC)).threads_version
            thread = await server.thread(SPEC, an_id("thread"))
            assert isinstance(thread, StoredThread)
            messages = (*thread.messages, a_message(number))
            try:
                await server.write_thread(SPEC, base, replace(thread, changed=base + 1, messages=messages))
            except ThreadsChanged:
                continue
            won += 1
            return

    await write(store, a_thread())
    await asyncio.gather(
        *(answer(server, 10 * index + n) for index, server in enumerate(servers) for n in range(3))
    )
    thread = await store.thread(SPEC, an_id("thread"))
    assert isinstance(thread, StoredThread)
    expected = {an_id("message", 10 * index + n) for index in range(3) for n in range(3)}
    assert {message.message_id for message in thread.messages} == expected
    assert (won, thread.changed, (await store.spec(SPEC)).threads_version) == (9, 10, 10)


DIFFERENCES: list[StoredMessage] = [
    replace(a_message(2), body="another"),
    replace(a_message(2), edited_at=moment(5)),
    replace(a_message(2), mentions=(BOB.user_id,)),
    replace(a_message(2), body="", deleted=True),
    replace(a_message(2), fingerprint="00" * 32),
    replace(a_message(2), created_at=moment(7)),
    replace(a_message(2), user_id=BOB.user_id, user_name=BOB.name),
    replace(a_message(7)),
]


@pytest.mark.parametrize("number", range(len(DIFFERENCES)))
async def test_each_difference_of_a_message_is_written(store: Store, number: int) -> None:
    thread = a_thread(messages=[a_message(1), a_message(2), a_message(3)])
    await write(store, thread)
    messages = (a_message(1), DIFFERENCES[number], a_message(3), a_message(4))
    (written,) = await write(store, replace(thread, messages=messages))
    assert await store.thread(SPEC, thread.thread_id) == written


async def test_a_long_thread_grows(store: Store) -> None:
    messages = [a_message(number, body="\u6f22" * 10_000) for number in range(200)]
    (before,) = await write(store, a_thread(messages=messages[:199]))
    (after,) = await write(store, replace(before, messages=tuple(messages)))
    assert await store.thread(SPEC, before.thread_id) == after
    assert (await store.total_usage()).bytes == 2 * ROW_BYTES + thread_bytes(after) - ROW_BYTES


async def test_pages_are_in_the_order_of_changes(store: Store) -> None:
    made = await write(store, *(a_thread(number) for number in range(6)))
    (closed,) = await write(store, resolved(made[1]))
    order = [closed, made[5], made[4], made[3], made[2], made[0]]
    assert list(await store.threads(SPEC)) == order
    assert list(await store.threads(SPEC, limit=2)) == order[:2]
    assert list(await store.threads(SPEC, before=order[1].changed, limit=2)) == order[2:4]
    assert list(await store.threads(SPEC, since=5)) == order[:2]
    assert list(await store.threads(SPEC, states=[ThreadState.OPEN])) == order[1:]
    assert list(await store.threads(SPEC, states=[ThreadState.OPEN], limit=1)) == order[1:2]
    assert list(await store.threads(SPEC, states={ThreadState.RESOLVED, ThreadState.REJECTED})) == [closed]
    assert not await store.threads(SPEC, states=[])
    assert not await store.threads(SPEC, since=7)


async def test_pages_are_of_so_many_bytes_but_at_least_one_thread(store: Store) -> None:
    made = await write(store, *(a_thread(number, messages=[a_message(number)]) for number in range(4)))
    size = thread_bytes(made[0])
    order = made[::-1]
    for most, count in [(1, 1), (size, 1), (2 * size - 1, 1), (2 * size, 2), (99 * size, 4)]:
        assert list(await store.threads(SPEC, most_bytes=most)) == order[:count]


async def test_deleting_keeps_the_ids(store: Store) -> None:
    first, second = a_thread(0), a_thread(1, messages=[a_message(5), a_message(3)])
    own = replace(a_message(), message_id=second.thread_id)
    await write(store, first, replace(second, messages=(own, *second.messages)))
    assert await store.thread_of_message(SPEC, an_id("message", 3)) == second.thread_id
    await store.delete_thread(SPEC, 2, second.thread_id)
    ids = tuple(sorted([an_id("message", 5), an_id("message", 3)]))
    gone = DeletedThread(second.thread_id, 3, ids)
    assert await store.thread(SPEC, second.thread_id) == gone
    assert list(await store.threads(SPEC)) == [first]
    await store.delete_thread(SPEC, 3, first.thread_id)
    assert list(await store.deleted_threads(SPEC, 0)) == [gone, DeletedThread(first.thread_id, 4)]
    assert list(await store.deleted_threads(SPEC, 3)) == [DeletedThread(first.thread_id, 4)]
    assert not await store.deleted_threads(SPEC, 4)
    for message_id in (*ids, second.thread_id):
        assert await store.thread_of_message(SPEC, message_id) == second.thread_id
    assert await store.thread(SPEC, ids[0]) is None
    assert (await store.spec(SPEC)).threads_version == 4
    await store.delete_thread(SPEC, 4, second.thread_id)
    assert (await store.spec(SPEC)).threads_version == 4


async def test_deleted_ones_come_in_pages(store: Store) -> None:
    """For an export from the oldest on, with the ids of their messages; for a client from the newest on."""
    made = await write(store, *(a_thread(number, messages=[a_message(number)]) for number in range(6)))
    for number in (3, 0, 5, 1):
        base = (await store.spec(SPEC)).threads_version
        await store.delete_thread(SPEC, base, made[number].thread_id)
    gone = [
        DeletedThread(made[number].thread_id, changed, (an_id("message", number),))
        for number, changed in ((3, 7), (0, 8), (5, 9), (1, 10))
    ]
    assert list(await store.deleted_threads(SPEC)) == gone
    assert list(await store.deleted_threads(SPEC, limit=3)) == gone[:3]
    assert list(await store.deleted_threads(SPEC, 7, 2)) == gone[1:3]
    newest = [(each.changed, each.thread_id) for each in reversed(gone)]
    assert list((await store.deletions(SPEC, limit=9)).items()) == newest
    assert list((await store.deletions(SPEC, limit=2)).items()) == newest[:2]
    assert list((await store.deletions(SPEC, since=7, before=10, limit=9)).items()) == newest[1:3]
    assert list((await store.deletions(SPEC, since=7, before=10, limit=1)).items()) == newest[1:2]
    assert not await store.deletions(SPEC, since=10, limit=9)
    assert not await store.deletions(OTHER, limit=9)
    assert not await store.deleted_threads(OTHER)


async def test_counts_are_those_of_the_open_threads(store: Store) -> None:
    await store.create_spec(a_spec(OTHER), None, a_snapshot())
    asking = a_message(1, mentions=[BOB])
    mine = a_thread(0, messages=[asking])
    answered = a_thread(1, messages=[a_message(2, mentions=[BOB]), a_message(3, by=BOB)])
    deleted = replace(a_message(5, by=BOB), body="", deleted=True)
    asked_again = a_thread(2, messages=[a_message(4, mentions=[BOB]), deleted])
    await write(store, mine, answered, asked_again, a_thread(3))
    both = [SPEC, OTHER, NOBODY]
    empty = {OTHER: (0, 0), NOBODY: (0, 0)}
    assert await store.thread_counts(both, BOB.user_id) == {SPEC: (4, 2), **empty}
    assert await store.thread_counts(both, ADA.user_id) == {SPEC: (4, 0), **empty}
    (closed,) = await write(store, resolved(replace(mine, changed=0)))
    assert await store.thread_counts(both, BOB.user_id) == {SPEC: (3, 1), **empty}
    await write(store, replace(closed, state=ThreadState.OPEN, resolved_by=None, resolved_at=None))
    assert await store.thread_counts(both, BOB.user_id) == {SPEC: (4, 2), **empty}
    await write(store, replace(mine, messages=(asking, a_message(6, by=BOB, mentions=[ADA]))))
    assert await store.thread_counts(both, BOB.user_id) == {SPEC: (4, 1), **empty}
    assert await store.thread_counts(both, ADA.user_id) == {SPEC: (4, 1), **empty}
    await store.delete_thread(SPEC, 7, asked_again.thread_id)
    assert await store.thread_counts(both, BOB.user_id) == {SPEC: (3, 0), **empty}


async def test_anchors_are_moved_without_a_change(store: Store) -> None:
    quote = "\U0001f388" * (SHOWN + 5)
    await write(
        store,
        a_thread(0, at_version=5, quote=quote),
        resolved(a_thread(1, at_version=2)),
        a_thread(2, at_version=9),
    )
    oldest = AnchorState(an_id("thread", 1), Anchor(3, 13), 2, "some words")
    older = AnchorState(an_id("thread", 0), Anchor(3, 3 + SHOWN + 5), 5, quote[:SHOWN])
    assert list(await store.anchors_before(SPEC, 9, 9)) == [oldest, older]
    assert list(await store.anchors_before(SPEC, 9, 1)) == [oldest]
    assert not await store.anchors_before(SPEC, 2, 9)
    moved = [(an_id("thread", number), Anchor(1, 1, "gone")) for number in range(3)]
    await store.move_anchors(SPEC, 7, moved)
    found = {each.thread_id: each for each in await store.threads(SPEC)}
    assert {key: (each.anchor, each.anchor_version) for key, each in found.items()} == {
        an_id("thread", 0): (Anchor(1, 1, "gone"), 7),
        an_id("thread", 1): (Anchor(1, 1, "gone"), 7),
        an_id("thread", 2): (Anchor(3, 13), 9),
    }
    assert sorted(each.changed for each in found.values()) == [1, 2, 3]
    assert (await store.spec(SPEC)).threads_version == 3


async def test_a_write_keeps_an_anchor_that_was_moved_further(store: Store) -> None:
    thread = a_thread(at_version=5)
    await write(store, thread)
    await store.move_anchors(SPEC, 7, [(thread.thread_id, Anchor(1, 2))])
    await write(store, resolved(thread))
    found = await store.thread(SPEC, thread.thread_id)
    assert isinstance(found, StoredThread)
    assert (found.anchor, found.anchor_version, found.state) == (Anchor(1, 2), 7, ThreadState.RESOLVED)
    (written,) = await write(store, replace(found, anchor=Anchor(4, 4, "x"), anchor_version=8))
    assert await store.thread(SPEC, thread.thread_id) == written


async def test_none_is_written_without_a_spec_and_its_users(store: Store) -> None:
    with pytest.raises(SpecMissing):
        await store.write_thread(OTHER, 0, a_thread())
    with pytest.raises(SpecMissing):
        await store.delete_thread(OTHER, 0, an_id("thread"))
    stranger = replace(ADA, user_id=NOBODY)
    for thread in (
        a_thread(by=stranger),
        a_thread(messages=[a_message(by=stranger)]),
        resolved(a_thread(), NOBODY),
    ):
        with pytest.raises(UserMissing):
            await store.write_thread(SPEC, 0, thread)
    assert (await store.spec(SPEC)).threads_version == 0
    await store.write_thread(SPEC, 0, a_thread())
    await store.trash_spec(SPEC, ADA.user_id, moment(1))
    with pytest.raises(SpecMissing):
        await store.write_thread(SPEC, 1, a_thread(1, changed=2))
    with pytest.raises(SpecMissing):
        await store.delete_thread(SPEC, 1, an_id("thread"))
    await store.undelete_spec(SPEC)
    assert list(await store.threads(SPEC)) == [a_thread()]


async def test_they_end_with_their_spec(store: Store) -> None:
    thread = a_thread(messages=[a_message(1, mentions=[BOB])])
    await write(store, thread, a_thread(1))
    await store.delete_thread(SPEC, 2, an_id("thread", 1))
    await store.delete_spec(SPEC)
    await store.create_spec(a_spec(), None, a_snapshot())
    assert not await store.threads(SPEC)
    assert not await store.deleted_threads(SPEC, 0)
    assert await store.thread_of_message(SPEC, an_id("message", 1)) is None
    assert await store.thread_counts([SPEC], BOB.user_id) == {SPEC: (0, 0)}
    await write(store, thread)


async def test_the_same_ids_in_another_spec_are_others(store: Store) -> None:
    await store.create_spec(a_spec(OTHER), None, a_snapshot())
    thread = a_thread(messages=[a_message(1)])
    await write(store, thread)
    await write(store, thread, spec_id=OTHER)
    await store.delete_thread(OTHER, 1, thread.thread_id)
    assert list(await store.threads(SPEC)) == [thread]


async def test_their_bytes_are_counted(store: Store) -> None:
    before = await store.total_usage()

    async def more() -> int:
        counted = await store.total_usage()
        await store.recount_usage(SPEC)
        assert await store.total_usage() == counted
        return counted.bytes - before.bytes

    thread = a_thread(replacement="\u00e9", quote="ab", messages=[a_message(1, body="\U0001f388")])
    (written,) = await write(store, thread)
    assert await more() == thread_bytes(written) == 2 * ROW_BYTES + len("ab") + 4 + 2 + 4
    await write(store, replace(thread, messages=(*thread.messages, a_message(2, body="abc"))))
    assert await more() == thread_bytes(written) + ROW_BYTES + 3
    await store.delete_thread(SPEC, 2, thread.thread_id)
    assert await more() == 3 * ROW_BYTES
