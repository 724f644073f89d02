"""The limits of threads as they are, also where several servers reach them at the same moment."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.document.thread_limits import MESSAGES, OPEN_THREADS
from jupyter_speccollab.errors import ThreadLimit
from jupyter_speccollab.service.threads import transitions, writing
from jupyter_speccollab.store.base import ThreadState
from tests.service.faults import BOB, Serve, Serving
from tests.service.threads.calls import comment, one, resolve, suggest


async def reply(server: Serving, thread_id: str) -> dict[str, Any]:
    return await server.services.messages.add(BOB, server.spec_id, thread_id, str(uuid4()), "x")


async def reopen(server: Serving, thread_id: str) -> dict[str, Any]:
    return await server.services.threads.set_state(BOB, server.spec_id, thread_id, ThreadState.OPEN)


async def test_five_hundred_threads_are_open(serve: Serve) -> None:
    """Closed ones don't count; they can't be opened again, by a reply neither, while there are so many."""
    server = await serve("The quick fox", writes_per_minute=10_000)
    assert OPEN_THREADS == 500
    closed = await comment(server, 4, 9)
    await resolve(server, closed)
    made = [await comment(server, 4, 9) for _ in range(OPEN_THREADS - 1)]
    made.append(await suggest(server, 4, 9, "slow"))
    for call in (
        comment(server, 4, 9),
        suggest(server, 4, 9, "red"),
        reopen(server, closed),
        reply(server, closed),
    ):
        with pytest.raises(ThreadLimit):
            await call
    await resolve(server, made[0])
    assert (await reply(server, closed))["state"] == "open"
    with pytest.raises(ThreadLimit):
        await reopen(server, made[0])
    counts = await server.memory.thread_counts([server.spec_id], BOB.user.user_id)
    assert counts[server.spec_id] == (OPEN_THREADS, 0)


async def test_a_thread_has_two_hundred_messages(serve: Serve) -> None:
    """Deleted ones count: they keep their places."""
    server = await serve("The quick fox", writes_per_minute=10_000)
    assert MESSAGES == 200
    thread_id = await comment(server, 4, 9)
    for _ in range(MESSAGES - 1):
        last = await reply(server, thread_id)
    await server.services.messages.delete(BOB, server.spec_id, last["messages"][-1]["messageId"])
    with pytest.raises(ThreadLimit):
        await reply(server, thread_id)
    assert len((await one(server, thread_id))["messages"]) == MESSAGES


async def test_two_servers_together_open_no_more(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "OPEN_THREADS", 5)
    server = await serve("The quick fox")
    other = await server.another()
    calls = [comment((server, other)[number % 2], 4, 9) for number in range(8)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(each, ThreadLimit) for each in outcomes) == 3
    assert len(await server.memory.threads(server.spec_id)) == 5


async def test_two_servers_together_add_no_more(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transitions, "MESSAGES", 5)
    server = await serve("The quick fox")
    other = await server.another()
    thread_id = await comment(server, 4, 9)
    calls = [reply((server, other)[number % 2], thread_id) for number in range(8)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(each, ThreadLimit) for each in outcomes) == 4
    assert len((await one(server, thread_id))["messages"]) == 5
