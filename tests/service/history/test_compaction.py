"""Old operations folded away: what stays, what goes on, and what is told of the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from jupyter_speccollab.errors import OperationIdReused, RevisionNotFound, StoreUnavailable, VersionConflict
from jupyter_speccollab.service.history import compaction as compaction_module
from jupyter_speccollab.service.history.compaction import Compaction, LogMismatch
from jupyter_speccollab.service.history.snapshots import content_hash
from jupyter_speccollab.service.live import documents as documents_module
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.store.base import CorruptSnapshot, RevisionKind, Snapshot, Store
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Client, Serve, Serving, after, raising

AUTO, BASE, CREATED, LABELLED, SAVED = (
    RevisionKind.AUTO,
    RevisionKind.BASE,
    RevisionKind.CREATED,
    RevisionKind.LABELLED,
    RevisionKind.SAVED,
)
LATER = datetime(9999, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction_module, "BATCH", 4)
    monkeypatch.setattr(compaction_module, "PAUSE", 0)


class History:
    """A spec with a past: ``texts[v]`` was its text at version ``v``, ``ids[v]`` the operation that made it."""

    def __init__(self, server: Serving, texts: Sequence[str], ids: Sequence[str]) -> None:
        self.server = server
        self.texts = texts
        self.ids = ids

    @property
    def version(self) -> int:
        return len(self.texts) - 1

    async def compact(self, cut: int | None = None, store: Store | None = None) -> None:
        """Fold all up to version ``cut``."""
        moment = LATER
        if cut is not None:
            (young,) = await self.server.memory.commits(self.server.spec_id, cut, until=cut + 1)
            moment = young.timestamp
        compaction = Compaction(store or self.server.memory, moment)
        for spec_id in await compaction.spec_ids():
            plan = await compaction.plan(spec_id)
            if plan is not None:
                await compaction.carry_out(plan)

    async def readable(self, server: Serving) -> list[int]:
        """The versions that a server can read, each of which has to be what it was."""
        found = []
        for version, text in enumerate(self.texts):
            try:
                read = await server.services.revisions.at(ADA, server.spec_id, version)
            except RevisionNotFound:
                continue
            assert (read["content"], read["version"]) == (text, version)
            found.append(version)
        return found

    async def kinds(self) -> dict[int, RevisionKind]:
        kept = await self.server.memory.revisions(self.server.spec_id, limit=100)
        return {snapshot.version: snapshot.kind for snapshot in reversed(kept)}


async def a_history(serve: Serve, edits: int = 30, labelled: int = 11) -> History:
    """Ada and Bob take turns; one version is labelled, and automatic snapshots come as they do."""
    server = await serve("text")
    clients = [await server.client(), await server.client(BOB)]
    texts, ids = ["", "text"], ["", ""]
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    for version in range(1, edits + 1):
        ids.append(await clients[version % 2].edit(version, insert(0, f"{version} ")))
        await clients[version % 2].until("operation_ack")
        texts.append(f"{version} {texts[-1]}")
        if version + 1 == labelled:
            await server.services.revisions.label(ADA, server.spec_id, "Kept")
        elif version % 7 == 0:
            await live.snapshots.take_if_stale()
    for client in clients:
        await client.say("leave_session")
    return History(server, texts, ids)


async def conflict(client: Client) -> dict[str, Any]:
    """The refusal of an operation that was made on what is folded away, and the text that follows at once."""
    told = await client.expect("version_conflict")
    assert told["conflictingOperations"] == []
    return await client.expect("sync")


async def test_what_was_not_folded_reads_as_before(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    assert await history.server.memory.folded(history.server.spec_id) == 20
    kinds = await history.kinds()
    assert {version: kinds[version] for version in (1, 11, 20)} == {1: CREATED, 11: LABELLED, 20: BASE}
    other = await history.server.another()
    kept = {version for version in kinds if version < 20}
    assert await history.readable(other) == sorted({0, *kept, *range(20, 32)})
    assert (await other.client()).welcome["content"] == history.texts[-1]


async def test_what_was_folded_away_names_the_nearest_that_can_be_read(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    other = await history.server.another()
    readable = await history.readable(other)
    gone = [version for version in range(20) if version not in readable]
    assert 9 in gone
    for version in gone:
        for ask in (other.services.revisions.at, other.services.revisions.restore):
            with pytest.raises(RevisionNotFound) as caught:
                await ask(ADA, other.spec_id, version)
            nearest = caught.value.details["nearest"]
            assert nearest in readable
            assert abs(nearest - version) == min(abs(each - version) for each in readable if each)
    with pytest.raises(RevisionNotFound) as caught:
        await other.services.revisions.at(ADA, other.spec_id, 99)
    assert "nearest" not in caught.value.details


async def test_who_made_a_kept_version_and_when_stays(serve: Serve) -> None:
    history = await a_history(serve)
    before = [await history.server.services.revisions.at(ADA, history.server.spec_id, v) for v in (1, 11, 20)]
    await history.compact(20)
    other = await history.server.another()
    after = [await other.services.revisions.at(ADA, other.spec_id, v) for v in (1, 11, 20)]
    assert after == before


async def test_a_revision_that_stands_for_what_was_folded_shows_as_automatic(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    shown = await history.server.services.revisions.page(ADA, history.server.spec_id, None, 100, True)
    by_version = {entry["version"]: entry for entry in shown["revisions"]}
    assert by_version[20]["kind"] == "auto"
    assert by_version[20]["content"] == history.texts[20]
    assert by_version[20]["changesSummary"]
    (made,) = await history.server.memory.commits(history.server.spec_id, 19, until=20)
    assert by_version[20]["modifiedBy"] == made.user_id


async def test_a_diff_over_what_was_folded_names_everybody_who_wrote(serve: Serve) -> None:
    history = await a_history(serve)
    revisions = history.server.services.revisions
    assert [
        hunk["authors"] for hunk in (await revisions.diff(ADA, history.server.spec_id, 2, 1))["hunks"]
    ] == [[{"userId": BOB.user.user_id, "userName": "Bob"}]]
    await history.compact(20)
    other = await history.server.another()
    for start, end in ((1, 11), (11, 1), (1, 25), (11, 20)):
        diff = await other.services.revisions.diff(ADA, other.spec_id, end, start)
        text = history.texts[start]
        assert diff["hunks"]
        for hunk in reversed(diff["hunks"]):
            position, removed = hunk["position"], hunk["removed"]
            assert text[position : position + len(removed)] == removed
            text = text[:position] + hunk["added"] + text[position + len(removed) :]
            assert {author["userName"] for author in hunk["authors"]} == {"Ada", "Bob"}
        assert text == history.texts[end]
    (hunk,) = (await other.services.revisions.diff(ADA, other.spec_id, 21, 20))["hunks"]
    assert len(hunk["authors"]) == 1
    with pytest.raises(RevisionNotFound) as caught:
        await other.services.revisions.diff(ADA, other.spec_id, 11, None)
    assert caught.value.details["nearest"] == 11


async def test_an_operation_id_holds_for_ever(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact()
    other = await history.server.another()
    clients = [await other.client(), await other.client(BOB)]
    for version in (2, 9, 20, 31):
        client = clients[(version - 1) % 2]
        again = insert(0, f"{version - 1} ")
        for base in (version - 1, history.version, 0):
            await client.edit(base, again, operation_id=history.ids[version])
            ack = await client.until("operation_ack")
            assert (ack["success"], ack["version"]) == (True, version), (version, base)
        for base in (version - 1, history.version):
            await client.edit(base, insert(0, "other"), operation_id=history.ids[version])
            ack = await client.until("operation_ack")
            assert (ack["code"], ack["version"]) == ("OPERATION_ID_REUSED", version)
    assert (await other.memory.spec(other.spec_id)).version == history.version
    assert await other.content() == history.texts[-1]


async def test_a_save_is_safe_to_repeat_though_its_revision_never_came(serve: Serve) -> None:
    server = await serve()
    save = Save("new", 1)
    server.store.fail("save_snapshot", raising(StoreUnavailable("away")))
    with pytest.raises(StoreUnavailable):
        await server.services.contents.save(ADA, server.spec_id, save)
    one = await server.client()
    await one.edit(2, insert(0, "! "))
    await one.expect("operation_ack")
    await one.say("leave_session")
    await History(server, ["", "text", "new", "! new"], []).compact()
    other = await server.another()
    assert 2 not in {each.version for each in await server.memory.revisions(server.spec_id)}
    again = await other.services.contents.save(ADA, server.spec_id, save)
    assert (again["version"], again["content"]) == (3, "! new")
    with pytest.raises(OperationIdReused):
        await other.services.contents.save(
            BOB, server.spec_id, replace(save, operation_id=await first_id(server))
        )


async def first_id(server: Serving) -> str:
    (made,) = await server.memory.commits(server.spec_id, 1, until=2)
    return made.operation_id


async def test_whoever_knows_a_folded_version_gets_the_text(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    other = await history.server.another()
    for known in (0, 5, 11, 19):
        client = await other.client(lastKnownVersion=known)
        assert client.welcome["content"] == history.texts[-1]
        assert "operations" not in client.welcome
        await client.say("request_sync", lastKnownVersion=known)
        sync = await client.expect("sync")
        assert (sync["content"], sync["version"]) == (history.texts[-1], history.version)
        await client.say("leave_session")
    for known in (20, 25):
        client = await other.client(lastKnownVersion=known)
        assert [each["version"] for each in client.welcome["operations"]] == list(range(known + 1, 32))
        await client.say("leave_session")


async def test_an_operation_on_a_folded_version_is_a_conflict_with_the_text(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    other = await history.server.another()
    client = await other.client()
    for base in (19, 11, 5, 0):
        operation_id = await client.edit(base, insert(0, "late "))
        sync = await conflict(client)
        assert (sync["content"], sync["version"]) == (history.texts[-1], history.version)
    await client.edit(20, insert(0, "in time "), operation_id=operation_id)
    assert (await client.expect("operation_ack"))["version"] == history.version + 1
    assert (await other.content()).endswith(history.texts[20])


async def test_operations_on_folded_and_on_other_versions_in_one_group(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    other = await history.server.another()
    one, two = await other.client(), await other.client(BOB)
    await one.expect("user_joined")
    await one.edit(5, insert(0, "late "))
    await two.edit(22, insert(0, "in time "))
    assert (await two.expect("operation_ack"))["version"] == history.version + 1
    assert (await one.until("version_conflict"))["conflictingOperations"] == []
    assert (await other.content()).count("late") == 0


async def test_a_save_onto_a_folded_version_is_a_conflict(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    other = await history.server.another()
    for version in (9, 11):  # of 11 the text is kept, but not the way from it
        with pytest.raises(VersionConflict) as caught:
            await other.services.contents.save(ADA, other.spec_id, Save("new", version))
        assert caught.value.details["currentVersion"] == history.version
    saved = await other.services.contents.save(ADA, other.spec_id, Save(history.texts[20] + "!", 20))
    assert (saved["content"], saved["merged"]) == (history.texts[-1] + "!", True)


async def test_a_kept_revision_can_be_restored(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact()
    other = await history.server.another()
    restored = await other.services.revisions.restore(ADA, other.spec_id, 11)
    assert (restored["content"], restored["version"]) == (history.texts[11], history.version + 1)


async def test_an_open_document_goes_on(serve: Serve) -> None:
    history = await a_history(serve)
    server = history.server
    one = await server.client()
    await history.compact()
    assert await history.readable(server) == list(range(32))  # it has them in memory
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


async def test_a_server_that_lacks_what_was_folded_lets_everybody_join_again(
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


async def test_a_document_that_is_opened_meanwhile_is_whole(serve: Serve) -> None:
    history = await a_history(serve)
    for version in [v for v, kind in (await history.kinds()).items() if kind is AUTO]:
        await history.server.memory.thin_snapshots(history.server.spec_id, [version])
    other = await history.server.another()
    other.store.fail("operations", after(history.compact))
    assert (await other.client()).welcome["content"] == history.texts[-1]


async def test_a_version_that_is_read_meanwhile_is_found(serve: Serve) -> None:
    history = await a_history(serve)
    other = await history.server.another()
    await other.client()
    other.store.fail("operations", after(lambda: history.compact(25)))
    read = await other.services.revisions.at(ADA, other.spec_id, 25)
    assert read["content"] == history.texts[25]


async def test_without_the_text_that_stands_for_the_past_a_spec_says_that_it_is_damaged(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact()
    del history.server.memory._specs[history.server.spec_id].snapshots[31]
    other = await history.server.another()
    with pytest.raises(Exception, match="damaged"):
        await other.client()


@pytest.mark.parametrize("breaks", ["save_snapshot", "fold", "thin_snapshots", "set_summary"])
@pytest.mark.parametrize("done", [0, 1, 3])
async def test_one_that_is_broken_off_leaves_everything_readable(
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
    await history.compact(15)  # an older cut finds nothing that it could do wrong
    assert set(await history.readable(await history.server.another())) >= {*range(20, 32), 0, 1, 11}
    await history.compact(20)
    assert await history.server.memory.folded(history.server.spec_id) == 20
    assert set(await history.readable(await history.server.another())) >= {*range(20, 32), 0, 1, 11}


async def test_the_next_one_goes_on_from_the_last(serve: Serve) -> None:
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


async def test_nothing_is_folded_where_log_and_texts_disagree(serve: Serve) -> None:
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


async def test_of_automatic_texts_one_a_day_stays_and_says_what_the_day_changed(serve: Serve) -> None:
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
async def test_a_spec_that_is_deleted_meanwhile_is_no_fault(serve: Serve, call: str) -> None:
    history = await a_history(serve)
    deleting = (await history.server.another()).store
    deleting.fail(call, after(lambda: history.server.memory.delete_spec(history.server.spec_id)))
    await history.compact(22, deleting)  # type: ignore[arg-type]
    assert await history.server.memory.states([history.server.spec_id]) == {}
