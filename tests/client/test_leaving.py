"""Leaving with edits that are not sent yet, in virtual time: how long a client waits, and what it keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from jupyter_speccollab.client import Progress, SpecClient
from jupyter_speccollab.client import live_spec as spec_module
from jupyter_speccollab.client import session as session_module
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.errors import Forbidden
from jupyter_speccollab.text import apply, from_wire
from tests.client.test_session import WELCOME, Network, Socket
from tests.simulation.loop import VirtualLoop

SPEC_ID = "6f1ad1f2-1d0c-4b0e-9a43-7b7f4c0a5d11"


class Server(Network):
    """A server with one document. ``answer`` makes the answer to an operation; ``None`` commits it."""

    def __init__(self) -> None:
        super().__init__()
        self.content = ""
        self.committed: list[str] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda data: None
        self.is_silent = False
        self.joins = 0

    async def open(self, server: object, spec_id: str) -> Socket:
        self.is_answering = False
        socket = await super().open(server, spec_id)
        socket.send = lambda frame: self._take(socket, json.loads(frame))  # type: ignore[method-assign]
        return socket

    def _take(self, socket: Socket, said: dict[str, Any]) -> None:
        if self.is_silent:
            return
        state = {"epoch": "", "version": len(self.committed), "content": self.content}
        match said["event"]:
            case "join_session":
                self.joins += 1
                socket.hear((WELCOME[0], WELCOME[1] | state))
            case "request_sync":
                socket.hear(("sync", state))
            case "operation":
                asyncio.get_running_loop().call_later(0.05, self._answer, socket, said["data"])

    def _answer(self, socket: Socket, data: dict[str, Any]) -> None:
        answer = self.answer(data)
        if answer is None:
            if data["operationId"] not in self.committed:
                self.content = apply(from_wire(data["operations"], len(self.content)), self.content)
                self.committed.append(data["operationId"])
            version = self.committed.index(data["operationId"]) + 1
            answer = {"success": True, "version": version}
        socket.hear(("operation_ack", {"operationId": data["operationId"], **answer}))


Play = Callable[[Callable[[Server], Awaitable[None]]], None]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Runs a test in virtual time, with clients of its own server."""
    loop, server = VirtualLoop(), Server()
    monkeypatch.setattr(session_module, "Transport", server)
    monkeypatch.setattr("random.random", lambda: 0.5)

    async def find(*_: object) -> dict[str, Any]:
        return {"specId": SPEC_ID, "title": "Churn"}

    monkeypatch.setattr(spec_module, "find", find)
    yield lambda test: loop.run_until_complete(test(server))  # type: ignore[arg-type]
    loop.finish()


def client(**options: Any) -> SpecClient:
    return SpecClient("http://127.0.0.1:9/", spec="Churn", **options)


def now() -> float:
    return asyncio.get_running_loop().time()


TEXT = "".join(f"line {number} of a long text\n" for number in range(40_000))


def test_leaving_waits_for_as_long_as_the_server_answers(play: Play) -> None:
    async def test(server: Server) -> None:
        async with client() as spec:
            await spec.insert(0, TEXT)
        assert server.content == TEXT
        assert len(server.committed) > 100
        assert now() > 4 * 15  # at 100 operations a minute it takes longer than any patience
        assert spec.unsent is None

    play(test)


def test_a_refusal_for_the_rate_is_an_answer(play: Play) -> None:
    async def test(server: Server) -> None:
        async with client() as spec:
            server.answer = lambda data: (
                {"success": False, "code": "RATE_LIMITED", "retryAfterMs": 40_000} if now() < 100 else None
            )
            await spec.insert(0, "text")
        assert server.content == "text"

    play(test)


