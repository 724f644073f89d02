"""The sittings of a spec as they are kept."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from msgspec import structs

from jupyter_speccollab.document.sitting import Sitting, sittings
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.history import sitting_log
from jupyter_speccollab.service.history.sitting_log import SittingLog
from jupyter_speccollab.store.base import RevisionKind, Store
from jupyter_speccollab.store.memory import MemoryStore
from tests.service.faults import FaultyStore
from tests.store.values import ADA, SPEC, START, a_snapshot, a_spec, an_operation


async def a_store() -> MemoryStore:
    store = MemoryStore()
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    return store


async def write(store: Store, pauses: list[float]) -> None:
    """Commit a version after each of so many seconds."""
    spec = await store.spec(SPEC)
    at = spec.modified_at
    for version, pause in enumerate(pauses, start=spec.version + 1):
        at += timedelta(seconds=pause)
        await store.commit(SPEC, version - 1, 1, [structs.replace(an_operation(version), timestamp=at)])


async def kept(store: Store) -> list[Sitting]:
    return [row.sitting for row in reversed(await store.sittings(SPEC, limit=999))]


async def in_one_go(store: Store) -> list[Sitting]:
    ends = {one.version for one in await store.kept_revisions(SPEC, 0, 999) if one.kind.is_asked_for}
    return list(sittings(await store.commit_times(SPEC, 0, 9_999), ends))


@pytest.mark.parametrize("seed", range(30))
async def test_what_is_kept_is_what_the_whole_log_has(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(sitting_log, "BATCH", dice.choice([1, 2, 7, 100]))
    store = await a_store()
    log = SittingLog(store)
    for _ in range(12):
        await write(store, dice.choices([-300, 1, 60, 599, 600, 5_000], k=dice.randrange(9)))
        version = (await store.spec(SPEC)).version
        if dice.random() < 0.5:
            kind = dice.choice([RevisionKind.SAVED, RevisionKind.LABELLED, RevisionKind.AUTO])
            await store.save_snapshot(
                SPEC, a_snapshot(dice.choice([version, dice.randint(0, version)]), "x", kind)
            )
        if dice.random() < 0.6:
            await log.bring_up_to_date(SPEC, version)
            assert await kept(store) == await in_one_go(store), seed


async def test_what_is_known_is_not_read_again() -> None:
    store = await a_store()
    log = SittingLog(store)
    await write(store, [1] * 50)
    await log.bring_up_to_date(SPEC, 50)
    read: list[int] = []
    times = store.commit_times

    async def counted(spec_id: str, after: int, limit: int) -> object:
        found = await times(spec_id, after, limit)
        read.append(len(found))
        return found

    store.commit_times = counted  # type: ignore[method-assign, assignment]
    await log.bring_up_to_date(SPEC, 50)
    assert read == []
    await write(store, [1] * 2)
    await log.bring_up_to_date(SPEC, 52)
    assert read == [2]
    assert await kept(store) == [Sitting(1, 52, START + timedelta(seconds=1), START + timedelta(seconds=52))]


async def test_several_who_ask_at_once_find_them_once() -> None:
    store = await a_store()
    await write(store, [600] * 30)
    log, other = SittingLog(store), SittingLog(store)
    await asyncio.gather(*(each.bring_up_to_date(SPEC, 30) for each in (log, log, other, log)))
    assert await kept(store) == await in_one_go(store)
    assert not log._busy


async def test_one_that_ends_does_not_wait_for_ever() -> None:
    store = await a_store()
    await write(store, [600] * 3)
    await store.trash_spec(SPEC, ADA.user_id, START)
    await SittingLog(store).bring_up_to_date(SPEC, 3)
    await store.delete_spec(SPEC)
    await SittingLog(store).bring_up_to_date(SPEC, 3)


async def test_while_the_database_is_full_those_have_to_do_that_are_known() -> None:
    async def full(_: object) -> None:
        raise StoreUnavailable("full")

    memory = await a_store()
    await write(memory, [600])
    store = FaultyStore(memory)
    store.faults["add_sittings"] = [full]
    with pytest.raises(StoreUnavailable):
        await SittingLog(store).bring_up_to_date(SPEC, 1)
    await SittingLog(store).bring_up_to_date(SPEC, 1)
    await write(memory, [600])
    store.faults["add_sittings"] = [full]
    await SittingLog(store).bring_up_to_date(SPEC, 2)
    assert [each.first for each in await kept(memory)] == [1]
