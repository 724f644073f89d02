"""Opening, sharing and closing documents; active users; saves and snapshots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import NotJoined, OperationIdReused, SpecNotFound, StoreUnavailable
from jupyter_speccollab.service.live import documents, idle_documents
from jupyter_speccollab.service.live import snapshots as snapshots_module
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.base import CorruptSnapshot, RevisionKind
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Act, Serve, Serving, after, held, raising


async def settled(server: Serving) -> None:
    """Wait until the document is closed."""
    await eventually(lambda: server.services.documents.live(server.spec_id) is None)


async def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to hold")


async def versions_seen(client: Any, last: int) -> list[int]:
    """The versions that a session received, up to ``last``."""
    seen = []
    while not seen or seen[-1] < last:
        event = await client.event()
        if event["event"] in ("operation_ack", "remote_operation"):
            seen.append(event["data"]["version"])
    return seen


async def test_whoever_joins_while_others_type_misses_nothing(serve: Serve) -> None:
    server = await serve("")
    one = await server.client()
    clients = []
    for number in range(30):
        await one.edit(0, insert(0, str(number)))
        if number % 3 == 0:
            clients.append(await server.client(BOB) if number % 2 else await server.client())
        await asyncio.sleep(0)
        if len(clients) == 4:
            await clients.pop(0).say("leave_session")
    for client in clients:
        assert await versions_seen(client, 30) == list(range(client.welcome["version"] + 1, 31))


async def test_resuming_from_the_log_while_others_type_misses_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.document.window.OPERATIONS", 10)
    server = await serve("")
    one = await server.client()
    for version in range(30):
        await one.edit(version, insert(0, "x"))
        await one.expect("operation_ack")

    async def meanwhile() -> None:
        for version in range(30, 33):
            await one.edit(version, insert(0, "y"))
            await one.expect("operation_ack")

    async def too_much() -> None:
        for version in range(33, 50):
            await one.edit(version, insert(0, "z"))
            await one.until("operation_ack")

    server.store.fail("operations", after(meanwhile))
    two = await server.client(BOB, lastKnownVersion=5, epoch=one.welcome["epoch"])
    listed = [entry["version"] for entry in two.welcome.get("operations", ())]
    if listed:
        assert listed == list(range(6, two.welcome["version"] + 1))
    else:
        assert len(two.welcome["content"]) == two.welcome["version"]
    server.store.fail("operations", after(too_much))
    three = await server.client(BOB, lastKnownVersion=5, epoch=one.welcome["epoch"])
    assert three.welcome["version"] == 50
    assert len(three.welcome["content"]) == 50


async def test_joining_fails_while_the_server_can_not_read_new_operations(serve: Serve) -> None:
    server = await serve()
    other = await server.another()
    stale, fresh = await server.client(), await other.client(BOB)
    await fresh.edit(1, insert(0, "x"))
    assert (await fresh.until("operation_ack"))["version"] == 2
    server.store.fail("operations", *[raising(StoreUnavailable("away"))] * 99)
    with pytest.raises(StoreUnavailable):
        await server.client(BOB, lastKnownVersion=2, epoch=fresh.welcome["epoch"])
    with pytest.raises(StoreUnavailable):
        await stale.say("request_sync", lastKnownVersion=2)
    server.store.faults.clear()
    again = await server.client(BOB, lastKnownVersion=2, epoch=fresh.welcome["epoch"])
    assert (again.welcome["version"], again.welcome.get("content")) == (2, None)


async def test_joining_fails_while_the_role_can_not_be_read(serve: Serve) -> None:
    server = await serve(default_role=Role.NONE)
    other = await server.another()
    collaborators = other.services.collaborators
    await collaborators.give(ADA, server.spec_id, "user:bob", Role.CONTRIBUTOR)
    assert (await server.client(BOB)).welcome["role"] == "contributor"
    await collaborators.remove(ADA, server.spec_id, "user:bob")
    server.store.fail("access", *[raising(StoreUnavailable("away"))] * 99)
    with pytest.raises(StoreUnavailable):
        await server.client(BOB)
    server.store.faults.clear()
    with pytest.raises(SpecNotFound):
        await server.client(BOB)


async def test_many_who_open_a_document_at_once_share_it(serve: Serve) -> None:
    server = await serve()
    clients = await asyncio.gather(*(server.client(user) for user in (ADA, BOB) for _ in range(4)))
    assert len({id(client.conversation._live) for client in clients}) == 1
    await clients[0].edit(1, insert(0, "x"))
    for client in clients[1:]:
        assert (await client.until("remote_operation"))["version"] == 2


async def test_opening_a_document_can_be_retried_after_a_failure(serve: Serve) -> None:
    server = await serve()
    server.store.fail("snapshot", raising(StoreUnavailable("away")))
    with pytest.raises(StoreUnavailable):
        await server.client()
    assert (await server.client()).welcome["content"] == "text"


async def test_an_unused_document_is_closed_and_can_be_opened_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_documents, "IDLE", 0.02)
    server = await serve()
    one = await server.client()
    await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    await asyncio.sleep(0.1)
    assert server.services.documents.live(server.spec_id) is not None
    await one.say("leave_session")
    await settled(server)
    await one.join()  # waits for the last snapshot
    assert (one.welcome["content"], one.welcome["version"]) == ("xtext", 2)
    newest = (await server.memory.revisions(server.spec_id))[0]
    assert (newest.version, newest.content) == (2, "xtext")


@pytest.mark.parametrize(
    "error", [StoreUnavailable("away"), CorruptSnapshot("broken"), RuntimeError("a bug")]
)
async def test_a_document_can_be_opened_again_if_its_last_snapshot_fails(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(idle_documents, "IDLE", 0.02)
    monkeypatch.setattr(snapshots_module.Snapshots, "soon", lambda self: None)
    server = await serve()
    one = await server.client()
    await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    server.store.fail("save_snapshot", raising(error))
    await one.say("leave_session")
    await settled(server)
    await one.join()
    await one.edit(2, insert(0, "y"))
    assert (await one.expect("operation_ack"))["version"] == 3
    assert await server.content() == "yxtext"


async def test_joining_while_a_document_is_closing_gets_the_whole_text(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_documents, "IDLE", 0.01)
    server = await serve()
    one = await server.client()
    await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    gate = asyncio.Event()
    server.store.fail("save_snapshot", held(gate))
    await one.say("leave_session")
    await asyncio.sleep(0.1)
    joining = asyncio.create_task(server.client(BOB))
    await asyncio.sleep(0.05)
    gate.set()
    two = await asyncio.wait_for(joining, 5)
    assert two.welcome["content"] == "xtext"
    await two.edit(2, insert(0, "y"))
    assert (await two.expect("operation_ack"))["version"] == 3


async def test_a_spec_created_under_the_id_of_a_deleted_one_has_nothing_of_it(serve: Serve) -> None:
    server = await serve("old text")
    one = await server.client()
    for version in range(1, 6):
        await one.edit(version, insert(0, "x"))
        await one.expect("operation_ack")
    gate = asyncio.Event()
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    server.store.fail("snapshot", held(gate))
    live.snapshots.soon()
    await asyncio.sleep(0.02)  # the snapshot is being taken
    await server.services.trash.delete(ADA, server.spec_id, permanently=True)
    await server.services.specs.create(ADA, NewSpec("Again", "new", spec_id=server.spec_id))
    gate.set()
    two = await server.client(BOB)
    assert two.welcome["content"] == "new"
    live.snapshots.soon()
    await asyncio.sleep(0.1)
    assert {kept.content for kept in await server.memory.revisions(server.spec_id)} <= {"new"}
    await two.edit(1, insert(0, "y"))
    assert (await two.expect("operation_ack"))["version"] == 2
    assert await server.content() == "ynew"


async def test_stopping_waits_for_a_document_that_is_closing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_documents, "IDLE", 0.01)
    server = await serve()
    one = await server.client()
    gate = asyncio.Event()
    server.store.fail("save_snapshot", held(gate))
    await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    await one.say("leave_session")
    await settled(server)
    stopping = asyncio.create_task(server.services.documents.close())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    gate.set()
    await stopping
    newest = (await server.memory.revisions(server.spec_id))[0]
    assert (newest.version, newest.content) == (2, "xtext")


async def test_joining_a_spec_that_is_deleted_meanwhile_is_not_found(serve: Serve) -> None:
    server = await serve()
    await server.client()  # keeps the document open

    async def gone(act: Act) -> Any:
        record = await act()
        await server.services.trash.delete(ADA, server.spec_id, permanently=True)
        return record

    server.store.fail("spec", gone)
    with pytest.raises(SpecNotFound):
        await server.client(BOB)
    live = server.services.documents.live(server.spec_id)
    assert live is None or not live.attendance.sessions


async def test_joining_while_the_history_is_replaced_gets_the_new_one(serve: Serve) -> None:
    server = await serve("old")
    one = await server.client()

    async def replaced(act: Act) -> Any:
        record = await act()
        live = server.services.documents.live(server.spec_id)
        assert live is not None
        live.restart()
        return record

    server.store.fail("spec", replaced)
    two = await server.client(BOB)
    assert one.outbox.closed == 1001
    assert two.outbox.closed is None
    await two.edit(1, insert(0, "x"))
    await two.until("operation_ack")
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    assert not live.is_closed
    assert [session.user.login for session in live.attendance] == ["bob"]


async def test_a_save_of_a_spec_that_is_deleted_meanwhile_is_not_found(serve: Serve) -> None:
    server = await serve()

    async def gone() -> None:
        await server.services.trash.delete(ADA, server.spec_id, permanently=True)

    server.store.fail("commit", after(gone))
    with pytest.raises(SpecNotFound):
        await server.services.contents.save(ADA, server.spec_id, Save("new", 1))


async def test_repeating_a_save_stores_the_revision_that_failed_before(serve: Serve) -> None:
    server = await serve()
    server.store.fail("save_snapshot", raising(StoreUnavailable("away")))
    save = Save("new", 1, label="Release")
    with pytest.raises(StoreUnavailable):
        await server.services.contents.save(ADA, server.spec_id, save)
    saved = await server.services.contents.save(ADA, server.spec_id, save)
    assert saved["version"] == 2
    newest = (await server.memory.revisions(server.spec_id))[0]
    assert (newest.version, newest.kind, newest.label) == (2, RevisionKind.LABELLED, "Release")


@pytest.mark.parametrize("login", [ADA, BOB])
async def test_reusing_an_id_is_refused_with_the_version_of_the_first(serve: Serve, login: Any) -> None:
    server = await serve()
    one = await server.client()
    operation_id = await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    save = Save("new", 1, operation_id=operation_id)
    with pytest.raises(OperationIdReused) as failure:
        await server.services.contents.save(login, server.spec_id, save)
    assert failure.value.details["version"] == 2


async def test_a_session_that_was_taken_over_can_not_be_taken_back_by_its_old_connection(
    serve: Serve,
) -> None:
    server = await serve()
    one = await server.client()
    two = await server.client(sessionId=one.welcome["sessionId"])
    assert two.welcome["sessionId"] == one.welcome["sessionId"]
    assert one.outbox.closed == 4409
    with pytest.raises(NotJoined):
        await one.say("join_session", specId=server.spec_id)
    one.conversation.lost()
    await two.edit(1, insert(0, "x"))
    assert (await two.expect("operation_ack"))["version"] == 2


async def test_active_users_are_listed_while_the_store_is_away(serve: Serve) -> None:
    server = await serve()
    server.store.fail("add_sessions", *[raising(StoreUnavailable("away"))] * 5)
    one = await server.client(BOB)
    await asyncio.sleep(0.02)
    document = await server.services.contents.read(ADA, server.spec_id)
    assert [row["userName"] for row in document["activeCollaborators"]] == ["Bob"]
    await one.say("leave_session")
    assert (await server.services.contents.read(ADA, server.spec_id))["activeCollaborators"] == []


async def test_a_change_is_reported_even_if_the_store_fails_at_that_moment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "POLL", 0.01)
    server = await serve("")
    other = await server.another()
    here, there = await server.client(), await other.client(BOB)
    await there.edit(0, insert(0, "news"))
    await there.until("operation_ack")
    told = [True]

    async def once(act: Act) -> bool:
        return bool(told and told.pop())

    server.store.fail("changed_elsewhere", *[once] * 1_000)
    server.store.fail("states", raising(StoreUnavailable("away")))
    assert (await here.expect("remote_operation"))["version"] == 1


async def test_session_rows_are_written_again_after_an_error(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.service.presence.session_rows.TOUCH", 0.02)
    server = await serve()
    server.store.fail("add_sessions", raising(RuntimeError("a bug")))
    await server.client(BOB)
    await eventually(lambda: bool(server.memory._sessions))


async def test_automatic_snapshots_are_thinned_and_every_version_stays(serve: Serve) -> None:
    server = await serve("")
    one = await server.client()
    texts = [""]
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    for version in range(30):
        await one.edit(version, insert(0, chr(97 + version % 26)))
        await one.expect("operation_ack")
        texts.append(chr(97 + version % 26) + texts[-1])
        await live.snapshots.take_if_stale()
        if version == 10:
            await server.services.revisions.label(ADA, server.spec_id, "Kept")
    kept = await server.memory.revisions(server.spec_id, limit=100)
    assert len(kept) < 8
    assert [snapshot.version for snapshot in kept if snapshot.kind is not RevisionKind.AUTO] == [11, 0]
    for version, text in enumerate(texts):
        assert (await server.services.revisions.at(ADA, server.spec_id, version))["content"] == text
    other = await server.another()
    for version, text in enumerate(texts):
        assert (await other.services.revisions.at(ADA, server.spec_id, version))["content"] == text
