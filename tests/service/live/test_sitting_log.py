"""The sittings of a spec as they are kept."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec import structs

from jupyter_speccollab.document.sitting import Sitting, sittings
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.live import sitting_log
from jupyter_speccollab.service.live.sitting_log import SittingLog
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


async def asked(log: SittingLog, store: Store, before: int | None = None, limit: int = 20) -> list[Sitting]:
    version = (await store.spec(SPEC)).version
    return [row.sitting for row in await log.newest(SPEC, version, before, limit)]


async def find_all(log: SittingLog) -> list[int]:
    return [done async for done in log.all_of(SPEC)]


def count_reads(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """After which version times are read from now on, and how many each time."""
    read: list[tuple[int, int]] = []
    times = store.commit_times

    async def counted(spec_id: str, after: int, limit: int) -> object:
        found = await times(spec_id, after, limit)
        read.append((after, len(found)))
        return found

    monkeypatch.setattr(store, "commit_times", counted)
    return read


async def in_one_go(store: Store) -> list[Sitting]:
    ends = {one.version for one in await store.kept_revisions(SPEC, 0, 999) if one.kind.is_asked_for}
    return list(sittings(await store.commit_times(SPEC, 0, 9_999), ends))


PAUSES = [-300, 1, 60, 599, 600, 3_000, 5_000]


@pytest.mark.parametrize("seed", range(60))
async def test_they_are_the_same_however_they_were_found(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages anywhere, snapshots, two servers and late revisions, in any order, find what the whole log has."""
    dice = random.Random(seed)
    monkeypatch.setattr(sitting_log, "BATCH", dice.choice([1, 2, 7, 100]))
    monkeypatch.setattr(sitting_log, "BACK", dice.choice([1, 5, 100]))
    monkeypatch.setattr(sitting_log, "NEAR", dice.choice([3, 100]))
    monkeypatch.setattr(sitting_log, "OPEN", dice.choice([1, 4]))
    monkeypatch.setattr(sitting_log, "PAGE", dice.choice([1, 3, 50]))
    store = await a_store()
    servers = SittingLog(store), SittingLog(store)
    frequent = dice.choice([[1], [-300, 60], [300, 500], PAUSES])
    for _ in range(25):
        await write(store, dice.choices([*PAUSES, *5 * frequent], k=dice.randrange(9)))
        version = (await store.spec(SPEC)).version
        log = dice.choice(servers)
        match dice.choice(["revision", "snapshot", "page", "page", "both", "all"]):
            case "revision":
                kind = dice.choice([RevisionKind.SAVED, RevisionKind.LABELLED, RevisionKind.AUTO])
                late = a_snapshot(dice.choice([version, dice.randint(0, version)]), "x", kind)
                await store.save_snapshot(SPEC, late)
            case "snapshot":
                await log.snapshot_taken(SPEC, version)
            case "page":
                before = dice.choice([None, dice.randint(0, version + 2)])
                limit = dice.choice([1, 2, 20])
                found = await asked(log, store, before, limit)
                true = [each for each in await in_one_go(store) if before is None or each.last < before]
                assert found == true[::-1][: len(found)], (seed, before)
                assert found or not true, (seed, before)
            case "both":
                pages = [dice.choice([None, dice.randint(0, version + 1)]) for _ in range(3)]
                found_by = await asyncio.gather(
                    *(asked(dice.choice(servers), store, before) for before in pages),
                    *(each.snapshot_taken(SPEC, version) for each in servers),
                )
                for before, page in zip(pages, found_by, strict=False):
                    true = [each for each in await in_one_go(store) if before is None or each.last < before]
                    assert list(page) == true[::-1][: len(page)], (seed, before)
                    assert page or not true, (seed, before)
            case "all":
                await find_all(log)
                assert await kept(store) == await in_one_go(store), seed
    await find_all(servers[0])
    assert await kept(store) == await in_one_go(store), seed
    assert all(not log._busy for log in servers)


async def test_all_are_found_in_steps_that_may_be_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "BATCH", 4)
    monkeypatch.setattr(sitting_log, "PAGE", 3)
    store = await a_store()
    await write(store, [1, 600] * 20)
    log = SittingLog(store)
    async for done in log.all_of(SPEC):
        if done > 10:
            break
    known = await kept(store)
    assert 10 < sum(each.last - each.first + 1 for each in known) < 40
    assert known == (await in_one_go(store))[-len(known) :]
    read = count_reads(store, monkeypatch)
    assert (await find_all(log))[-1] == 40
    assert await kept(store) == await in_one_go(store)
    assert all(after < known[0].first for after, _ in read)
    assert await find_all(SittingLog(store)) == []  # nothing is new


async def test_the_newest_are_found_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "BATCH", 10)
    store = await a_store()
    await write(store, ([600] + [1] * 4) * 100)
    true = await in_one_go(store)
    read = count_reads(store, monkeypatch)
    log = SittingLog(store)
    found = await asked(log, store)
    assert [(each.first, each.last) for each in found] == [(496, 500), (491, 495)]
    assert read == [(489, 11)]
    assert [(each.first, each.last) for each in await asked(log, store, 492)] == [(486, 490), (481, 485)]
    assert await asked(log, store) == true[:-5:-1]
    assert read[1:] == [(479, 11)]


