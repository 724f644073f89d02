"""What calls on threads cost: nobody has work done without end, and nothing is refused that takes no room."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest

from jupyter_speccollab.errors import QuotaExceeded, RateLimited
from jupyter_speccollab.service.threads import writing
from tests.service.faults import ADA, BOB, Serve, Serving, raising
from tests.service.threads.calls import comment, one


async def reply(server: Serving, thread_id: str, body: str, message_id: str = "") -> dict[str, Any]:
    messages, key = server.services.messages, message_id or str(uuid4())
    return await messages.add(BOB, server.spec_id, thread_id, key, body)


async def edit(server: Serving, message_id: str, body: str) -> dict[str, Any]:
    return await server.services.messages.edit(BOB, server.spec_id, message_id, body)


class TestMentions:
    async def test_they_are_looked_for_once_it_is_known_that_something_is_written(self, serve: Serve) -> None:
        """Not for a repeat, an edit that changes nothing, or what the limit of writes refuses."""
        server = await serve("The quick fox", writes_per_minute=2)
        body, answer = "Hello @ada, @bob", str(uuid4())
        thread_id = await comment(server, 4, 9, body=body)
        await reply(server, thread_id, body, answer)
        server.store.faults["users"] = [raising(AssertionError("looked up"))] * 9
        await reply(server, thread_id, body, answer)
        await edit(server, answer, body)
        for call in (reply(server, thread_id, f"{body}!"), edit(server, answer, f"{body}!")):
            with pytest.raises(RateLimited):
                await call
        with pytest.raises(RateLimited):
            await comment(server, 4, 9, body=body)

    async def test_a_repeat_that_overtakes_itself_costs_one_write(self, serve: Serve) -> None:
        server = await serve("The quick fox", writes_per_minute=3)
        thread_id = await comment(server, 4, 9)
        answer = str(uuid4())
        answers = await asyncio.gather(*(reply(server, thread_id, "Yes.", answer) for _ in range(2)))
        assert [len(each["messages"]) for each in answers] == [2, 2]
        await reply(server, thread_id, "One more write is left.")
        with pytest.raises(RateLimited):
            await reply(server, thread_id, "None is left.")


class TestRoom:
    async def test_what_takes_no_room_is_never_refused(self, serve: Serve) -> None:
        server = await serve("The quick fox", bytes_per_user=10_000)
        thread_id = await comment(server, 4, 9, body="x" * 9_000)
        with pytest.raises(QuotaExceeded):
            await reply(server, thread_id, "x" * 9_000)
        with pytest.raises(QuotaExceeded):
            await edit(server, thread_id, "y" * 10_000)
        assert (await edit(server, thread_id, "y" * 9_000))["messages"][0]["body"] == "y" * 9_000
        assert (await edit(server, thread_id, "short"))["messages"][0]["body"] == "short"
        await server.services.messages.delete(BOB, server.spec_id, thread_id)
        await server.services.threads.delete(BOB, server.spec_id, thread_id)

    @pytest.mark.parametrize(
        "body", ["", "\u00e9" * 100, "\U0001f98a" * 100], ids=["one byte", "two bytes", "four bytes"]
    )
    async def test_a_thread_takes_what_it_is_counted_for(self, serve: Serve, body: str) -> None:
        server = await serve("The quick fox")
        usage = (await server.memory.usage([ADA.user.user_id]))[ADA.user.user_id].bytes
        thread_id = await comment(server, 4, 9, body=f"Why? {body}")
        stored = await server.memory.thread(server.spec_id, thread_id)
        more = (await server.memory.usage([ADA.user.user_id]))[ADA.user.user_id].bytes - usage
        full = await serve("The quick fox", bytes_per_user=usage + more)
        await comment(full, 4, 9, body=f"Why? {body}")
        fuller = await serve("The quick fox", bytes_per_user=usage + more - 1)
        with pytest.raises(QuotaExceeded):
            await comment(fuller, 4, 9, body=f"Why? {body}")
        assert stored is not None


async def test_one_user_has_few_answers_in_memory(serve: Serve) -> None:
    """Others don't wait for them."""
    server = await serve("The quick fox")
    changing = server.services.threads.changing
    async with AsyncExitStack() as held:
        for _ in range(writing.CALLS):
            await held.enter_async_context(changing(BOB))
        waiting = asyncio.create_task(held.enter_async_context(changing(BOB)))
        async with changing(ADA):
            assert not waiting.done()
        waiting.cancel()
    async with changing(BOB):
        pass


async def test_a_long_thread_is_answered_whole(serve: Serve) -> None:
    server = await serve("The quick fox", writes_per_minute=1_000)
    thread_id = await comment(server, 4, 9, body="x" * 10_000)
    for number in range(30):
        await reply(server, thread_id, f"{number} " + "\u6f22" * 9_000)
    assert [message["body"].split(" ")[0] for message in (await one(server, thread_id))["messages"][1:]] == [
        str(number) for number in range(30)
    ]
