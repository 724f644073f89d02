"""Long texts are compared while the event loop goes on, and nothing that comes meanwhile is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.client import live_spec as spec_module
from jupyter_speccollab.client import session as session_module
from jupyter_speccollab.client.comparison import Comparisons
from jupyter_speccollab.client.sync.meanwhile import SHORT
from jupyter_speccollab.client.transport import Event
from jupyter_speccollab.text import Operation, apply, diff
from tests.client.test_session import WELCOME, Network, Socket

TURNS = 20
"""Turns of the event loop that a comparison in a thread lets through at the least; one in place lets none."""


def long_text() -> list[str]:
    """Lines of together a million characters."""
    random = Random(1)
    return [" ".join(f"w{random.randrange(9_999):04}" for _ in range(8)) for _ in range(20_000)]


def rewritten(lines: list[str]) -> str:
    """The text with every second line changed."""
    return "\n".join(line if number % 2 else line.replace("1", "x") for number, line in enumerate(lines))


async def turns_during(work: Awaitable[Any], each: Callable[[int], object] = lambda turn: None) -> int:
    """How many turns the event loop makes until ``work`` is done; ``each`` is called in each of them."""
    task, turns = asyncio.ensure_future(work), 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
        each(turns)
    await task
    return turns


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """Connections whose other end is the test."""
    network = Network()
    monkeypatch.setattr(session_module, "Transport", network)
    monkeypatch.setattr("jupyter_speccollab.client.reconnect.backoff", lambda attempt, chance: 0.01)

    async def find(*_: object) -> dict[str, Any]:
        return {"specId": "", "title": "Churn"}

    monkeypatch.setattr(spec_module, "find", find)
    return network


@asynccontextmanager
async def client_of(network: Network, content: str) -> AsyncIterator[SpecClient]:
    """A client that has joined a spec with this text at version 1."""
    network.is_answering = False
    spec = SpecClient("http://127.0.0.1:9/", spec="Churn", patience=0.01)
    joining = asyncio.create_task(spec.connect())
    await _answer_join(network, content, 1, "first")
    await joining
    try:
        yield spec
    finally:
        assert spec._session is not None
        await spec._session.close()


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 (nothing tells of what the client does)
        await asyncio.sleep(0.001)


async def _answer_join(network: Network, content: str, version: int, epoch: str) -> Socket:
    """Answer the next connection's join with this text."""
    known = len(network.sockets)
    await _until(lambda: len(network.sockets) > known)
    socket = network.sockets[-1]
    socket.hear((WELCOME[0], WELCOME[1] | {"content": content, "version": version, "epoch": epoch}))
    return socket


def typed(version: int, position: int, text: str) -> Event:
    """Another user's insert."""
    components = [{"type": "insert", "position": position, "content": text}]
    data = {"operationId": f"theirs {version}", "version": version, "operations": components}
    return "remote_operation", {**data, "userId": "bob", "userName": "Bob"}


async def test_the_loop_goes_on_while_long_texts_are_compared(network: Network) -> None:
    lines = long_text()
    async with client_of(network, "\n".join(lines)) as spec:
        assert await turns_during(spec.set_content(rewritten(lines))) > TURNS
        assert spec.content == rewritten(lines)


