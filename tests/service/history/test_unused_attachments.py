"""Unused attachments: only what no readable version names is deleted, and not at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from msgspec import structs

from jupyter_speccollab.service.history import unused_attachments
from jupyter_speccollab.service.history.compaction import Compaction
from jupyter_speccollab.service.history.unused_attachments import KEPT_FOR, UnusedAttachments
from jupyter_speccollab.store.base import Attachment, RevisionKind
from jupyter_speccollab.store.memory import MemoryStore
from jupyter_speccollab.text import Operation, Text, to_stored
from tests.store.values import ADA, SPEC, START, a_snapshot, a_spec, an_operation, moment

NOW = moment(0) + timedelta(days=90)


def key(name: str) -> str:
    return sha256(name.encode()).hexdigest()


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unused_attachments, "BATCH", 2)


async def a_store(*names: str, at: datetime = START) -> MemoryStore:
    store = MemoryStore()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    for name in names:
        await store.add_attachment(
            SPEC, Attachment(key(name), "image/png", len(name), ADA.user_id, at), name.encode()
        )
    return store


async def typed(store: MemoryStore, edits: Sequence[Operation]) -> Text:
    """Commit these edits of an empty text; returns the last one."""
    text, group = Text.of(""), []
    for version, edit in enumerate(edits, 1):
        made = an_operation(version, operation=edit)
        group.append(structs.replace(made, components=to_stored(edit, text)))
        text = text.apply(edit)
    await store.commit(SPEC, 0, 1, group)
    return text


async def left(store: MemoryStore, now: datetime = NOW) -> set[str]:
    await UnusedAttachments(store, now).remove(SPEC)
    return {each.attachment_id for each in await store.attachments(SPEC)}


async def test_what_nothing_names_goes_after_a_day() -> None:
    store = await a_store("unused")
    assert await left(store, moment(0) + KEPT_FOR) == {key("unused")}
    assert await left(store, moment(1) + KEPT_FOR) == set()


async def test_what_a_version_names_stays_however_it_was_typed() -> None:
    store = await a_store("pasted", "halves", "letters", "joined", "deleted", "unused")
    joined = key("joined")
    edits = [Operation.of(f"![](attachments/{key('pasted')}.png)\n")]
    length = edits[0].base_length + len(f"![](attachments/{key('pasted')}.png)\n")
    halves = [key("halves")[:30], key("halves")[30:]]
    for half in halves:
        edits.append(Operation.of(length, half))
        length += len(half)
    edits.append(Operation.of(length, " "))
    length += 1
    for letter in key("letters"):
        edits.append(Operation.of(length, letter))
        length += 1
    edits.append(Operation.of(length, f"\n{joined[:9]} {joined[9:]}"))
    edits.append(Operation.of(length + 10, -1, 55))
    length += 1 + 64
    edits.append(Operation.of(length, key("deleted")))
    edits.append(Operation.of(-(length + 64)))
    assert str(await typed(store, edits)) == ""
    names = {"pasted", "halves", "letters", "joined", "deleted"}
    assert await left(store) == {key(name) for name in names}


async def test_what_only_folded_versions_named_goes() -> None:
    store = await a_store("kept", "folded", "later")
    edits = [
        Operation.of(key("folded")),
        Operation.of(-64, key("kept")),
        Operation.of(-64),
        Operation.of("x"),
    ]
    await typed(store, edits)
    await store.save_snapshot(SPEC, a_snapshot(2, key("kept"), RevisionKind.LABELLED, "kept"))
    assert await left(store) == {key("kept"), key("folded")}
    compaction = Compaction(store, moment(3))
    plan = await compaction.plan(SPEC)
    assert plan is not None
    assert await compaction.carry_out(plan)
    assert await left(store) == {key("kept")}


async def test_one_that_is_pasted_again_meanwhile_stays() -> None:
    store = await a_store("again")
    unused = UnusedAttachments(store, NOW)
    assert list(await unused.find(SPEC)) == [key("again")]
    again = Attachment(key("again"), "image/png", 5, ADA.user_id, NOW)
    await store.add_attachment(SPEC, again, b"again")
    assert await unused.remove(SPEC) == 0
    assert await left(store) == {key("again")}
