"""The search index catches up with texts that were not indexed when they were stored."""

from __future__ import annotations

import pytest

from jupyter_speccollab.service.specs import search_index
from jupyter_speccollab.service.specs.search_index import SearchIndex
from jupyter_speccollab.store.memory import MemoryStore
from tests.store.values import ADA, a_snapshot, a_spec, an_id


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 2)
    monkeypatch.setattr(search_index, "PAUSE", 0)


async def test_every_text_is_indexed_and_a_damaged_one_keeps_nobody_waiting() -> None:
    store = MemoryStore()
    await store.save_user(ADA)
    for number in range(7):
        snapshot = a_snapshot(0, f"text {number}")
        if number in (0, 1, 2):
            object.__setattr__(snapshot, "content_hash", "0" * 64)
        await store.create_spec(a_spec(an_id("spec", number)), None, snapshot)
    assert await SearchIndex(store).catch_up() == 4
    assert len((await store.specs("text")).specs) == 4
    assert len(await store.unindexed(99)) == 3
    assert await SearchIndex(store).catch_up() == 0
