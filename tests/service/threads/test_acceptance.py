"""Accepting suggestions: once, with its operation, whatever else is committed or fails meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.errors import (
    DocumentTooLarge,
    OperationIdReused,
    SpecCollabError,
    StoreUnavailable,
    SuggestionStale,
    ThreadClosed,
)
from jupyter_speccollab.service.live import committer
from jupyter_speccollab.store.base import OutcomeUnknown, StoredThread, ThreadState, VersionTaken
from tests.handlers.logins import delete, insert
from tests.service.faults import ADA, BOB, Act, Serve, Serving, after, done_but, raising
from tests.service.threads.calls import accept, comment, one, suggest

TEXT = "The quick brown fox jumps."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "RETRY", 0.01)


async def log_of(server: Serving) -> list[Any]:
    return list(await server.memory.operations(server.spec_id, after=1))


async def test_the_operation_is_the_difference_of_the_letters(serve: Serve) -> None:
    """So comments in the passage stay on their words, and only new letters are the suggester's."""
    server = await serve(TEXT)
    inside = await comment(server, 10, 15)
    thread_id = await suggest(server, 4, 19, "slow brown cat")
    accepted = await accept(server, thread_id)
    (committed,) = await log_of(server)
    assert [
        component.get("content") for component in committed.components if component["type"] == "insert"
    ] == [
        "cat",
        "slow",
    ]
    assert (committed.user_id, committed.author_id) == (ADA.user.user_id, BOB.user.user_id)
    assert (committed.thread_id, committed.version) == (thread_id, accepted["acceptedVersion"])
    assert (await one(server, inside))["anchor"] == {"start": 9, "end": 14, "version": 2, "orphaned": False}
    assert [each.kind.value for each in await server.memory.revisions(server.spec_id)] == ["created"]


@pytest.mark.parametrize("where", [0, 26])
async def test_edits_elsewhere_move_it(serve: Serve, where: int) -> None:
    """They are committed between the making of the operation and its commit."""
    server = await serve(TEXT)
    writer = await server.client(BOB)
    thread_id = await suggest(server, 4, 9, "slow")
    other = await server.another()
    there = await other.client(BOB)

    async def edit_there() -> None:
        await there.edit(1, insert(where, "xyz"))
        await there.until("operation_ack")

    server.store.fail("accept_suggestion", after(edit_there))
    accepted = await accept(server, thread_id)
    assert accepted["acceptedVersion"] == 3
    text = TEXT[:where] + "xyz" + TEXT[where:]
    assert await server.content() == text.replace("quick", "slow")
    stored = await server.memory.thread(server.spec_id, thread_id)
    assert isinstance(stored, StoredThread)
    assert (stored.state, stored.anchor_version) == (ThreadState.ACCEPTED, 3)
    assert writer.outbox.closed is None


@pytest.mark.parametrize(
    ("where", "typed", "text"),
    [(4, "very ", "The very slow brown fox jumps."), (9, "ly", "The slowly brown fox jumps.")],
)
async def test_what_is_typed_at_its_edge_stays_outside(
    serve: Serve, where: int, typed: str, text: str
) -> None:
    """At either edge, also where it is committed between the making of the operation and its commit."""
    server = await serve(TEXT)
    thread_id = await suggest(server, 4, 9, "slow")
    other = await server.another()
    there = await other.client(BOB)

    async def edit_there() -> None:
        await there.edit(1, insert(where, typed))
        await there.until("operation_ack")

    server.store.fail("accept_suggestion", after(edit_there))
    await accept(server, thread_id)
    assert await server.content() == text


async def test_an_edit_of_the_passage_is_looked_at_anew(serve: Serve) -> None:
    server = await serve(TEXT)
    thread_id = await suggest(server, 4, 19, "quick brown cat")
    other = await server.another()
    there = await other.client(BOB)

    async def edit_there() -> None:
        await there.edit(1, delete(4, 5), insert(4, "quiet"))
        await there.until("operation_ack")

    server.store.fail("accept_suggestion", after(edit_there))
    await accept(server, thread_id)
    assert await server.content() == TEXT.replace("quick", "quiet").replace("fox", "cat")


