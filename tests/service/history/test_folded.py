"""Reading, comparing, saving and editing at versions whose operations were folded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from jupyter_speccollab.errors import OperationIdReused, RevisionNotFound, StoreUnavailable, VersionConflict
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.service.specs.document_text import Save
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Client, Serve, Serving, raising
from tests.service.history.compacted import History, a_history


async def conflict(client: Client) -> dict[str, Any]:
    """Expect the refusal of an operation whose base version is folded; return the ``sync`` that follows."""
    told = await client.expect("version_conflict")
    assert told["conflictingOperations"] == []
    return await client.expect("sync")


def as_read(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as a client reads it: parts of it may be JSON already."""
    read: dict[str, Any] = json.loads(encode_body(answer))
    return read


async def test_reading_a_folded_version_names_the_nearest_readable_one(serve: Serve) -> None:
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


async def test_the_user_and_time_of_a_kept_version_stay(serve: Serve) -> None:
    history = await a_history(serve)
    before = [await history.server.services.revisions.at(ADA, history.server.spec_id, v) for v in (1, 11, 20)]
    await history.compact(20)
    other = await history.server.another()
    after = [await other.services.revisions.at(ADA, other.spec_id, v) for v in (1, 11, 20)]
    assert after == before


async def test_a_base_revision_is_listed_as_automatic(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact(20)
    shown = as_read(
        await history.server.services.revisions.page(ADA, history.server.spec_id, None, 100, True)
    )
    by_version = {entry["version"]: entry for entry in shown["revisions"]}
    assert by_version[20]["kind"] == "auto"
    assert by_version[20]["content"] == history.texts[20]
    assert by_version[20]["changesSummary"]
    (made,) = await history.server.memory.commits(history.server.spec_id, 19, until=20)
    assert by_version[20]["modifiedBy"] == made.user_id


async def test_a_diff_across_folded_operations_names_all_authors(serve: Serve) -> None:
    history = await a_history(serve)
    revisions = history.server.services.revisions
    diff = as_read(await revisions.diff(ADA, history.server.spec_id, 2, 1))
    assert [hunk["authors"] for hunk in diff["hunks"]] == [[{"userId": BOB.user.user_id, "userName": "Bob"}]]
    await history.compact(20)
    other = await history.server.another()
    for start, end in ((1, 11), (11, 1), (1, 25), (11, 20)):
        diff = as_read(await other.services.revisions.diff(ADA, other.spec_id, end, start))
        text = history.texts[start]
        assert diff["hunks"]
        for hunk in reversed(diff["hunks"]):
            position, removed = hunk["position"], hunk["removed"]
            assert text[position : position + len(removed)] == removed
            text = text[:position] + hunk["added"] + text[position + len(removed) :]
            assert {author["userName"] for author in hunk["authors"]} == {"Ada", "Bob"}
        assert text == history.texts[end]
    (hunk,) = as_read(await other.services.revisions.diff(ADA, other.spec_id, 21, 20))["hunks"]
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


async def test_a_save_can_be_repeated_even_if_its_revision_was_never_stored(serve: Serve) -> None:
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


async def test_joining_with_a_folded_version_gets_the_text(serve: Serve) -> None:
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


async def test_operations_on_folded_and_other_versions_in_one_group(serve: Serve) -> None:
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
    for version in (9, 11):  # the text of 11 is kept, but not the operations after it
        with pytest.raises(VersionConflict) as caught:
            await other.services.contents.save(ADA, other.spec_id, Save("new", version))
        assert caught.value.details["currentVersion"] == history.version
    saved = await other.services.contents.save(ADA, other.spec_id, Save(history.texts[20] + "!", 20))
    assert (saved["content"], saved["merged"]) == (history.texts[-1] + "!", True)


async def test_a_kept_revision_can_be_restored(serve: Serve) -> None:
    history = await a_history(serve)
    await history.compact()
    other = await history.server.another()
    await other.services.revisions.restore(ADA, other.spec_id, 11)
    restored = await other.services.contents.read(ADA, other.spec_id)
    assert (restored["content"], restored["version"]) == (history.texts[11], history.version + 1)
