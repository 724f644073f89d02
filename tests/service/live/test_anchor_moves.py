"""Anchor moves: as moving each anchor over each operation in turn, from memory or from the log."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from jupyter_speccollab.document import window
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.live import anchor_moves
from jupyter_speccollab.service.live.anchor_moves import AnchorMoves, HeldAnchor
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.service.time_slice import COMPONENTS
from jupyter_speccollab.store.base import StoredThread
from jupyter_speccollab.text.anchor import Anchor
from tests.anchors import brought_on
from tests.handlers.logins import delete, insert
from tests.service.faults import ADA, BOB, Serve, Serving
from tests.service.history.compacted import LATER
from tests.service.threads.calls import comment, live_of, one

TEXT = "".join(f"word{number} " for number in range(60))


async def edited(server: Serving, count: int, seed: int) -> None:
    """Commit some random edits."""
    random = Random(seed)
    writer = await server.client(BOB)
    length, version = len(TEXT), 1
    for _ in range(count):
        start = random.randrange(length)
        gone = min(random.choice([0, 1, 8]), length - start)
        edit: list[Any] = [delete(start, gone)] if gone else []
        new = random.choice(["", "x", "word7 ", "longer words "])
        if new:
            edit.append(insert(start, new))
        await writer.edit(version, *edit)
        ack = await writer.until("operation_ack")
        assert ack["success"], ack
        version, length = ack["version"], length + len(new) - gone


@pytest.mark.parametrize("kept", [1_000, 20])
async def test_it_is_as_moving_each_over_each(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """With few operations in memory, the log is read in small parts."""
    monkeypatch.setattr(window, "OPERATIONS", kept)
    monkeypatch.setattr(anchor_moves, "LOG_BYTES", 500)
    monkeypatch.setattr(anchor_moves, "AT_ONCE", 7)
    server = await serve(TEXT)
    await edited(server, 120, seed=5)
    log = await server.memory.operations(server.spec_id, after=0)
    random = Random(6)
    held, expected = [], []
    for number in range(50):
        version = random.randint(1, len(log))
        start = random.randrange(200)
        anchor = Anchor(start, start + random.choice([0, 1, 6, 30]))
        quote = "x" * (anchor.end - anchor.start)
        held.append(HeldAnchor(str(number), anchor, version, quote))
        later = [committed.components for committed in log if committed.version > version]
        expected.append(brought_on(anchor, later, quote))
    moves = AnchorMoves(live_of(server).document, server.store)  # type: ignore[arg-type]
    done = await asyncio.gather(moves.bring_on(held), moves.bring_on(held[:25]), moves.bring_on(held[20:]))
    assert set(done) == {len(log)}
    assert [(one.anchor, one.version) for one in held] == [(anchor, len(log)) for anchor in expected]


async def test_what_another_reading_has_moved_is_not_moved_again(serve: Serve) -> None:
    server = await serve(TEXT)
    threads = [await comment(server, start, start + 5) for start in range(0, 100, 10)]
    await edited(server, 30, seed=9)
    await asyncio.gather(*(one(server, thread_id) for thread_id in threads * 3))
    log = await server.memory.operations(server.spec_id, after=1)
    reads = []

    async def read(act: Any) -> Any:
        reads.append(act)
        return await act()

    server.store.faults["operations"] = [read] * 9
    for start, thread_id in zip(range(0, 100, 10), threads, strict=True):
        anchor = (await one(server, thread_id))["anchor"]
        expected = brought_on(
            Anchor(start, start + 5), [each.components for each in log], TEXT[start : start + 5]
        )
        assert (anchor["start"], anchor["end"]) == (expected.start, expected.end)
    assert reads == []


@pytest.mark.parametrize("length", [2_000, 200_000, 2_000_000])
async def test_many_orphans_search_a_long_insert_in_slices(serve: Serve, length: int) -> None:
    """Whoever deletes all that is commented and pastes a long text keeps nobody waiting."""
    server = await serve(TEXT, document_length=3_000_000)
    await server.services.contents.save(ADA, server.spec_id, Save("z" * length, 1))
    live = live_of(server)
    (committed,) = await server.memory.operations(server.spec_id, after=1)
    held = [HeldAnchor(str(number), Anchor(3, 3, f"never {number}"), 1, "never") for number in range(500)]
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    working = asyncio.create_task(others())
    assert await AnchorMoves(live.document, server.store).bring_on(held) == committed.version  # type: ignore[arg-type]
    working.cancel()
    searched = len(held) * length
    assert turns >= searched // (2 * anchor_moves.SEARCHED_IN_COMPONENT * COMPONENTS + length)
    assert all(one.anchor.is_orphaned for one in held)


async def test_few_are_kept(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchor_moves, "KEPT", 3)
    server = await serve(TEXT)
    for start in range(10):
        await comment(server, start, start + 5)
    assert len(live_of(server).threads.anchors._kept) == 3


async def test_what_was_folded_was_moved_before(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compaction moves the stored anchors before it folds operations."""
    monkeypatch.setattr(window, "OPERATIONS", 3)
    server = await serve(TEXT)
    thread_id = await comment(server, 60, 66)
    stored = await server.memory.thread(server.spec_id, thread_id)
    assert isinstance(stored, StoredThread)
    await edited(server, 40, seed=3)
    before = await one(server, thread_id)
    other = await server.another()
    compaction = Compaction(server.memory, LATER)
    live = live_of(server)
    await live.snapshots.take_if_stale()
    for spec_id in await compaction.spec_ids():
        plan = await compaction.plan(spec_id)
        assert plan is not None
        await compaction.carry_out(plan)
    held = HeldAnchor.of(stored)
    await AnchorMoves(live.document, server.store).bring_on([held])  # type: ignore[arg-type]
    place = (held.anchor.start, held.anchor.end)
    assert place == (before["anchor"]["start"], before["anchor"]["end"])
    assert (await one(other, thread_id))["anchor"] == before["anchor"]


async def test_words_whose_operations_are_gone_count_as_gone(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is only so where somebody has folded them without moving the anchors."""
    monkeypatch.setattr(window, "OPERATIONS", 3)
    server = await serve(TEXT)
    await edited(server, 40, seed=3)
    live = live_of(server)
    await live.snapshots.take_if_stale()
    await server.memory.fold(server.spec_id, 0, 41, 41)
    far = HeldAnchor("unknown", Anchor(60, 66), 1, "word10")
    assert await AnchorMoves(live.document, server.store).bring_on([far]) == 41  # type: ignore[arg-type]
    assert far.anchor == Anchor(60, 60, "word10")