async def test_an_edit_of_the_same_words_makes_it_stale(serve: Serve) -> None:
    server = await serve(TEXT)
    thread_id = await suggest(server, 0, 15, "The slow brown")
    other = await server.another()
    there = await other.client(BOB)

    async def edit_there() -> None:
        await there.edit(1, delete(4, 5), insert(4, "quiet"))
        await there.until("operation_ack")

    server.store.fail("accept_suggestion", after(edit_there))
    with pytest.raises(SuggestionStale) as stale:
        await accept(server, thread_id)
    assert stale.value.details == {"present": "The quiet brown"}
    assert (await one(server, thread_id))["state"] == "open"
    assert await server.content() == TEXT.replace("quick", "quiet")


async def test_what_another_server_took_back_makes_nothing_stale(serve: Serve) -> None:
    """Who has just undone their change there, and was told so, finds the words as they were."""
    server = await serve(TEXT)
    other = await server.another()
    there = await other.client(BOB)
    thread_id = await suggest(server, 0, 15, "The slow brown")
    async with server.services.documents.use(server.spec_id) as live:
        await there.edit(1, delete(4, 5), insert(4, "quiet"))
        await there.until("operation_ack")
        await live.catch_up()
        await there.edit(2, delete(4, 5), insert(4, "quick"))
        await there.until("operation_ack")
        accepted = await accept(server, thread_id)
    assert accepted["acceptedVersion"] == 4
    assert await server.content() == TEXT.replace("quick", "slow")


class TestAtOnce:
    async def outcomes(self, *calls: Any) -> list[str]:
        results = await asyncio.gather(*calls, return_exceptions=True)
        return sorted(
            result.code if isinstance(result, SpecCollabError) else result["state"] for result in results
        )

    @pytest.mark.parametrize("apart", [False, True])
    async def test_one_of_two_people_accepts(self, serve: Serve, apart: bool) -> None:
        server = await serve(TEXT)
        other = await server.another() if apart else server
        thread_id = await suggest(server, 4, 9, "slow")
        calls = accept(server, thread_id, ADA), accept(other, thread_id, BOB)
        assert await self.outcomes(*calls) == ["THREAD_CLOSED", "accepted"]
        assert len(await log_of(server)) == 1
        assert await server.content() == TEXT.replace("quick", "slow")

    @pytest.mark.parametrize("apart", [False, True])
    async def test_one_person_accepts_twice(self, serve: Serve, apart: bool) -> None:
        server = await serve(TEXT)
        other = await server.another() if apart else server
        thread_id = await suggest(server, 4, 9, "slow")
        calls = accept(server, thread_id), accept(other, thread_id)
        assert await self.outcomes(*calls) == ["accepted", "accepted"]
        assert len(await log_of(server)) == 1

    async def test_accepting_and_rejecting(self, serve: Serve) -> None:
        server = await serve(TEXT)
        other = await server.another()
        thread_id = await suggest(server, 4, 9, "slow")
        reject = other.services.threads.set_state(BOB, server.spec_id, thread_id, ThreadState.REJECTED)
        outcomes = await self.outcomes(accept(server, thread_id), reject)
        assert outcomes in (["THREAD_CLOSED", "accepted"], ["THREAD_CLOSED", "rejected"])
        changed = "slow" in await server.content()
        assert changed is ("accepted" in outcomes)

    async def test_many_suggestions_of_one_passage(self, serve: Serve) -> None:
        """Those that change other words are all accepted, in any order."""
        server = await serve(TEXT)
        other = await server.another()
        words = {"quick": "slow", "brown": "red", "fox": "cat", "jumps": "sits"}
        made = [await suggest(server, 4, 25, TEXT[4:25].replace(word, new)) for word, new in words.items()]
        await asyncio.gather(*(accept((server, other)[number % 2], each) for number, each in enumerate(made)))
        assert await server.content() == "The slow red cat sits."


