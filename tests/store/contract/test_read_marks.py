"""The contract of read marks."""

from __future__ import annotations

import pytest

from jupyter_speccollab.store.base import Choice, ReadState, SpecMissing, Store, UserMissing, read_marks
from tests.store.values import ADA, BOB, NOBODY, SPEC, START, a_snapshot, a_spec, an_id, some_operations

pytestmark = pytest.mark.usefixtures("spec")

OTHER = an_id("spec", 2)


async def test_a_mark_only_rises_and_never_beyond_the_present_version(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 5))
    assert await store.mark_read(SPEC, ADA.user_id, 3) == 3
    assert await store.mark_read(SPEC, ADA.user_id, 2) == 3
    assert await store.mark_read(SPEC, ADA.user_id, 2**53 - 1) == 5
    assert await store.mark_read(SPEC, ADA.user_id, 0) == 5
    assert await store.mark_read(SPEC, BOB.user_id, 0) == 0
    assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState(5, 0)}


async def test_versions_by_others_since_the_mark_are_unread(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 2, by=ADA))
    await store.commit(SPEC, 2, 1, some_operations(3, 3, by=BOB))
    await store.commit(SPEC, 5, 1, some_operations(6, 1, by=ADA))
    assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState(None, 3)}
    assert await store.read_states(BOB.user_id, [SPEC]) == {SPEC: ReadState(None, 3)}
    for version, unread in [(0, 3), (3, 2), (4, 1), (5, 0), (6, 0)]:
        await store.mark_read(SPEC, ADA.user_id, version)
        assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState(version, unread)}
    assert await store.read_states(BOB.user_id, [SPEC]) == {SPEC: ReadState(None, 3)}
    assert await store.read_states(NOBODY, [SPEC]) == {SPEC: ReadState(None, 6)}


async def test_only_so_many_of_the_newest_versions_are_looked_at(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = read_marks.UNREAD + 5
    await store.commit(SPEC, 0, 1, some_operations(1, 3, by=BOB))
    await store.commit(SPEC, 3, 1, some_operations(4, count, by=ADA))
    assert await store.read_states(BOB.user_id, [SPEC]) == {SPEC: ReadState(None, read_marks.UNREAD)}
    assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState(None, 0)}  # 1 to 3 are too old
    await store.mark_read(SPEC, BOB.user_id, count)
    assert await store.read_states(BOB.user_id, [SPEC]) == {SPEC: ReadState(count, 3)}


async def test_states_are_of_the_specs_that_are_asked_for(store: Store) -> None:
    await store.create_spec(a_spec(OTHER), None, a_snapshot())
    await store.commit(OTHER, 0, 1, some_operations(1, 2, by=BOB, offset=100))
    await store.mark_read(OTHER, ADA.user_id, 1)
    asked = [SPEC, OTHER, an_id("spec", 3)]
    assert await store.read_states(ADA.user_id, asked) == {SPEC: ReadState(), OTHER: ReadState(1, 1)}
    assert await store.read_states(ADA.user_id, []) == {}


async def test_specs_with_unread_versions_are_listed(store: Store) -> None:
    await store.create_spec(a_spec(OTHER), None, a_snapshot())
    await store.commit(SPEC, 0, 1, some_operations(1, 2, by=BOB))
    await store.commit(OTHER, 0, 1, some_operations(1, 2, by=ADA, offset=100))

    async def unread(user_id: str) -> set[str]:
        return {each.spec_id for each in (await store.specs(choice=Choice(unread_by=user_id))).specs}

    assert (await unread(ADA.user_id), await unread(BOB.user_id)) == ({SPEC}, {OTHER})
    assert await unread(NOBODY) == {SPEC, OTHER}
    await store.mark_read(SPEC, ADA.user_id, 1)
    assert await unread(ADA.user_id) == {SPEC}
    await store.mark_read(SPEC, ADA.user_id, 2)
    assert await unread(ADA.user_id) == set()
    both = Choice(unread_by=BOB.user_id, owned_by=[ADA.user_id])
    assert len((await store.specs(choice=both)).specs) == 1
    assert not (await store.specs(choice=both, visible_to=[])).specs


async def test_marks_end_with_their_spec(store: Store) -> None:
    await store.commit(SPEC, 0, 1, some_operations(1, 2, by=BOB))
    await store.mark_read(SPEC, ADA.user_id, 2)
    await store.delete_spec(SPEC)
    await store.create_spec(a_spec(), None, a_snapshot())
    assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState()}


async def test_there_is_no_mark_without_a_spec_and_a_user(store: Store) -> None:
    with pytest.raises(SpecMissing):
        await store.mark_read(OTHER, ADA.user_id, 1)
    with pytest.raises(UserMissing):
        await store.mark_read(SPEC, NOBODY, 1)
    await store.mark_read(SPEC, ADA.user_id, 0)
    await store.trash_spec(SPEC, ADA.user_id, START)
    with pytest.raises(SpecMissing):
        await store.mark_read(SPEC, ADA.user_id, 1)
    await store.undelete_spec(SPEC)
    assert await store.read_states(ADA.user_id, [SPEC]) == {SPEC: ReadState(0, 0)}
