"""Stored anchors: where moving them over the operations in turn brings them, whatever is folded meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.history import stored_anchors as module
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.history.stored_anchors import bring_on_anchors
from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import diff
from jupyter_speccollab.text.anchor import Anchor
from tests.anchors import brought_on
from tests.store.values import ADA, SPEC, a_snapshot, a_spec, a_thread, an_operation, moment
from tests.text.strategies import law

TEXTS = ["", "The quick fox", "The fox", "The very quick fox", "A fox", "The quick fox\n", "x"]


async def a_store(texts: Sequence[str]) -> MemoryStore:
    """A store with a spec whose versions have these texts."""
    store = MemoryStore()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot(0, texts[0]))
    made = [
        an_operation(version, base=before, operation=diff(before, after))
        for version, (before, after) in enumerate(pairwise(texts), 1)
    ]
    if made:
        await store.commit(SPEC, 0, 1, made)
    return store


async def add(store: Store, places: Sequence[tuple[int, int, int]], texts: Sequence[str]) -> None:
    """Add a thread for each version, start and end, as far as its text reaches."""
    for number, (version, one, other) in enumerate(places):
        text = texts[version]
        start, end = sorted((min(one, len(text)), min(other, len(text))))
        quote = text[start:end]
        thread = a_thread(number, changed=number + 1, at_version=version, quote=quote)
        await store.write_thread(SPEC, number, replace(thread, anchor=Anchor(start, end)))


async def expected(store: Store, until: int) -> dict[str, Anchor]:
    """Each anchor moved over one operation after the other."""
    log: Sequence[CommittedOperation] = await store.operations(SPEC, 0)
    return {
        each.thread_id: brought_on(
            each.anchor, [one.components for one in log[each.anchor_version : until]], each.quote
        )
        for each in await store.threads(SPEC, limit=1_000)
    }


async def stored(store: Store) -> dict[str, Anchor]:
    return {each.thread_id: each.anchor for each in await store.threads(SPEC, limit=1_000)}


HISTORIES = st.lists(st.text(st.sampled_from("ab \n"), max_size=8), min_size=2, max_size=9)


@law
@given(st.data())
def test_each_is_where_the_operations_bring_it(data: st.DataObject) -> None:
    texts = ["", *data.draw(HISTORIES)]
    last = len(texts) - 1
    place = st.tuples(st.integers(0, last), st.integers(0, 8), st.integers(0, 8))
    places = data.draw(st.lists(place, max_size=6))
    asyncio.run(check(texts, places, data.draw(st.integers(0, last))))


async def check(texts: Sequence[str], places: Sequence[tuple[int, int, int]], until: int) -> None:
    store = await a_store(texts)
    await add(store, places, texts)
    versions = {each.thread_id: each.anchor_version for each in await store.threads(SPEC)}
    moved, before = await expected(store, until), await stored(store)
    await bring_on_anchors(store, SPEC, until)
    assert await stored(store) == {
        key: moved[key] if version < until else before[key] for key, version in versions.items()
    }
    assert not await store.anchors_before(SPEC, until, 9)


async def test_many_are_moved_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    store = await a_store(TEXTS)
    await add(store, [(version % 6, 4, 9) for version in range(10)], TEXTS)
    moved = await expected(store, 6)
    await bring_on_anchors(store, SPEC, 6)
    assert await stored(store) == moved
    assert (await store.spec(SPEC)).threads_version == 10


async def test_folding_brings_them_on_before() -> None:
    store = await a_store(TEXTS)
    await add(store, [(1, 4, 9), (3, 4, 8), (5, 0, 3)], TEXTS)
    moved = await expected(store, 6)
    compaction = Compaction(store, moment(6.5))
    plan = await compaction.plan(SPEC)
    assert plan is not None
    assert await compaction.carry_out(plan)
    assert await store.folded(SPEC) == 6
    assert await stored(store) == moved
    assert {each.anchor_version for each in await store.threads(SPEC)} == {6}


async def test_an_anchor_whose_operations_are_gone_is_an_orphan() -> None:
    store = await a_store(TEXTS)
    await store.save_snapshot(SPEC, a_snapshot(4, TEXTS[4]))
    await store.fold(SPEC, 0, 4, base=4)
    await add(store, [(1, 4, 9), (4, 2, 5), (2, 3, 3)], TEXTS)
    await bring_on_anchors(store, SPEC, 5)
    left = [(await store.operations(SPEC, 4))[0].components]
    assert await stored(store) == {
        a_thread(0).thread_id: brought_on(Anchor(0, 0, "quick"), left, "quick"),
        a_thread(1).thread_id: brought_on(Anchor(2, 5), left, "fox"),
        a_thread(2).thread_id: brought_on(Anchor(0, 0), left, ""),
    }


async def test_a_compaction_that_runs_at_the_same_time_is_no_harm() -> None:
    class Folding(MemoryStore):
        """Folds while the anchors are being moved, as another compaction does."""

        async def anchors_before(self, *asked: object, **named: object) -> object:  # type: ignore[override]
            found = await super().anchors_before(*asked, **named)  # type: ignore[arg-type]
            if found and not await self.folded(SPEC):
                await super().move_anchors(
                    SPEC, 4, [(one.thread_id, moved_to_4[one.thread_id]) for one in found]
                )
                await self.save_snapshot(SPEC, a_snapshot(4, TEXTS[4]))
                await self.fold(SPEC, 0, 4, base=4)
            return found

    plain = await a_store(TEXTS)
    await add(plain, [(1, 4, 9), (3, 4, 8)], TEXTS)
    moved_to_4, moved = await expected(plain, 4), await expected(plain, 6)
    store = Folding()
    store.__dict__.update(plain.__dict__)
    await bring_on_anchors(store, SPEC, 6)
    assert await stored(store) == moved
