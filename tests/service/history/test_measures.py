"""What was done in each sitting, however long it is, and whether or not its operations can be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.history import measures, sittings, stretch
from jupyter_speccollab.service.history.measures import prepare_history
from jupyter_speccollab.service.history.sittings import Asked
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.store.base import RevisionKind
from tests.handlers.logins import delete, insert
from tests.service.faults import ADA, BOB, Serve, Serving
from tests.service.history.compacted import a_history, settled
from tests.service.history.test_folded import as_read
from tests.store.values import a_snapshot

TEXT = "# One\n\nwords\n\n# Two\n\n- FR-001: x\n"


async def written(serve: Serve) -> Serving:
    """Ada and Bob type by turns, remove some of it again, and save after each six versions."""
    server = await serve(TEXT)
    clients = [await server.client(), await server.client(BOB)]
    for version in range(1, 25):
        text = await current(server)
        places = [7, len(text) - 1, len(text) // 2]
        component = delete(3, 4) if version % 5 == 0 else insert(places[version % 3], f"w{version} ")
        await clients[version % 2].edit(version, component)
        await clients[version % 2].until("operation_ack")
        if version % 6 == 0:
            await server.services.revisions.label(ADA, server.spec_id, f"Label {version}")
    await settled(server)
    await forget(server)
    return server


async def current(server: Serving) -> str:
    return str((await server.services.contents.read(ADA, server.spec_id))["content"])


async def page(server: Serving, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_read(
        await server.services.history.page(ADA, server.spec_id, Asked(**asked))
    )["sittings"]
    return found


async def forget(server: Serving) -> None:
    """Drop what was measured."""
    server.memory._specs[server.spec_id].sittings.clear()


async def changed(server: Serving, since: int, until: int) -> list[dict[str, Any]]:
    server.services.changes._kept.clear()
    answer = await server.services.changes.between(ADA, server.spec_id, since, until)
    entries: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(answer["entries"]))
    return entries


async def test_a_sitting_counts_what_changes_count(serve: Serve) -> None:
    server = await written(serve)
    found = await page(server)
    assert [(each["fromVersion"], each["toVersion"]) for each in found] == [
        (19, 25),
        (13, 19),
        (7, 13),
        (0, 7),
    ]
    for each in found:
        entries = await changed(server, each["fromVersion"], each["toVersion"])
        for count in ("added", "removed"):
            assert each[count] == sum(entry[count] for entry in entries), each
        assert sum(person["operations"] for person in each["people"]) == (
            each["toVersion"] - each["fromVersion"]
        )


@pytest.mark.parametrize("bound", ["VERSIONS", "PARTS"])
async def test_long_ones_are_counted_by_who_inserted_each_letter(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    server = await written(serve)
    exact, entries = await page(server), await changed(server, 3, 25)
    by_subject = [await page(server, subject=subject) for subject in ("one", "two", "FR-001", "none")]
    await forget(server)
    for module in (measures, stretch):
        monkeypatch.setattr(module, bound, 2)
    assert await page(server) == exact
    assert [await page(server, subject=subject) for subject in ("one", "two", "FR-001", "none")] == by_subject
    found = await changed(server, 3, 25)
    for count in ("added", "removed"):
        assert sum(each[count] for each in found) == sum(each[count] for each in entries)
    for each, as_it_was in zip(found, entries, strict=True):
        assert each["subject"] == as_it_was["subject"]
        assert each["added"] == as_it_was["added"]
        if each["removed"]:
            assert {person["userName"] for person in each["people"]} == {"Ada", "Bob"}
            assert (each["firstVersion"], each["lastVersion"]) == (4, 25)
        else:
            assert each["people"] == as_it_was["people"]
            assert each["lastModified"][:19] == as_it_was["lastModified"][:19]


async def test_what_was_measured_is_not_read_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = await written(serve)
    exact = await page(server)

    async def unread(*_: Any, **__: Any) -> Any:
        raise AssertionError("it was read again")

    monkeypatch.setattr(server.memory, "operations", unread)
    monkeypatch.setattr(server.memory, "contributions", unread)
    assert await page(server) == exact


async def test_a_page_ends_where_more_would_have_to_be_read(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await written(serve)
    exact = await page(server)
    await forget(server)
    monkeypatch.setattr(sittings, "OPERATIONS", 7)
    first = as_read(await server.services.history.page(ADA, server.spec_id, Asked()))
    assert (first["sittings"], first["nextBefore"]) == (exact[:1], 20)
    rest = as_read(await server.services.history.page(ADA, server.spec_id, Asked(before=20)))
    assert (rest["sittings"], rest["nextBefore"]) == (exact[1:2], 14)
    again = as_read(await server.services.history.page(ADA, server.spec_id, Asked()))
    assert again["sittings"] == exact[:3]  # two of them are measured by now
    assert await page(server) == exact


@pytest.mark.parametrize("bound", ["CHARACTERS", "OUTLINED"])
async def test_a_page_ends_where_long_texts_would_have_to_be_read(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    server = await written(serve)
    monkeypatch.setattr(sittings, bound, 5 * len(await current(server)))
    subject = "one" if bound == "OUTLINED" else None
    first = as_read(await server.services.history.page(ADA, server.spec_id, Asked(subject=subject)))
    assert first["nextBefore"] == 14
    assert len(first["sittings"]) <= 2


async def test_few_sittings_are_looked_at_for_one_page(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "LOOKED_AT", 2)
    server = await written(serve)
    answer = await server.services.history.page(ADA, server.spec_id, Asked(user="nobody"))
    assert answer == {"sittings": [], "nextBefore": 14}


async def test_another_server_tells_the_same(serve: Serve) -> None:
    server = await written(serve)
    other = await server.another()
    exact = await page(other)
    await forget(server)
    assert await page(server) == exact == await page(other)
    client = await other.client(BOB)
    await client.edit(25, insert(0, "x"))
    await client.until("operation_ack")
    both = [await page(each) for each in (server, other)]
    assert both[0] == both[1]
    assert [each["toVersion"] for each in both[0]] == [26, 25, 19, 13, 7]
    assert await changed(server, 3, 26) == await changed(other, 3, 26)


async def test_a_sitting_that_goes_on_is_measured_anew(serve: Serve) -> None:
    server = await serve("text")
    assert [each["added"] for each in await page(server)] == [4]
    client = await server.client(BOB)
    await client.edit(1, insert(0, "more "))
    await client.until("operation_ack")
    (found,) = await page(server)
    assert (found["added"], [person["userName"] for person in found["people"]]) == (9, ["Ada", "Bob"])


async def test_it_is_read_though_the_database_takes_no_writes(serve: Serve) -> None:
    async def full(_: object) -> None:
        raise StoreUnavailable("full")

    server = await serve("text")
    await server.services.contents.save(ADA, server.spec_id, Save("more", 1))
    server.store.faults["set_measure"] = [full, full]
    assert [each["added"] for each in await page(server)] == [4]
    server.store.faults["set_measure"] = []
    assert [each["added"] for each in await page(server)] == [4]


async def test_what_was_folded_is_counted_by_who_inserted_each_letter(serve: Serve) -> None:
    history = await a_history(serve)
    await history.server.memory.fold(history.server.spec_id, 0, 8, base=8)
    found = await page(await history.server.another())
    assert [(each["fromVersion"], each["toVersion"]) for each in found] == [(11, 31), (0, 11)]
    assert (found[1]["added"], found[1]["removed"]) == (len(history.texts[11]), 0)
    assert sum(person["operations"] for person in found[1]["people"]) == 11


async def test_of_a_text_that_is_folded_away_it_is_unknown_what_came_and_went(serve: Serve) -> None:
    history = await a_history(serve)
    history.pause(5)
    await history.server.memory.fold(history.server.spec_id, 0, 8, base=8)
    other = await history.server.another()
    found = await page(other)
    assert [(each["fromVersion"], each["toVersion"]) for each in found] == [(11, 31), (5, 11), (0, 5)]
    for each in found[1:]:
        assert (each["added"], each["removed"], each["changesSummary"]) == (None, None, "")
        assert sum(person["operations"] for person in each["people"]) > 4
    assert [each["toVersion"] for each in await page(other, subject="one")] == []


async def test_a_compaction_measures_before_it_folds(serve: Serve) -> None:
    history = await a_history(serve)
    history.pause(5)
    exact = await page(history.server)
    assert exact[1]["added"] > 0
    await forget(history.server)
    await history.compact(13)
    assert await history.server.memory.folded(history.server.spec_id) == 13
    assert await page(await history.server.another()) == exact


async def test_a_late_label_leaves_what_is_known_of_folded_sittings(serve: Serve) -> None:
    history = await a_history(serve)
    memory, spec_id = history.server.memory, history.server.spec_id
    history.pause(5, 10)
    await history.compact(20)
    exact = await page(history.server)
    assert [(each["fromVersion"], each["toVersion"]) for each in exact] == [
        (11, 31),
        (10, 11),
        (5, 10),
        (0, 5),
    ]
    assert all(each["added"] for each in exact)
    await memory.save_snapshot(spec_id, a_snapshot(3, history.texts[3], RevisionKind.LABELLED, "Late"))
    found = await page(history.server)
    assert found[:3] == exact[:3]
    assert [(each["fromVersion"], each["toVersion"]) for each in found[3:]] == [(3, 5), (0, 3)]


async def test_what_has_ended_is_measured_before_somebody_asks(serve: Serve) -> None:
    server = await serve("text")
    client = await server.client(BOB)
    for version in range(1, 4):
        await client.edit(version, insert(0, f"{version} "))
        await client.until("operation_ack")
        if version == 2:
            log = server.memory._specs[server.spec_id].log
            for place, committed in enumerate(log):  # a pause after the third version
                log[place] = structs.replace(committed, timestamp=committed.timestamp - timedelta(hours=1))
    await client.say("leave_session")
    await server.services.documents.close()
    rows = await server.memory.sittings(server.spec_id)
    assert [(row.sitting.first, row.sitting.last) for row in rows] == [(4, 4), (1, 3)]
    assert [row.measure and row.measure.added for row in rows] == [None, 8]


@pytest.mark.parametrize("cut", [0, 8])
async def test_the_newest_are_measured_for_whoever_opens_the_history_first(serve: Serve, cut: int) -> None:
    history = await a_history(serve)
    server = history.server
    if cut:
        await server.memory.fold(server.spec_id, 0, cut, base=cut)
    exact = await page(server)
    await forget(server)
    assert [done async for done in prepare_history(server.memory, server.spec_id)] == [31]
    rows = await server.memory.sittings(server.spec_id)
    assert [row.measure is not None for row in rows] == [True, cut == 0]  # folded: by who wrote each letter
    assert [done async for done in prepare_history(server.memory, server.spec_id)] == []
    assert await page(server) == exact