class TestFailures:
    @pytest.mark.parametrize("fault", [raising, done_but])
    async def test_an_unknown_outcome_is_looked_up(self, serve: Serve, fault: Any) -> None:
        server = await serve(TEXT)
        thread_id = await suggest(server, 4, 9, "slow")
        reader = await server.client(ADA, features=["threads"])
        server.store.fail("accept_suggestion", fault(OutcomeUnknown("lost")))
        assert (await accept(server, thread_id))["state"] == "accepted"
        assert len(await log_of(server)) == 1
        assert (await reader.until("remote_operation"))["threadId"] == thread_id
        assert (await reader.until("threads_changed"))["threads"][0]["state"] == "accepted"

    async def test_while_the_store_is_away_nothing_changes(self, serve: Serve) -> None:
        server = await serve(TEXT)
        thread_id = await suggest(server, 4, 9, "slow")
        server.store.fail("accept_suggestion", raising(StoreUnavailable("away")))
        with pytest.raises(StoreUnavailable):
            await accept(server, thread_id)
        assert (await one(server, thread_id))["state"] == "open"
        assert await server.content() == TEXT
        assert (await accept(server, thread_id))["state"] == "accepted"

    async def test_versions_are_lost_again_and_again(self, serve: Serve) -> None:
        server = await serve(TEXT)
        thread_id = await suggest(server, 4, 9, "slow")
        server.store.fail("accept_suggestion", *[raising(VersionTaken())] * 6)
        assert (await accept(server, thread_id))["acceptedVersion"] == 2

    async def test_others_commit_in_the_same_moment(self, serve: Serve) -> None:
        """Nobody's edit is lost, and versions stay without a gap."""
        server = await serve(TEXT)
        thread_id = await suggest(server, 4, 9, "slow")
        writer = await server.client(BOB)

        async def edit(act: Act) -> Any:
            await writer.edit(1, insert(26, "!"))
            return await act()

        server.store.fail("accept_suggestion", edit)
        await accept(server, thread_id)
        await writer.until("operation_ack")
        assert await server.content() == TEXT.replace("quick", "slow") + "!"
        assert (await server.stored())[0] == 3

    async def test_its_id_may_be_taken_by_another_edit(self, serve: Serve) -> None:
        from uuid import uuid5

        from jupyter_speccollab.service.threads.acceptance import NAMESPACE

        server = await serve(TEXT)
        thread_id = await suggest(server, 4, 9, "slow")
        writer = await server.client(BOB)
        await writer.edit(1, insert(0, "x"), operation_id=str(uuid5(NAMESPACE, thread_id)))
        await writer.until("operation_ack")
        with pytest.raises(OperationIdReused):
            await accept(server, thread_id)
        assert (await one(server, thread_id))["state"] == "open"

    async def test_a_text_that_would_be_too_long(self, serve: Serve) -> None:
        server = await serve(TEXT, document_length=30)
        thread_id = await suggest(server, 4, 9, "x" * 10)
        with pytest.raises(DocumentTooLarge):
            await accept(server, thread_id)
        assert (await one(server, thread_id))["state"] == "open"


async def test_accepting_what_somebody_else_has_accepted(serve: Serve) -> None:
    server = await serve(TEXT)
    thread_id = await suggest(server, 4, 9, "slow")
    await accept(server, thread_id, ADA)
    with pytest.raises(ThreadClosed, match="Ada"):
        await accept(server, thread_id, BOB)


async def test_a_long_passage_is_compared_elsewhere(serve: Serve) -> None:
    text = "".join(f"line {number}\n" for number in range(3_000))
    server = await serve(text)
    thread_id = await suggest(server, 0, len(text), "short")
    await accept(server, thread_id)
    assert await server.content() == "short"