async def test_what_is_typed_while_a_text_is_set_stays(network: Network) -> None:
    lines = long_text()
    before, after = "\n".join(lines), rewritten(lines)
    async with client_of(network, before) as spec:
        changes = spec.changes()

        own: list[asyncio.Task[None]] = []

        def each(turn: int) -> None:
            if turn in (2, 5, 9):
                network.sockets[0].hear(typed(2 + turn // 4, 0, f"<theirs {turn}>"))
            if turn == 3:
                own.append(asyncio.create_task(spec.append("<mine>")))

        await turns_during(spec.set_content(after), each)
        await own[0]
        assert [(await anext(changes)).version for _ in range(3)] == [2, 3, 4]
        assert spec.content == f"<theirs 9><theirs 5><theirs 2>{after}<mine>"
        assert spec.version == 4


async def test_two_texts_set_at_once_are_both_taken(network: Network) -> None:
    lines = long_text()
    before = "\n".join(lines)
    async with client_of(network, before) as spec:
        await asyncio.gather(
            spec.set_content("<one>" + "z" * 2 * SHORT + before), spec.set_content(before + "<two>" * SHORT)
        )
        assert spec.content == "<one>" + "z" * 2 * SHORT + before + "<two>" * SHORT


@pytest.mark.parametrize("epoch", ["first", "another"])
async def test_a_merge_with_the_servers_text_loses_nothing_and_holds_nobody_up(
    network: Network, epoch: str
) -> None:
    """The server's text comes as a whole; meanwhile this client and others edit."""
    lines = long_text()
    before = "\n".join(lines)
    theirs = "\n".join(["theirs", *lines[:5_000], *lines[6_000:]])
    async with client_of(network, before) as spec:
        spec._joined().exchange._sending.size_limit = 500
        await spec.set_content(rewritten(lines))
        changes = spec.changes()
        shown = spec.content
        network.sockets[0].close()
        socket = await _answer_join(network, theirs, 50, epoch)
        if epoch == "first":  # it asks first whether the operation in flight was committed
            await _until(lambda: any(frame["event"] == "operation" for frame in socket.sent))
            (asked,) = (frame["data"] for frame in socket.sent if frame["event"] == "operation")
            refusal = {"operationId": asked["operationId"], "success": False, "code": "FORBIDDEN"}
            socket.hear(
                ("operation_ack", refusal), ("sync", {"epoch": epoch, "version": 50, "content": theirs})
            )
        socket.hear(typed(51, 0, "<later>"), typed(52, 0, "<last>"))
        mine = 0

        def each(turn: int) -> None:
            nonlocal mine, shown
            if spec.version < 50 and spec._joined().exchange.is_recovering and mine < 3:
                mine += 1
                operation = Operation.of(len(shown), f"<mine {mine}>")
                spec._joined().exchange.edit(operation)
                shown = apply(operation, shown)

        turns = await turns_during(spec.wait_for(lambda _: spec.version == 52), each)
        assert turns > TURNS
        assert mine == 3
        for _ in range(3):
            shown = apply((await anext(changes)).operation, shown)
        assert spec.content == shown
        assert spec.content.startswith("<last><later>")
        assert "theirs" in spec.content
        assert spec.content.endswith("<mine 1><mine 2><mine 3>")
        pending = spec.unsent
        assert pending is not None
        assert spec._replica().text == spec._replica().committed.apply(pending)
        kept = rewritten(lines).split("\n")
        assert kept[0] in spec.content
        assert kept[-2] in spec.content


async def test_no_change_is_lost_whenever_it_comes() -> None:
    random = Random(7)
    for _ in range(20):
        before = "".join(random.choice("ab \n") for _ in range(SHORT))
        after = "".join(random.choice("cd \n") for _ in range(SHORT))
        comparisons, text, marks = Comparisons(), before, 0
        task = asyncio.create_task(comparisons.diff(before, after))
        while not task.done():
            await asyncio.sleep(0)
            if not task.done() and marks < 30 and random.random() < 0.5:
                marks += 1
                place = random.randint(0, len(text))
                change = Operation.of(place, chr(0x100 + marks))
                text = apply(change, text)
                comparisons.note_change(change)
        result = apply(await task, text)
        assert {chr(0x100 + mark) for mark in range(1, marks + 1)} == {each for each in result if each > "z"}
        if not marks:
            assert result == after


def test_what_was_computed_is_the_same_as_in_place() -> None:
    lines = long_text()[:500]
    before, after = "\n".join(lines), rewritten(lines)
    assert asyncio.run(Comparisons().diff(before, after)) == diff(before, after)
