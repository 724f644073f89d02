"""Live threads: who is told of a change, in which order, and what is read again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.bus.news import THREADS, Changed
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.service.live import live_threads
from jupyter_speccollab.service.threads.new_thread import NewThread
from jupyter_speccollab.store.base import OutcomeUnknown, StoredThread, ThreadKind
from tests.handlers.logins import delete, insert
from tests.service.faults import ADA, BOB, Act, Client, Serve, Serving, done_but, raising
from tests.service.threads.calls import accept, comment, live_of, one, resolve, suggest


async def watching(server: Serving) -> Client:
    return await server.client(ADA, features=["threads"])


async def told(client: Client, count: int) -> list[dict[str, Any]]:
    return [await client.until("threads_changed") for _ in range(count)]


async def test_those_with_the_feature_are_told_of_each_change_once(serve: Serve) -> None:
    server = await serve("The quick fox")
    one_, other = await watching(server), await server.client(BOB)
    assert one_.welcome["threadsVersion"] == 0
    assert "threadsVersion" not in other.welcome
    thread_id = await comment(server, 4, 9)
    await resolve(server, thread_id)
    await resolve(server, thread_id)
    await server.services.threads.delete(BOB, server.spec_id, thread_id)
    opened, resolved, deleted = await told(one_, 3)
    assert (opened["threadsVersion"], resolved["threadsVersion"], deleted["threadsVersion"]) == (1, 2, 3)
    assert [only(event)["state"] for event in (opened, resolved)] == ["open", "resolved"]
    assert (deleted["threads"], deleted["deleted"]) == ([], [thread_id])
    assert [each["event"] for each in other.unread()] == []
    again = await server.client(ADA, features=["threads", "unknown"])
    assert again.welcome["threadsVersion"] == 3


def only(event: dict[str, Any]) -> dict[str, Any]:
    """The only thread of an event."""
    (thread,) = event["threads"]
    return dict(thread)


async def test_an_event_speaks_of_a_version_that_was_sent(serve: Serve) -> None:
    server = await serve("The quick fox")
    writer, reader = await server.client(BOB), await watching(server)
    await writer.until("user_joined")
    for number in range(3):
        await writer.edit(number + 1, insert(0, "x"))
        await writer.until("operation_ack")
    await comment(server, 4, 9)
    versions = [(await reader.until("remote_operation"))["version"] for _ in range(3)]
    event = await reader.expect("threads_changed")
    assert (versions[-1], event["version"]) == (4, 4)
    assert event["threads"][0]["anchor"] == {"start": 7, "end": 12, "version": 4, "orphaned": False}


async def test_an_accepted_suggestion_is_told_after_its_operation(serve: Serve) -> None:
    server = await serve("The quick fox")
    reader = await watching(server)
    thread_id = await suggest(server, 4, 9, "slow")
    await accept(server, thread_id)
    events = [await reader.event() for _ in range(3)]
    assert [each["event"] for each in events] == ["threads_changed", "remote_operation", "threads_changed"]
    assert events[1]["data"]["threadId"] == thread_id
    (thread,) = events[2]["data"]["threads"]
    assert (thread["state"], thread["acceptedVersion"]) == ("accepted", 2)


async def test_a_thread_that_is_too_long_is_not_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """That there was a change is told, so that a client asks what it was."""
    monkeypatch.setattr(live_threads, "EVENT_BYTES", 2_000)
    server = await serve("The quick fox")
    reader = await watching(server)
    await comment(server, 4, 9, body="x" * 3_000)
    await comment(server, 4, 9)
    long, short = await told(reader, 2)
    assert long == {"threadsVersion": 1, "version": 1, "threads": [], "deleted": []}
    assert (short["threadsVersion"], len(short["threads"])) == (2, 1)


class TestOtherServers:
    async def test_what_they_change_is_told_with_all_numbers(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        first = await comment(other, 4, 9)
        second = await comment(other, 0, 3)
        await resolve(other, first)
        third = await comment(other, 0, 3)
        await other.services.threads.delete(BOB, other.spec_id, third)
        live_of(server).other_servers.receive(Changed(THREADS, 5))
        events = await told(reader, 5)
        assert [event["threadsVersion"] for event in events] == [1, 2, 3, 4, 5]
        threads = [[thread["threadId"] for thread in event["threads"]] for event in events]
        assert threads == [[], [second], [first], [], []]
        assert events[4]["deleted"] == [third]

    async def test_what_the_bus_loses_is_found_in_the_store(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        await comment(other, 4, 9)
        stands = await server.memory.states([server.spec_id])
        live = live_of(server)
        assert not live.stands_at(stands[server.spec_id])
        live.committer.request_catch_up()
        assert (await reader.until("threads_changed"))["threadsVersion"] == 1
        assert live.stands_at(stands[server.spec_id])

    async def test_their_later_text_comes_first(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        writer = await other.client(BOB)
        await writer.edit(1, insert(0, "xx"))
        await writer.until("operation_ack")
        await comment(other, 6, 11, version=2)
        live_of(server).other_servers.receive(Changed(THREADS, 1))
        assert (await reader.event())["event"] in ("user_joined", "remote_operation")
        event = await reader.until("threads_changed")
        assert event["version"] == 2

    async def test_too_many_changes_show_a_gap(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live_threads, "TOLD", 3)
        server = await serve("The quick fox", writes_per_minute=1_000)
        other = await server.another()
        reader = await watching(server)
        for _ in range(5):
            await comment(other, 4, 9)
        live_of(server).other_servers.receive(Changed(THREADS, 5))
        assert (await reader.until("threads_changed"))["threadsVersion"] == 5
        assert [each for each in reader.unread() if each["event"] == "threads_changed"] == []

    async def test_what_takes_much_memory_is_told_without_the_threads(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A client asks for them, page for page."""
        monkeypatch.setattr(live_threads, "TOLD_BYTES", 25_000)
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        made = [await comment(other, 4, 9, body="x" * 10_000) for _ in range(6)]
        read: list[int] = []

        async def counted(act: Act) -> Any:
            read.append(len(found := await act()))
            return found

        server.store.faults["threads"] = [counted] * 9
        live_of(server).other_servers.receive(Changed(THREADS, 6))
        events = await told(reader, 6)
        assert [event["threadsVersion"] for event in events] == [1, 2, 3, 4, 5, 6]
        threads = [[thread["threadId"] for thread in event["threads"]] for event in events]
        assert threads == [[], [], [], [], [made[4]], [made[5]]]
        assert read == [2]

    async def test_both_write_at_the_same_time(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        made = await asyncio.gather(
            *(comment(each, 4, 9, caller=caller) for each in (server, other) for caller in (ADA, BOB))
        )
        live_of(server).other_servers.receive(Changed(THREADS, 4))
        events = await told(reader, 4)
        assert [event["threadsVersion"] for event in events] == [1, 2, 3, 4]
        stored = await server.memory.threads(server.spec_id)
        assert {thread.thread_id for thread in stored} == set(made)
        assert sorted(thread.changed for thread in stored) == [1, 2, 3, 4]


class TestFailures:
    async def test_a_write_that_fails_can_be_repeated(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        reader = await watching(server)
        for fault in (raising(StoreUnavailable("away")), done_but(OutcomeUnknown("lost"))):
            server.store.fail("write_thread", fault)
            with pytest.raises(StoreUnavailable):
                await comment(server, 4, 9)
        await comment(server, 0, 3)
        events = await told(reader, 2)
        assert [event["threadsVersion"] for event in events] == [1, 2]
        assert len(await server.memory.threads(server.spec_id)) == 2

    async def test_the_anchor_of_a_failed_creation_is_forgotten(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        ids = "00000000-0000-4000-8000-000000000001"
        server.store.fail("write_thread", raising(StoreUnavailable("away")))
        open_ = server.services.threads.open
        with pytest.raises(StoreUnavailable):
            await open_(BOB, server.spec_id, NewThread(ids, ThreadKind.COMMENT, 0, 3, 1, "x"))
        await open_(BOB, server.spec_id, NewThread(ids, ThreadKind.COMMENT, 4, 9, 1, "x"))
        assert (await one(server, ids))["anchor"]["start"] == 4

    async def test_what_can_not_be_read_is_read_when_the_store_is_back(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live_threads, "RETRY", 0.01)
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        await comment(other, 4, 9)
        server.store.fail("threads", *[raising(StoreUnavailable("away"))] * 3)
        live_of(server).other_servers.receive(Changed(THREADS, 1))
        assert (await reader.until("threads_changed"))["threadsVersion"] == 1

    async def test_news_that_come_while_the_store_is_read_are_read_too(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        other = await server.another()
        reader = await watching(server)
        await comment(other, 4, 9)

        async def more() -> None:
            await comment(other, 0, 3)
            live_of(server).other_servers.receive(Changed(THREADS, 2))

        async def first_read(act: Act) -> Any:
            record = await act()
            await more()
            return record

        server.store.fail("deletions", first_read)
        live_of(server).other_servers.receive(Changed(THREADS, 1))
        events = await told(reader, 2)
        assert [event["threadsVersion"] for event in events] == [1, 2]


class TestAnchors:
    async def test_nothing_is_written_while_people_edit(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        writer = await server.client(BOB)
        thread_id = await comment(server, 4, 9)
        for number in range(20):
            await writer.edit(number + 1, insert(0, "x"))
            await writer.until("operation_ack")
        stored = await server.memory.thread(server.spec_id, thread_id)
        assert isinstance(stored, StoredThread)
        assert stored.anchor_version == 1
        assert (await one(server, thread_id))["anchor"]["start"] == 24

    async def test_they_are_stored_anew_from_time_to_time(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live_threads, "BEHIND", 10)
        server = await serve("The quick fox")
        writer = await server.client(BOB)
        open_, closed = await comment(server, 4, 9), await comment(server, 0, 3)
        await resolve(server, closed)
        for number in range(40):
            await writer.edit(number + 1, insert(0, "x"))
            await writer.until("operation_ack")
        for _ in range(100):
            await asyncio.sleep(0.01)
            stored = await server.memory.threads(server.spec_id)
            if all(thread.anchor_version > 20 for thread in stored):
                break
        for thread in stored:
            start = thread.anchor.start - (thread.anchor_version - 1)
            assert start == (4 if thread.thread_id == open_ else 0)
            assert thread.anchor_version > 20

    async def test_an_orphan_comes_back_with_its_words(self, serve: Serve) -> None:
        server = await serve("The quick fox")
        writer = await server.client(BOB)
        thread_id = await comment(server, 4, 9)
        await writer.edit(1, delete(0, 13))
        await writer.until("operation_ack")
        gone = (await one(server, thread_id))["anchor"]
        assert (gone["orphaned"], gone["letters"]) == (True, "quick")
        await writer.edit(2, insert(0, "Not quick"))
        await writer.until("operation_ack")
        assert (await one(server, thread_id))["anchor"] == {
            "start": 4,
            "end": 9,
            "version": 3,
            "orphaned": False,
        }
