"""The work between two turns of the event loop is bounded by what operations touch, whoever sends them."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from jupyter_speccollab.document import transformation
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Stage, Staged
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.transformation import Transformation
from jupyter_speccollab.errors import VersionConflict
from jupyter_speccollab.service.live import committer, staging
from jupyter_speccollab.service.live.catch_up import LIST_BYTES
from jupyter_speccollab.service.specs.document_text import Save
from jupyter_speccollab.store.base import Commit
from jupyter_speccollab.text.diff import MOST_BYTES, MOST_COMPONENTS
from jupyter_speccollab.text.long_transform import STEP
from tests.handlers.logins import insert
from tests.service.faults import ADA, BOB, Serve, after

LONGEST_FRAME = 16 * 1024 * 1024
"""What every client must take."""


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pieces each call of a transformation read."""
    read: list[int] = []
    over: Callable[..., int] = Transformation.over

    def counted(self: Transformation, committed: Sequence[CommittedOperation], limit: float = 1e9) -> int:
        read.append(over(self, committed, limit))
        return read[-1]

    monkeypatch.setattr(Transformation, "over", counted)
    return read


def scattered(count: int, length: int) -> list[dict[str, Any]]:
    """So many inserts of a letter, spread over a text of this length."""
    gap = length // count
    return [{"type": "insert", "position": gap * number, "content": "x"} for number in reversed(range(count))]


async def test_a_save_with_many_changes_is_transformed_in_short_parts(
    serve: Serve, pieces: list[int]
) -> None:
    """Sixty letters against every other word of a long text; others write on meanwhile."""
    words = [f"word{number}" for number in range(12_000)]
    server = await serve(" ".join(words))
    two = await server.client(BOB)
    for version in range(1, 61):
        await two.edit(version, insert(1_000 * version, "y"))
        await two.until("operation_ack")
    words[::2] = [word.upper() for word in words[::2]]
    pieces.clear()
    saved = await server.services.contents.save(ADA, server.spec_id, Save(" ".join(words), 1))
    assert saved["version"] == 62
    assert saved["content"].count("y") == 60
    assert saved["content"].count("WORD") == 6_000
    assert max(pieces) <= committer.SLICE + 2 * STEP
    assert sum(pieces) < 60_000  # and not sixty times all components