def test_a_server_that_falls_silent_is_given_up_and_the_rest_is_kept_and_sent_later(play: Play) -> None:
    async def test(server: Server) -> None:
        spec = await client().connect()
        await spec.insert(0, TEXT)
        asyncio.get_running_loop().call_at(30, lambda: setattr(server, "is_silent", True))
        with pytest.raises(Disconnected) as caught:
            await spec.close()
        assert 45 <= now() < 47  # 15 seconds after the last answer
        left = len(TEXT) - len(server.content)
        message = str(caught.value)
        assert f"version {len(server.committed)} with {len(server.content):,} characters" in message
        assert f"{left:,} characters to insert" in message
        assert "connect()" in message
        assert spec.content == TEXT
        assert (spec.progress.inserted, spec.progress.deleted) == (left, 0)
        server.is_silent = False
        async with spec:
            pass
        assert server.content == TEXT
        assert spec.progress == Progress()

    play(test)


def test_an_edit_whose_acknowledgement_was_lost_is_not_made_twice(play: Play) -> None:
    async def test(server: Server) -> None:
        spec = await client().connect()
        await spec.insert(0, "once ")
        server.sockets[0].hear = lambda *events: None  # type: ignore[method-assign]
        with pytest.raises(Disconnected):
            await spec.close()
        assert server.content == spec.content == "once "
        assert spec.progress.operations == 1
        async with spec:
            await spec.append("and again")
        assert server.content == "once and again"

    play(test)


def test_going_on_may_be_given_up_and_tried_again(play: Play) -> None:
    async def test(server: Server) -> None:
        spec = await client().connect()
        server.is_silent = True
        await spec.insert(0, "text")
        with pytest.raises(Disconnected):
            await spec.close()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await spec.connect()
        with pytest.raises(Disconnected, match="closed"):
            await spec.append("!")
        assert spec.content == "text"
        server.is_silent = False
        async with spec:
            await spec.append("!")
        assert server.content == "text!"

    play(test)


@pytest.mark.parametrize("code", ["STORE_UNAVAILABLE", "INTERNAL"])
def test_a_server_that_can_not_store_is_given_up(play: Play, code: str) -> None:
    async def test(server: Server) -> None:
        server.answer = lambda data: {"success": False, "code": code, "message": "", "retryAfterMs": 2_000}
        with pytest.raises(Disconnected):
            async with client() as spec:
                await spec.insert(0, "text")
        assert spec.content == "text"
        assert spec.progress == Progress(4, 0, 1)

    play(test)


def test_a_server_that_drops_each_connection_is_given_up(play: Play) -> None:
    async def test(server: Server) -> None:
        def drop(data: dict[str, Any]) -> dict[str, Any]:
            server.sockets[-1].close()
            return {"operationId": "nobody's", "success": True, "version": 0}

        spec = await client(patience=100).connect()
        server.answer = drop
        await spec.insert(0, "text")
        with pytest.raises(Disconnected):
            await spec.close()
        assert server.joins > 3

    play(test)


def test_progress_is_told_until_nothing_is_left(play: Play) -> None:
    async def test(server: Server) -> None:
        told: list[Progress] = []
        async with client(on_progress=told.append) as spec:
            await spec.insert(0, TEXT[:100_000])
            assert spec.progress.inserted == 100_000
        assert told[0].operations >= len(server.committed) - 1
        assert [each.inserted for each in told] == sorted((each.inserted for each in told), reverse=True)
        assert told[-1] == Progress()

    play(test)


def test_an_error_that_ends_the_session_says_what_is_kept(play: Play) -> None:
    async def test(server: Server) -> None:
        refusal = {"success": False, "code": "FORBIDDEN", "message": "You may not."}
        server.answer = lambda data: refusal if len(server.committed) == 3 else None
        with pytest.raises(Forbidden) as caught:
            async with client() as spec:
                await spec.insert(0, TEXT[:100_000])
        assert "version 3" in caught.value.__notes__[0]
        assert "`unsent`" in caught.value.__notes__[0]
        assert spec.content == TEXT[:100_000]

    play(test)


def test_an_error_of_the_caller_stays_and_tells_of_unsent_edits(play: Play) -> None:
    async def test(server: Server) -> None:
        async def script() -> None:
            async with client() as spec:
                server.is_silent = True
                await spec.insert(0, "text")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError) as caught:
            await script()
        assert "4 characters to insert" in caught.value.__notes__[0]

    play(test)
