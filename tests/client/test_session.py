"""A session against a server that answers late, not at all, or several questions at once, in virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from jupyter_speccollab.client import session
from jupyter_speccollab.client.session import Session
from jupyter_speccollab.client.transport import ABNORMAL, Event
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.errors import TokenExpired
from tests.simulation.loop import VirtualLoop

WELCOME: Event = (
    "session_joined",
    {
        "specId": "",
        "sessionId": "first",
        "epoch": "",
        "version": 0,
        "content": "",
        "role": "contributor",
        "activeUsers": [],
        "limits": Limits().to_wire(),
    },
)
EXPIRED: Event = ("error", {"code": "TOKEN_EXPIRED", "message": "This token has expired.", "requestId": ""})
AUTHENTICATED: Event = ("authenticated", {"expiresAt": "2026-01-01T00:15:00Z"})


class Socket:
    """A connection whose other end is the test. It takes the place of a `Transport`."""

    def __init__(self) -> None:
        self.close_code = ABNORMAL
        self.is_closed = False
        self.sent: list[dict[str, Any]] = []
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()

    def send(self, frame: bytes) -> None:
        """A frame from the client."""
        self.sent.append(json.loads(frame))

    def hear(self, *events: Event) -> None:
        """Send events to the client."""
        for event in events:
            self._events.put_nowait(event)

    def close(self) -> None:
        """The client closes, or the connection breaks."""
        self.is_closed = True
        self._events.put_nowait(None)

    async def events(self) -> AsyncIterator[Event]:
        """What `hear` was given."""
        while (event := await self._events.get()) is not None:
            yield event


class Network:
    """Opens connections. Each takes ``delay`` seconds, and fails while ``is_down``."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.is_down = False
        self.is_answering = True
        self.tries: list[float] = []
        self.sockets: list[Socket] = []

    async def open(self, server: object, spec_id: str) -> Socket:
        """As `Transport.open`."""
        self.tries.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.delay)
        if self.is_down:
            raise ConnectionRefusedError
        self.sockets.append(Socket())
        if self.is_answering:
            self.sockets[-1].hear(WELCOME)
        return self.sockets[-1]

    @property
    def waits(self) -> list[int]:
        """Whole seconds between two tries."""
        return [round(later - earlier) for earlier, later in zip(self.tries, self.tries[1:], strict=False)]


class Server:
    """Remembers the tokens that it was given."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def authenticate(self, token: str) -> None:
        """Use this token from now on."""
        self.tokens.append(token)


Play = Callable[[Callable[[Session, Network, Server], Awaitable[None]]], None]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Runs a test with a new session in virtual time; every random number is one half."""
    loop, network, server = VirtualLoop(), Network(), Server()
    monkeypatch.setattr(session, "Transport", network)
    monkeypatch.setattr("random.random", lambda: 0.5)

    def run(test: Callable[[Session, Network, Server], Awaitable[None]]) -> None:
        async def main() -> None:
            of_server: Any = server
            client = Session(of_server, "", lambda: None, lambda change: None)
            async with asyncio.timeout(10_000):
                await test(client, network, server)
            await client.close()

        loop.run_until_complete(main())

    yield run
    loop.finish()


def test_a_join_without_an_answer_is_given_up_and_tried_again(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        await asyncio.sleep(10)
        network.is_answering = False
        network.sockets[0].close()
        await asyncio.sleep(20)
        assert (len(network.sockets), network.sockets[1].is_closed) == (2, False)
        network.is_answering = True
        await asyncio.sleep(15)
        assert (len(network.sockets), network.sockets[1].is_closed) == (3, True)
        assert client.is_connected
        assert network.waits == [11, 32]

    play(test)


def test_a_first_join_without_an_answer_is_an_error(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        network.is_answering = False
        with pytest.raises(ConnectionError):
            await client.joined
        assert asyncio.get_running_loop().time() == pytest.approx(30, abs=0.1)
        await asyncio.sleep(600)
        assert len(network.tries) == 1

    play(test)


def test_an_opening_that_takes_too_long_is_given_up(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        await asyncio.sleep(10)
        network.delay = 1_000.0
        network.sockets[0].close()
        await asyncio.sleep(100)
        assert network.waits == [11, 32, 34]
        assert len(network.sockets) == 1

    play(test)


def test_time_spent_connecting_is_not_time_held(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        await asyncio.sleep(10)
        network.delay, network.is_down = 20.0, True
        network.sockets[0].close()
        await asyncio.sleep(130)
        assert network.waits == [11, 22, 24, 28, 36]

    play(test)


def test_overlapping_authentications_get_their_own_answers(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        first = asyncio.create_task(client.authenticate("one"))
        second = asyncio.create_task(client.authenticate("two"))
        third = asyncio.create_task(client.authenticate("three"))
        await asyncio.sleep(1)
        socket = network.sockets[0]
        asked = [frame["data"]["token"] for frame in socket.sent if frame["event"] == "authenticate"]
        assert asked == ["one", "two", "three"]
        socket.hear(AUTHENTICATED, EXPIRED, AUTHENTICATED)
        await first
        with pytest.raises(TokenExpired):
            await second
        await third
        assert server.tokens == ["one", "three"]
        assert client.exchange.failure is None
        assert client.is_connected

    play(test)


def test_an_answer_whose_caller_has_stopped_waiting_is_not_given_to_the_next(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        first = asyncio.create_task(client.authenticate("one"))
        second = asyncio.create_task(client.authenticate("two"))
        await asyncio.sleep(1)
        first.cancel()
        await asyncio.sleep(1)
        network.sockets[0].hear(EXPIRED, AUTHENTICATED)
        await second
        assert server.tokens == ["two"]

    play(test)


def test_a_lost_connection_ends_all_authentications(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        calls = [asyncio.create_task(client.authenticate(token)) for token in ("one", "two")]
        await asyncio.sleep(1)
        network.sockets[0].close()
        await asyncio.gather(*calls)
        assert server.tokens == ["one", "two"]

    play(test)


def test_an_answer_owed_for_too_long_gives_the_connection_up(play: Play) -> None:
    async def test(client: Session, network: Network, server: Server) -> None:
        await client.joined
        entry = {"operationId": "theirs", "version": 2, "operations": []}  # version 1 is missing
        network.sockets[0].hear(("remote_operation", entry))
        await asyncio.sleep(29)
        assert not network.sockets[0].is_closed
        await asyncio.sleep(3)
        assert network.sockets[0].is_closed
        assert client.is_connected

    play(test)