async def test_a_run_without_a_pause_is_read_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "BATCH", 10)
    monkeypatch.setattr(sitting_log, "BACK", 30)
    store = await a_store()
    await write(store, [500] * 200)
    log = SittingLog(store)
    for limit in (1, 3, 20):
        assert await asked(log, store, None, limit) == (await in_one_go(store))[: -limit - 1 : -1]


async def test_a_page_that_is_cancelled_leaves_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "BATCH", 10)
    monkeypatch.setattr(sitting_log, "BACK", 30)
    store = await a_store()
    await write(store, [500] * 200)
    log = SittingLog(store)
    some, add = asyncio.Event(), store.add_sittings

    async def added(spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
        some.set()
        return await add(spec_id, before, found)

    monkeypatch.setattr(store, "add_sittings", added)
    page = asyncio.create_task(asked(log, store))
    waiting = asyncio.create_task(asked(log, store))
    await some.wait()
    page.cancel()
    await asyncio.gather(page, return_exceptions=True)
    assert page.cancelled()
    true = await in_one_go(store)
    read = count_reads(store, monkeypatch)
    assert await waiting == true[:-21:-1]
    assert all(after for after, _ in read)  # it went on where the other one was


async def test_with_a_snapshot_they_are_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "OPEN", 50)
    store = await a_store()
    log = SittingLog(store)
    await write(store, [1] * 30)
    assert await log.snapshot_taken(SPEC, 30) == ()
    assert await kept(store) == []  # it goes on
    await write(store, [1] * 30)
    assert list(await log.snapshot_taken(SPEC, 60)) == []
    assert [(each.first, each.last) for each in await kept(store)] == [(1, 60)]
    await write(store, [1, 600, 1, 600, 1])
    assert [(each.first, each.last) for each in await log.snapshot_taken(SPEC, 65)] == [(1, 61), (62, 63)]
    assert await kept(store) == await in_one_go(store)
    assert await log.snapshot_taken(SPEC, 65) == ()
    true = await in_one_go(store)
    read = count_reads(store, monkeypatch)
    assert await asked(log, store) == true[::-1]
    assert read == []


async def test_a_page_shows_what_a_snapshot_finds_at_the_same_moment() -> None:
    store = await a_store()
    await write(store, [1, 600])
    log = SittingLog(store)
    await asked(log, store)
    await write(store, [600])
    _, page = await asyncio.gather(log.snapshot_taken(SPEC, 3), asked(log, store))
    assert page == (await in_one_go(store))[::-1]


async def test_with_a_snapshot_of_an_old_history_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitting_log, "NEAR", 20)
    store = await a_store()
    await write(store, [600] * 30)
    read = count_reads(store, monkeypatch)
    assert await SittingLog(store).snapshot_taken(SPEC, 30) == ()
    assert (read, await kept(store)) == ([], [])


async def test_what_is_known_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = await a_store()
    log = SittingLog(store)
    await write(store, [1] * 50)
    await asked(log, store)
    read = count_reads(store, monkeypatch)
    await asked(log, store)
    assert read == []
    await write(store, [1] * 2)
    await asked(log, store)
    assert read == [(50, 2)]
    assert await kept(store) == [Sitting(1, 52, START + timedelta(seconds=1), START + timedelta(seconds=52))]


async def test_several_who_ask_at_once_find_them_once() -> None:
    store = await a_store()
    await write(store, [600] * 30)
    log, other = SittingLog(store), SittingLog(store)
    await asyncio.gather(*(asked(each, store) for each in (log, log, other, log)))
    assert await kept(store) == await in_one_go(store)
    assert not log._busy


async def test_one_that_ends_does_not_wait_for_ever() -> None:
    store = await a_store()
    await write(store, [600] * 3)
    await store.trash_spec(SPEC, ADA.user_id, START)
    assert await SittingLog(store).newest(SPEC, 3) == ()
    await store.delete_spec(SPEC)
    assert await SittingLog(store).newest(SPEC, 3) == ()
    assert await SittingLog(store).snapshot_taken(SPEC, 3) == ()


async def test_while_the_database_is_full_those_have_to_do_that_are_known() -> None:
    async def full(_: object) -> None:
        raise StoreUnavailable("full")

    memory = await a_store()
    await write(memory, [600])
    store = FaultyStore(memory)
    store.faults["add_sittings"] = [full]
    with pytest.raises(StoreUnavailable):
        await SittingLog(store).newest(SPEC, 1)
    assert len(await SittingLog(store).newest(SPEC, 1)) == 1
    await write(memory, [600])
    store.faults["add_sittings"] = [full, full]
    assert await SittingLog(store).snapshot_taken(SPEC, 2) == ()
    assert len(await SittingLog(store).newest(SPEC, 2)) == 1
    assert [each.first for each in await kept(memory)] == [1]
