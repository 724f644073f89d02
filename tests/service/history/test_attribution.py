"""Attribution of a spec: as replaying its log letter by letter, whatever is stored and whatever was folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec import json

from jupyter_speccollab.document import bylines
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import RevisionNotFound, SpecNotFound
from jupyter_speccollab.service.history import attribution as module
from jupyter_speccollab.service.live import attributions, recent_parts
from jupyter_speccollab.text import Attribution
from tests.bus.values import eventually
from tests.handlers.logins import delete, insert
from tests.service.faults import ADA, BOB, PATIENCE, Serve, Serving
from tests.service.history.compacted import History, a_history
from tests.text.letters import noted, runs_of

EPOCH_1970 = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


async def replayed(server: Serving) -> dict[int, list[list[Any]]]:
    """For each version: length, version, userId and time of each run, from the log, letter by letter."""
    log = server.memory._specs[server.spec_id].log
    made = {
        each.version: (each.author, (each.timestamp - EPOCH_1970) // timedelta(seconds=1)) for each in log
    }
    letters: list[int] = []
    found: dict[int, list[list[Any]]] = {0: []}
    for each in log:
        letters = noted(letters, each.operation, each.version)
        found[each.version] = [[length, version, *made[version]] for length, version in runs_of(letters)]
    return found


async def told(server: Serving, version: int | None = None) -> Mapping[str, Any]:
    answer = await server.services.attributions.at(ADA, server.spec_id, version)
    return {**answer, "runs": json.decode(answer["runs"])}


async def runs(server: Serving, version: int) -> list[list[Any]]:
    """What the service says of a version, with the userId of each person."""
    answer = await told(server, version)
    people = answer["people"]
    assert answer["version"] == version
    return [[length, at, people[person]["userId"], time] for length, at, person, time in answer["runs"]]


async def readable(history: History, server: Serving) -> list[int]:
    """The versions whose attribution can be read. Checks each of them."""
    expected = await replayed(history.server)
    found = []
    for version in range(history.version + 1):
        try:
            assert await runs(server, version) == expected[version]
        except RevisionNotFound:
            continue
        found.append(version)
    return found


async def stored(server: Serving) -> dict[int, Attribution]:
    """The attributions that are stored, once the last snapshot has its own."""
    spec = server.memory._specs[server.spec_id]
    await eventually(lambda: spec.record.version in spec.attributions, PATIENCE)
    kept = sorted(spec.snapshots.keys() & spec.attributions.keys())
    return {version: Attribution.from_bytes(spec.attributions[version]) for version in kept}


async def test_every_version_is_told_as_the_log_has_it(serve: Serve) -> None:
    history = await a_history(serve)
    assert await readable(history, history.server) == list(range(32))
    assert await readable(history, await history.server.another()) == list(range(32))


async def test_letters_that_come_and_go(serve: Serve) -> None:
    server = await serve("abc")
    one, two = await server.client(), await server.client(BOB)
    await one.edit(1, delete(1, 1))
    await one.until("operation_ack")
    await two.edit(2, insert(1, "b"))
    await two.until("operation_ack")
    answer = await told(server)
    assert [run[:3] for run in answer["runs"]] == [[1, 1, 0], [1, 3, 1], [1, 1, 0]]
    assert [person["userName"] for person in answer["people"]] == [ADA.user.name, BOB.user.name]
    assert await runs(server, 3) == (await replayed(server))[3]


async def test_who_is_there_has_the_color_that_others_see(serve: Serve) -> None:
    history = await a_history(serve, edits=4)
    server = history.server
    bob = await server.client(BOB)
    row = next(row for row in bob.welcome["activeUsers"] if row["userId"] == BOB.user.user_id)
    people = {person["userId"]: person for person in (await told(server))["people"]}
    assert people.keys() == {ADA.user.user_id, BOB.user.user_id}
    assert people[BOB.user.user_id]["color"] == row["color"] != people[ADA.user.user_id]["color"]
    assert people[ADA.user.user_id] == {
        "userId": ADA.user.user_id,
        "userName": ADA.user.name,
        "color": people[ADA.user.user_id]["color"],
    }


async def test_a_snapshot_has_it_from_the_beginning(serve: Serve) -> None:
    history = await a_history(serve)
    expected = await replayed(history.server)
    kept = await stored(history.server)
    assert kept.keys() == history.server.memory._specs[history.server.spec_id].snapshots.keys() - {1}
    for version, attribution in kept.items():
        assert [list(run) for run in attribution] == [run[:2] for run in expected[version]]


def reads_of_the_log(server: Serving, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The ranges of versions whose operations are read for attributions from now on."""
    asked: list[tuple[int, int]] = []
    store = server.services.documents.attributions._store
    real = store.changes

    async def changes(spec_id: str, after: int, until: int, *rest: int) -> Any:
        asked.append((after, until))
        return await real(spec_id, after, until, *rest)

    monkeypatch.setattr(store, "changes", changes)
    return asked