async def test_a_delete_of_everything_that_was_edited_everywhere_ends_in_a_conflict_with_the_text(
    serve: Serve, pieces: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The delete would become one of 7,000 parts. It is refused for good, and nothing is lost by it."""
    monkeypatch.setattr(transformation, "MOST_COMPONENTS", 5_000)
    server = await serve("a" * 60_000, operation_length=1_000_000, frame_bytes=10_000_000)
    one, two = await server.client(), await server.client(BOB)
    for version in range(1, 6):
        await two.edit(version, *scattered(1_500 - 7 * version, 60_000))
        await two.until("operation_ack")
    one.unread()
    pieces.clear()
    everything = await one.edit(1, {"type": "delete", "position": 0, "length": 60_000})
    await two.edit(6, insert(0, "meanwhile"))
    assert (await two.until("operation_ack"))["version"] == 7
    conflict = await one.until("version_conflict")
    assert (conflict["operationId"], conflict["conflictingOperations"]) == (everything, [])
    assert (await one.expect("sync"))["content"] == await server.content()
    assert max(pieces) <= committer.SLICE + 2 * STEP
    await one.edit(1, {"type": "delete", "position": 0, "length": 60_000}, operation_id=everything)
    assert (await one.until("version_conflict"))["operationId"] == everything
    assert everything not in (await server.stored())[1]


async def test_a_delete_that_has_grown_long_is_transformed_in_short_parts_to_the_end(
    serve: Serve, pieces: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came as one component, and has thousands when there are only a few versions left."""
    taken: list[tuple[int, bool]] = []
    take = Stage.take

    def watched(self: Stage, arrived: Submission, timestamp: datetime) -> Staged:
        staged = take(self, arrived, timestamp)
        in_loop = threading.current_thread() is threading.main_thread()
        taken.append((len(staged.committed.operation.components), in_loop))
        return staged

    monkeypatch.setattr(Stage, "take", watched)
    server = await serve("a" * 60_000, operation_length=1_000_000, frame_bytes=10_000_000)
    one, two = await server.client(), await server.client(BOB)
    for version, count in enumerate([700] * 9 + [150] * 3, start=1):
        letters = scattered(count, 59_900)
        await two.edit(version, *({**each, "position": each["position"] + 7 * version} for each in letters))
        await two.until("operation_ack")
    one.unread()
    pieces.clear()
    everything = await one.edit(1, {"type": "delete", "position": 0, "length": 60_000})
    await two.edit(13, insert(0, "meanwhile"))
    assert (await two.until("operation_ack"))["version"] == 14
    acknowledged = await one.until("operation_ack")
    assert (acknowledged["operationId"], acknowledged["version"]) == (everything, 15)
    assert max(pieces) <= committer.SLICE + 2 * STEP
    assert taken[-1][0] > 10_000
    assert all(components <= staging.LONG or not in_loop for components, in_loop in taken)
    text = await server.content()
    assert text.startswith("meanwhile")
    assert set(text[9:]) == {"x"}


async def test_a_save_that_would_grow_too_long_is_a_conflict(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transformation, "MOST_COMPONENTS", 300)
    server = await serve("a" * 9_000, operation_length=100_000, frame_bytes=1_000_000)
    two = await server.client(BOB)
    await two.edit(1, *scattered(900, 9_000))
    await two.until("operation_ack")
    with pytest.raises(VersionConflict) as refused:
        await server.services.contents.save(ADA, server.spec_id, Save("", 1))
    assert refused.value.details["currentVersion"] == 2
    assert "Read the document again" in refused.value.message


async def test_distant_submissions_of_several_users_take_turns(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "SLICE", 1)
    server = await serve("text")
    one, two = await server.client(), await server.client(BOB)
    for version in range(1, 101):
        await two.edit(version, insert(0, "y"))
        await two.until("operation_ack")
    one.unread()
    turns: list[str] = []
    over = Transformation.over

    def noted(self: Transformation, committed: Any, limit: float = 1e9) -> int:
        turns.append(self.submission.user.user_id)
        return over(self, committed, limit)

    monkeypatch.setattr(Transformation, "over", noted)
    await asyncio.gather(one.edit(1, insert(0, "1")), two.edit(1, insert(0, "2")))
    for client in (one, two):
        assert (await client.until("operation_ack"))["success"]
    assert {ADA.user.user_id, BOB.user.user_id} == set(turns[10:12]) == set(turns[40:42])


async def test_a_list_of_operations_is_bounded_as_it_is_sent(serve: Serve) -> None:
    """Few letters, but five megabytes of JSON: the text is sent in their place. And the other way round."""
    server = await serve("text" * 200, operation_length=1_000_000, frame_bytes=10_000_000)
    two = await server.client(BOB)
    for version in range(1, 541):
        await two.edit(version, *scattered(205, 800))
        await two.until("operation_ack")
    late = await server.client(lastKnownVersion=1, epoch=two.welcome["epoch"])
    assert "operations" not in late.welcome
    assert late.welcome["content"] == await server.content()
    some = await server.client(lastKnownVersion=300, epoch=two.welcome["epoch"])
    assert len(json.dumps(some.welcome["operations"], separators=(",", ":"))) <= LIST_BYTES
    assert len(some.welcome["operations"]) == 241
    long = await server.client(BOB)
    await long.edit(541, insert(0, "y" * 900_000))
    await long.until("operation_ack")
    await long.edit(542, insert(0, "y" * 900_000))
    await long.until("operation_ack")
    two_long = await server.client(lastKnownVersion=541, epoch=two.welcome["epoch"])
    assert [one["version"] for one in two_long.welcome["operations"]] == [542, 543]


async def test_a_save_is_broadcast_as_what_every_client_can_take(serve: Serve) -> None:
    words = [f"word{number} same" for number in range(100_000)]
    server = await serve(" ".join(words))
    two = await server.client(BOB)
    await server.services.contents.save(ADA, server.spec_id, Save(" ".join(words).replace("word", "WORD"), 1))
    change = await two.until("remote_operation")
    assert len(change["operations"]) <= MOST_COMPONENTS
    assert len(json.dumps(change["operations"])) <= MOST_BYTES < LONGEST_FRAME
    assert (await server.content()).count("WORD") == 100_000


async def test_a_long_save_is_committed_though_another_server_is_always_faster(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other server commits before each of our commits; the lock of the store lets a long save in."""
    words = [f"word{number}" for number in range(4_000)]
    server = await serve(" ".join(words))
    other = await server.another()
    two = await other.client(BOB)

    locks = 0

    async def overtake() -> None:
        live = other.services.documents.live(server.spec_id)
        assert live is not None
        await two.edit(live.document.version, insert(0, "y"))
        assert (await two.until("operation_ack"))["success"]

    @asynccontextmanager
    async def exclusive(spec_id: str) -> AsyncIterator[Commit]:
        nonlocal locks
        locks += 1
        await overtake()  # while this server waits for the lock
        yield server.memory.commit

    monkeypatch.setattr(server.store, "exclusive", exclusive)
    server.store.fail("commit", *[after(overtake) for _ in range(100)])
    saved = await server.services.contents.save(ADA, server.spec_id, Save(" ".join(words).upper(), 1))
    assert saved["content"].count("WORD") == 4_000
    assert locks <= 2


async def test_an_old_operation_lets_others_commit_between_two_pages_of_the_log(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its base is older than the window, so the log is read for it: one page at a time."""
    monkeypatch.setattr(staging, "LOG_BYTES", 1)
    monkeypatch.setattr("jupyter_speccollab.document.window.OPERATIONS", 2)
    server = await serve("text")
    one, two = await server.client(), await server.client(BOB)
    for version in range(1, 41):
        await two.edit(version, insert(0, "y"))
        await two.until("operation_ack")
    one.unread()
    reads = 0
    operations = server.memory.operations

    async def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal reads
        reads += 1
        return await operations(*arguments, **named)

    monkeypatch.setattr(server.memory, "operations", counted)
    old = await one.edit(1, insert(4, "!"))
    await two.edit(41, insert(0, "now"))
    assert (await two.until("operation_ack"))["version"] == 42
    assert reads < 40
    ack = await one.until("operation_ack")
    assert (ack["operationId"], ack["version"]) == (old, 43)
    assert (await server.content()).endswith("text!")
