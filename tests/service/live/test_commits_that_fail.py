"""Commits on a failing store: no acknowledged edit is lost or committed twice, and no versions are skipped."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.live import committer
from jupyter_speccollab.service.live.fair_queue import MAX_DISTANCE
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.base import AccessChanged, OutcomeUnknown, SpecMissing, VersionTaken
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Act, Client, Serve, after, done_but, held, raising


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "RETRY", 0.01)


async def test_an_operation_refused_while_the_store_is_away_is_committed_once_when_repeated(
    serve: Serve,
) -> None:
    server = await serve()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    server.store.fail("commit", raising(StoreUnavailable("away")))
    operation_id = await one.edit(1, insert(0, "x"))
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "STORE_UNAVAILABLE")
    assert two.unread() == []
    await one.edit(1, insert(0, "x"), operation_id=operation_id)
    assert (await one.expect("operation_ack"))["version"] == 2
    assert (await two.expect("remote_operation"))["version"] == 2
    assert await server.content() == "xtext"


@pytest.mark.parametrize("fault", [raising, done_but])
async def test_the_outcome_of_a_commit_is_looked_up_before_it_is_answered(serve: Serve, fault: type) -> None:
    server = await serve()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    server.store.fail("commit", fault(OutcomeUnknown("lost")))
    ids = [await one.edit(1, insert(0, letter)) for letter in "abc"]
    acks = [await one.expect("operation_ack") for _ in ids]
    assert [(ack["operationId"], ack["version"]) for ack in acks] == [(ids[i], i + 2) for i in range(3)]
    assert [(await two.expect("remote_operation"))["version"] for _ in ids] == [2, 3, 4]
    assert (one.unread(), two.unread()) == ([], [])
    version, log = await server.stored()
    assert (version, log[1:]) == (4, ids)
    assert await server.content() == "cbatext"


@pytest.mark.parametrize("fault", [raising, done_but])
async def test_while_the_outcome_is_unknown_nothing_more_is_committed_and_all_are_told(
    serve: Serve, fault: type
) -> None:
    server = await serve()
    one = await server.client()
    gate = asyncio.Event()

    async def away(act: object) -> None:
        await gate.wait()
        raise StoreUnavailable("still away")

    server.store.fail("commit", fault(OutcomeUnknown("lost")))
    server.store.fail("spec", away)
    first = await one.edit(1, insert(0, "a"))
    await asyncio.sleep(0.02)
    others = [await one.edit(1, insert(0, "b")), await one.edit(1, insert(99, "bad"))]
    await asyncio.sleep(0.02)
    assert one.unread() == []
    assert len(server.store.calls) == 1
    gate.set()
    acks = [await one.expect("operation_ack") for _ in range(3)]
    assert [(ack["operationId"], ack["message"]) for ack in acks] == [
        (operation_id, "still away") for operation_id in (first, *others)
    ]
    await one.edit(1, insert(0, "a"), operation_id=first)
    assert (await one.until("operation_ack"))["version"] == 2
    assert (await server.stored())[1][1:] == [first]
    assert await server.content() == "atext"


@pytest.mark.parametrize("is_done", [True, False])
async def test_while_the_database_does_not_answer_all_are_told_and_what_it_commits_later_is_sent(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    monkeypatch.setattr(committer, "ANSWER_WITHIN", 0.05)
    server = await serve()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    gate = asyncio.Event()

    async def silent(act: Act) -> None:
        await gate.wait()
        if not is_done:
            raise StoreUnavailable("away")
        await act()

    server.store.fail("commit", silent)
    ids = [await one.edit(1, insert(0, "a")), await two.edit(1, insert(0, "b"))]
    for client, operation_id in zip((one, two), ids, strict=True):
        ack = await client.expect("operation_ack")
        assert (ack["operationId"], ack["code"]) == (operation_id, "STORE_UNAVAILABLE")
        assert ack["message"] == "The database does not answer, so nothing can be saved."
    gate.set()
    if is_done:  # the author needs it as much as the others, to have every version
        for client in (one, two):
            assert (await client.expect("remote_operation"))["operationId"] == ids[0]
    for number, (client, letter) in enumerate(((one, "a"), (two, "b"))):
        await client.edit(1, insert(0, letter), operation_id=ids[number])
        assert (await client.until("operation_ack"))["version"] == number + 2
    assert (await server.stored())[1][1:] == ids
    assert sorted(await server.content()) == sorted("abtext")


async def test_operations_of_a_faster_server_are_transformed_over(serve: Serve) -> None:
    server = await serve("[]")
    other = await server.another()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    elsewhere = await other.client(BOB)

    async def first() -> None:
        await elsewhere.edit(1, insert(1, "first"))
        await elsewhere.until("operation_ack")

    server.store.fail("commit", after(first))
    await one.edit(1, insert(1, "second"))
    assert (await one.expect("remote_operation"))["operations"] == [insert(1, "first")]
    assert (await one.expect("operation_ack"))["version"] == 3
    assert [(await two.expect("remote_operation"))["version"] for _ in range(2)] == [2, 3]
    assert await server.content() == await other.content() == "[secondfirst]"


async def test_the_same_operation_committed_by_another_server_meanwhile_is_a_repeat(serve: Serve) -> None:
    server = await serve()
    other = await server.another()
    one, two, elsewhere = await server.client(), await server.client(BOB), await other.client()
    await one.expect("user_joined")
    operation_id = str(uuid4())

    async def first() -> None:
        await elsewhere.edit(1, insert(0, "x"), operation_id=operation_id)
        await elsewhere.until("operation_ack")

    server.store.fail("commit", after(first))
    await one.edit(1, insert(0, "x"), operation_id=operation_id)
    await one.edit(1, insert(0, "y"))
    acks = [await one.expect("operation_ack") for _ in range(2)]
    assert [ack["version"] for ack in acks] == [2, 3]
    limit = one.welcome["limits"]["operationsPerMinute"]
    assert acks[1]["rateLimit"]["remaining"] == limit - 1  # the repeat does not count
    assert [(await two.expect("remote_operation"))["version"] for _ in range(2)] == [2, 3]
    assert await server.content() == "yxtext"
    # The same id with other components is refused.
    operation_id = str(uuid4())

    async def another() -> None:
        await elsewhere.edit(3, insert(0, "other"), operation_id=operation_id)
        await elsewhere.until("operation_ack")

    server.store.fail("commit", after(another))
    await one.edit(3, insert(0, "mine"), operation_id=operation_id)
    assert (await one.expect("remote_operation"))["version"] == 4
    ack = await one.expect("operation_ack")
    assert (ack["success"], ack["code"], ack["version"]) == (False, "OPERATION_ID_REUSED", 4)


async def test_a_repeat_from_before_the_window_in_a_group_with_new_operations(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_speccollab.document.window.OPERATIONS", 5)
    server = await serve("")
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    first = await one.edit(0, insert(0, "x"))
    for version in range(1, 10):
        await one.edit(version, insert(0, "y"))
        await one.until("operation_ack")
    await one.until("operation_ack")
    two.unread()
    await one.edit(0, insert(0, "x"), operation_id=first)
    await one.edit(10, insert(0, "z"))
    await one.edit(0, insert(0, "not x"), operation_id=first)
    acks = [await one.expect("operation_ack") for _ in range(3)]
    assert sorted((ack["version"], ack["success"]) for ack in acks) == [(1, False), (1, True), (11, True)]
    assert [event["data"]["version"] for event in two.unread()] == [11]


async def test_repeats_do_not_count_towards_the_rate_limit(serve: Serve) -> None:
    server = await serve(operations_per_minute=3)
    one = await server.client()
    first = await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    for operation_id in (first, first, first, None, None, None):
        await one.edit(1, insert(0, "x"), operation_id=operation_id)
    acks = [await one.expect("operation_ack") for _ in range(6)]
    assert sorted(ack.get("version", 0) for ack in acks) == [0, 2, 2, 2, 3, 4]
    assert [ack["code"] for ack in acks if not ack["success"]] == ["RATE_LIMITED"]


async def test_a_spec_deleted_during_a_commit(serve: Serve) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", raising(SpecMissing("gone")))
    operation_id = await one.edit(1, insert(0, "x"))
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "SPEC_NOT_FOUND")
    assert (await one.expect("document_deleted"))["specId"] == server.spec_id
    assert one.outbox.closed == 4404


async def test_slow_commits_lead_to_larger_groups(serve: Serve) -> None:
    server = await serve("")
    one = await server.client()
    gate = asyncio.Event()
    server.store.fail("commit", held(gate))
    for number in range(50):
        await one.edit(0, insert(0, str(number)))
        await asyncio.sleep(0)
    gate.set()
    versions = [(await one.expect("operation_ack"))["version"] for _ in range(50)]
    assert versions == list(range(1, 51))
    assert len(server.store.calls) <= 8  # LATER_ROUND_STEPS limits the groups of one session
    assert sum(size for _, size in server.store.calls) == 50


async def test_an_internal_error_refuses_uncommitted_operations_and_the_next_is_committed(
    serve: Serve,
) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", raising(RuntimeError("a bug")))
    await one.edit(1, insert(0, "x"))
    assert (await one.expect("operation_ack"))["code"] == "INTERNAL"
    await one.edit(1, insert(0, "y"))
    assert (await one.expect("operation_ack"))["version"] == 2
    assert await server.content() == "ytext"


async def test_an_internal_error_after_the_commit_refuses_nothing(serve: Serve) -> None:
    """The outbox of another session fails during the broadcast; the commit is acknowledged nevertheless."""
    server = await serve()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")

    def broken(event: object) -> None:
        raise RuntimeError("a bug")

    two.outbox.send = broken  # type: ignore[method-assign]
    operation_id = await one.edit(1, insert(0, "x"))
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["version"]) == (operation_id, True, 2)


async def test_access_that_changes_during_a_commit_is_read_again(serve: Serve) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", raising(AccessChanged("changed")))
    await one.edit(1, insert(0, "x"))
    assert (await one.expect("operation_ack"))["version"] == 2


async def test_an_operation_that_loses_many_races_is_committed_in_the_end(serve: Serve) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", *[raising(VersionTaken("taken"))] * 20)
    await one.edit(1, insert(0, "x"))
    assert (await one.expect("operation_ack"))["version"] == 2


async def test_stopping_answers_every_waiting_submission(serve: Serve) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", held(asyncio.Event()))
    saving = asyncio.create_task(server.services.contents.save(ADA, server.spec_id, Save("new", 1)))
    await asyncio.sleep(0.02)
    waiting = asyncio.create_task(server.services.contents.save(ADA, server.spec_id, Save("newer", 1)))
    await asyncio.sleep(0.02)
    live = server.services.documents.live(server.spec_id)
    assert live is not None
    await live.committer.close()
    for task in (saving, waiting):
        with pytest.raises(StoreUnavailable):
            await asyncio.wait_for(task, 5)
    with pytest.raises(StoreUnavailable):  # as of a request that comes at this moment
        await asyncio.wait_for(server.services.contents.save(ADA, server.spec_id, Save("newest", 1)), 5)
    assert one.unread() == []


async def test_when_the_history_was_replaced_all_sessions_must_join_again(serve: Serve) -> None:
    server = await serve()
    one = await server.client()
    await one.edit(1, insert(0, "x"))
    await one.expect("operation_ack")
    await server.memory.delete_spec(server.spec_id)  # as after restoring a backup, which has another epoch
    await server.services.specs.create(ADA, NewSpec("Spec", "old", spec_id=server.spec_id))
    operation_id = await one.edit(2, insert(0, "y"))
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "STORE_UNAVAILABLE")
    assert one.outbox.closed == 1001
    again = await server.client(lastKnownVersion=2, epoch=one.welcome["epoch"])
    assert (again.welcome["content"], again.welcome["version"]) == ("old", 1)
    await again.edit(1, insert(0, "z"))
    assert (await again.expect("operation_ack"))["version"] == 2
    assert await server.content() == "zold"


async def test_a_version_ahead_is_checked_against_the_log(serve: Serve) -> None:
    """A client that was acknowledged by one server can continue on another at once."""
    server = await serve()
    other = await server.another()
    one, elsewhere = await server.client(), await other.client(BOB)
    await elsewhere.edit(1, insert(0, "x"))
    await elsewhere.expect("operation_ack")
    await one.edit(2, insert(0, "y"))
    assert (await one.expect("remote_operation"))["version"] == 2
    assert (await one.expect("operation_ack"))["version"] == 3
    await elsewhere.say("request_sync", lastKnownVersion=3)
    assert (await elsewhere.expect("remote_operation"))["version"] == 3
    assert (await elsewhere.expect("sync"))["operations"] == []
    await elsewhere.edit(3, insert(0, "z"))
    await elsewhere.expect("operation_ack")
    joined = await Client(server.services, server.spec_id, BOB).join(
        lastKnownVersion=4, epoch=one.welcome["epoch"]
    )
    assert (joined.welcome["version"], joined.welcome["operations"]) == (4, [])
    await one.edit(99, insert(0, "y"))
    assert (await one.until("version_conflict"))["currentVersion"] == 4
    assert (await one.expect("sync"))["content"] == "zyxtext"


async def test_reading_for_a_refusal_delays_no_commit_of_others(serve: Serve) -> None:
    server = await serve()
    one, two = await server.client(), await server.client(BOB)
    await one.expect("user_joined")
    gate = asyncio.Event()
    server.store.fail("first_commits", held(gate))
    refused = await one.edit(1, insert(999, "outside"))
    kept = await two.edit(1, insert(0, "x"))
    assert (await two.expect("operation_ack"))["operationId"] == kept
    assert (await one.expect("remote_operation"))["operationId"] == kept
    assert one.unread() == []
    gate.set()
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"]) == (refused, False)


@pytest.mark.parametrize("faults", [[], [VersionTaken("somebody else was first")], [AccessChanged("a role")]])
async def test_the_answers_of_a_session_keep_their_order(serve: Serve, faults: list[Exception]) -> None:
    server = await serve()
    one = await server.client()
    server.store.fail("commit", *map(raising, faults))
    places = [999, 0, 999, 0, 0, 999, 999]
    ids = [await one.edit(1, insert(place, "x")) for place in places]
    acks = [await one.expect("operation_ack") for _ in ids]
    assert [ack["operationId"] for ack in acks] == ids
    assert [ack["success"] for ack in acks] == [place == 0 for place in places]


async def test_no_copy_of_an_operation_refused_as_too_old_is_committed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier copy of the operation may already have been transformed over some versions."""
    monkeypatch.setattr(committer, "SLICE", 1)
    most = MAX_DISTANCE + 5
    server = await serve(max_stale_versions=most)
    one, two = await server.client(), await server.client(BOB)
    for version in range(1, most):
        await two.edit(version, insert(0, "y"))
        await two.until("operation_ack")
    old = await one.edit(1, insert(0, "x"))
    writing = [asyncio.create_task(two.edit(most, insert(0, "y"))) for _ in range(60)]
    await asyncio.gather(*writing)
    conflict = await one.until("version_conflict")
    assert (conflict["operationId"], conflict["expectedVersion"]) == (old, 1)
    await one.edit(1, insert(0, "x"), operation_id=old)
    assert (await one.until("version_conflict"))["operationId"] == old
    assert old not in (await server.stored())[1]
    assert "x" not in (await server.content()).removesuffix("text")