async def test_a_snapshot_reads_no_log(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Except where many parts were committed since the last one, and where that one has no attribution."""
    server = await serve("abc")
    asked = reads_of_the_log(server, monkeypatch)
    ada = await server.client()

    async def snapshot(edits: int) -> None:
        async with server.services.documents.use(server.spec_id) as live:
            for _ in range(edits):
                await ada.edit(live.document.version, insert(1, "x"))
                await ada.until("operation_ack")
            await live.snapshots.take_if_stale()
            version = live.document.version
        kept, expected = await stored(server), (await replayed(server))[version]
        assert [list(run) for run in kept[version]] == [run[:2] for run in expected]

    await snapshot(3)
    assert asked == [(0, 1)]  # the snapshot of what the spec was created with has none
    await snapshot(5)
    assert asked == [(0, 1)]
    monkeypatch.setattr(recent_parts, "MOST", 3)
    await snapshot(4)
    assert asked == [(0, 1), (9, 13)]


async def test_only_the_operations_since_are_read(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    history = await a_history(serve)
    kept = await stored(history.server)
    server = await history.server.another()
    asked = reads_of_the_log(server, monkeypatch)
    last = max(version for version in kept if version <= 30)
    await told(server, 30)
    assert asked == ([(last, 30)] if last < 30 else [])


async def test_old_snapshots_get_it_when_somebody_asks(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    history = await a_history(serve)
    spec = history.server.memory._specs[history.server.spec_id]
    await stored(history.server)
    spec.attributions.clear()
    monkeypatch.setattr(attributions, "NEAR", 3)
    monkeypatch.setattr(module, "NEAR", 3)
    server = await history.server.another()
    assert await runs(server, 30) == (await replayed(history.server))[30]
    assert spec.attributions.keys() == {version for version in spec.snapshots if version <= 30}
    assert await readable(history, server) == list(range(32))


async def test_making_all_may_be_broken_off_and_goes_on(serve: Serve) -> None:
    history = await a_history(serve)
    expected = await replayed(history.server)
    await stored(history.server)
    spec = history.server.memory._specs[history.server.spec_id]
    spec.attributions.clear()
    done: list[int] = []
    while len(spec.attributions) < len(spec.snapshots):
        async for version in attributions.Attributions(history.server.memory).fill(history.server.spec_id):
            done.append(version)
            break
    assert done == sorted(spec.snapshots)
    for version, attribution in (await stored(history.server)).items():
        assert [list(run) for run in attribution] == [run[:2] for run in expected[version]]


async def test_compaction_keeps_it(serve: Serve) -> None:
    history = await a_history(serve)
    await stored(history.server)
    history.server.memory._specs[history.server.spec_id].attributions.clear()
    await history.compact(20)
    other = await history.server.another()
    assert await readable(history, other) == await history.readable(other)
    assert await readable(history, history.server) == list(range(32)), "all versions are in memory"
    await history.compact()
    other = await history.server.another()
    assert await readable(history, other) == await history.readable(other)


async def test_what_was_folded_before_belongs_to_the_snapshots(serve: Serve) -> None:
    history = await a_history(serve)
    await stored(history.server)
    spec = history.server.memory._specs[history.server.spec_id]
    await history.compact(20)
    spec.attributions.clear()  # as a database from before attributions
    other = await history.server.another()
    for version in await history.readable(other):
        found = await runs(other, version)
        assert sum(run[0] for run in found) == len(history.texts[version])
        assert {run[1] for run in found} <= {
            *(v for v in spec.snapshots if v <= version),
            *range(21, version + 1),
        }
    assert [run[:2] for run in (await runs(other, 22))[:2]] == [[3, 22], [3, 21]]


async def test_pages_of_bylines_are_stored_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributions, "PAGE_VERSIONS", 8)
    monkeypatch.setattr(bylines, "PAGE_VERSIONS", 8)
    history = await a_history(serve)
    spec = history.server.memory._specs[history.server.spec_id]
    await stored(history.server)
    spec.bylines.clear()
    assert await readable(history, await history.server.another()) == list(range(32))
    assert len(spec.bylines) == 3
    other = await history.server.another()
    expected = await replayed(history.server)
    assert await runs(other, 31) == expected[31]
    assert len(spec.bylines) == 3


async def test_versions_that_there_are_not(serve: Serve) -> None:
    server = await serve("text")
    for version in (2, 10**9):
        with pytest.raises(RevisionNotFound):
            await told(server, version)
    assert (await told(server, 0))["runs"] == []
    assert (await told(server, 0))["people"] == []


async def test_few_answers_are_kept(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 400)
    history = await a_history(serve)
    reports = history.server.services.attributions
    await readable(history, history.server)
    assert reports._length == sum(len(answer[0]) for answer in reports._kept.values())
    assert reports._length <= 400 or len(reports._kept) == 1


async def test_an_attribution_of_another_history_is_not_stored(serve: Serve) -> None:
    history = await a_history(serve, edits=3)
    kept = await stored(history.server)
    replaced = history.server.memory._specs[history.server.spec_id]
    replaced.record = replace(replaced.record, epoch=ADA.user.user_id)
    await attributions.Attributions(history.server.memory).snapshot_taken(history.server.spec_id, "other", 3)
    assert await stored(history.server) == kept


async def test_a_stranger_is_told_nothing(serve: Serve) -> None:
    server = await serve("text", Role.NONE)
    with pytest.raises(SpecNotFound):
        await server.services.attributions.at(BOB, server.spec_id, None)
