"""Compaction: every kept text stays readable, also after an interruption and during editing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.history.compaction import Compaction, LogMismatch
from jupyter_speccollab.service.live import documents as documents_module
from jupyter_speccollab.store.base import CorruptSnapshot, Snapshot
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Client, Serve, after, raising
from tests.service.history.compacted import AUTO, BASE, CREATED, LABELLED, SAVED, a_history


async def conflict(client: Client) -> dict[str, Any]:
    """Expect the refusal of an operation whose base version is folded; return the ``sync`` that follows."""
    told = await client.expect("version_conflict")
    assert told["conflictingOperations"] == []
    return await client.expect("sync")


async def test_versions_that_were_not_folded_read_as_before(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    assert await history.server.memory.folded(history.server.spec_id) == 20
    kinds = await history.kinds()
    assert {version: kinds[version] for version in (1, 11, 20)} == {1: CREATED, 11: LABELLED, 20: BASE}
    other = await history.server.another()
    kept = {version for version in kinds if version < 20}
    assert await history.readable(other) == sorted({0, *kept, *range(20, 32)})
    assert (await other.client()).welcome["content"] == history.texts[-1]


async def test_an_open_document_keeps_working_after_a_compaction(serve: Serve) -> None:
    history = await a_history(serve)
    server = history.server
    one = await server.client()
    await history.compact()
    assert await history.readable(server) == list(range(32))  # all versions are in memory
    await one.edit(5, insert(0, "late "))
    assert (await one.expect("operation_ack"))["version"] == 32
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    for version in range(32, 40):
        await one.edit(version, insert(0, "x"))
        await one.expect("operation_ack")
        await live.snapshots.take_if_stale()
    other = await server.another()
    assert await other.content() == await server.content()
    assert [version for version in await history.readable(other) if version > 20] == [31]


async def test_a_server_that_missed_folded_operations_makes_sessions_join_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_module, "POLL", 3600)
    history = await a_history(serve)
    cut_off = await history.server.another()
    one = await cut_off.client()
    active = await history.server.client(BOB)
    await active.edit(history.version, insert(0, "y"))
    await active.expect("operation_ack")
    await history.compact()
    await one.edit(history.version, insert(0, "z"))
    refused = await one.until("operation_ack")
    assert (refused["success"], refused["code"]) == (False, "STORE_UNAVAILABLE")
    assert one.outbox.closed == 1001
    again = await cut_off.client(lastKnownVersion=history.version, epoch=one.welcome["epoch"])
    assert (again.welcome["content"], again.welcome["version"]) == ("y" + history.texts[-1], 32)


async def test_a_document_opened_during_a_compaction_has_its_whole_text(serve: Serve) -> None:
    history = await a_history(serve)
    for version in [v for v, kind in (await history.kinds()).items() if kind is AUTO]:
        await history.server.memory.thin_snapshots(history.server.spec_id, [version])
    other = await history.server.another()
    other.store.fail("operations", after(history.compact))
    assert (await other.client()).welcome["content"] == history.texts[-1]


async def test_a_version_read_during_a_compaction_is_found(serve: Serve) -> None:
    history = await a_history(serve)
    other = await history.server.another()
    await other.client()
    other.store.fail("operations", after(lambda: history.compact(25)))
    read = await other.services.revisions.at(ADA, other.spec_id, 25)
    assert read["content"] == history.texts[25]


async def test_a_spec_without_its_base_snapshot_is_reported_as_damaged(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact()
    del history.server.memory._specs[history.server.spec_id].snapshots[31]
    other = await history.server.another()
    with pytest.raises(Exception, match="damaged"):
        await other.client()


@pytest.mark.parametrize("breaks", ["save_snapshot", "fold", "thin_snapshots", "set_summary"])
@pytest.mark.parametrize("done", [0, 1, 3])
async def test_an_interrupted_compaction_leaves_everything_readable(
    serve: Serve, breaks: str, done: int
) -> None:
    history = await a_history(serve)
    breaking = (await history.server.another()).store

    async def goes_well(act: Any) -> Any:
        return await act()

    breaking.fail(breaks, *[goes_well] * done, raising(StoreUnavailable("away")))
    with suppress(StoreUnavailable):
        await history.compact(20, breaking)  # type: ignore[arg-type]
    other = await history.server.another()
    readable = await history.readable(other)
    assert set(range(20, 32)) | {0, 1, 11} <= set(readable)
    await history.compact(15)  # an older cut changes nothing
    assert set(await history.readable(await history.server.another())) >= {*range(20, 32), 0, 1, 11}
    await history.compact(20)
    assert await history.server.memory.folded(history.server.spec_id) == 20
    assert set(await history.readable(await history.server.another())) >= {*range(20, 32), 0, 1, 11}


async def test_a_compaction_continues_after_the_previous_one(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(15)
    await history.compact(25)
    await history.compact(25)
    kinds = await history.kinds()
    assert kinds[25] is BASE
    assert kinds.get(15) in (None, BASE)
    await history.compact()
    assert await history.server.memory.folded(history.server.spec_id) == 31
    assert set(await history.readable(await history.server.another())) >= {0, 1, 11, 31}


async def test_nothing_is_folded_if_log_and_snapshots_disagree(serve: Serve) -> None:
    history = await a_history(serve)
    memory, spec_id = history.server.memory, history.server.spec_id
    kept = memory._specs[spec_id].snapshots
    right = kept[11]
    kept[11] = replace(right, content="other", content_hash=content_hash("other"))
    with pytest.raises(LogMismatch, match="version 11"):
        await history.compact(20)
    kept[11] = replace(right, content="other")
    with pytest.raises(CorruptSnapshot):
        await history.compact(20)
    kept[11] = right
    log = memory._specs[spec_id].log
    log[7], whole = structs.replace(log[7], operation=log[7].operation.__class__.of(10_000, "x")), log[7]
    with pytest.raises(LogMismatch, match="version 8"):
        await history.compact(20)
    log[7] = whole
    assert await memory.folded(spec_id) == 0
    await history.compact(20)


async def test_one_automatic_snapshot_a_day_stays_with_a_summary_of_the_day(serve: Serve) -> None:
    server = await serve("# A\n")
    one = await server.client()
    memory, texts = server.memory, ["", "# A\n"]
    for version in range(1, 13):
        await one.edit(version, insert(len(texts[-1]), f"## {version}\n"))
        await one.expect("operation_ack")
        texts.append(f"{texts[-1]}## {version}\n")
    spec = memory._specs[server.spec_id]
    start = datetime(2026, 3, 1, 1, tzinfo=UTC)
    spec.log[:] = [
        structs.replace(each, timestamp=start + timedelta(hours=6 * each.version)) for each in spec.log
    ]  # four versions a day
    spec.snapshots = {1: spec.snapshots[1]}
    for each in spec.log[1:]:
        kind = SAVED if each.version == 6 else AUTO
        text = texts[each.version]
        spec.snapshots[each.version] = Snapshot(
            each.version,
            text,
            content_hash(text),
            each.user_id,
            "",
            each.timestamp,
            kind,
            None,
            "one heading",
        )
    compaction = Compaction(memory, start + timedelta(hours=6 * 12))
    plan = await compaction.plan(server.spec_id)
    assert plan is not None
    assert (plan.folded, plan.cut, plan.base) == (0, 11, None)
    await compaction.carry_out(plan)
    kept = {each.version: each for each in await memory.revisions(server.spec_id, limit=100)}
    assert sorted(kept) == [1, 3, 6, 7, 11, 12, 13]
    assert kept[6].changes_summary == kept[12].changes_summary == "one heading"
    assert kept[3].changes_summary == "changed “1”, “2”, +2 lines"
    assert kept[11].changes_summary == "changed “7”, “8”, “9” and 1 more, +4 lines"


async def test_folding_while_people_type(serve: Serve) -> None:
    history = await a_history(serve)
    one = await history.server.client()

    async def type_on() -> None:
        for version in range(31, 91):
            await one.edit(version, insert(0, "x"))
            await one.expect("operation_ack")
            await asyncio.sleep(0)

    async def fold_on() -> None:
        for _ in range(20):
            await history.compact()
            await asyncio.sleep(0)

    await asyncio.gather(type_on(), fold_on())
    await history.compact()
    other = await history.server.another()
    assert (await other.client()).welcome["content"] == "x" * 60 + history.texts[31]


@pytest.mark.parametrize("call", ["operations", "revisions", "commits", "save_snapshot", "fold"])
async def test_a_spec_deleted_during_a_compaction_is_no_error(serve: Serve, call: str) -> None:
    history = await a_history(serve)
    deleting = (await history.server.another()).store
    deleting.fail(call, after(lambda: history.server.memory.delete_spec(history.server.spec_id)))
    await history.compact(22, deleting)  # type: ignore[arg-type]
    assert await history.server.memory.states([history.server.spec_id]) == {}
