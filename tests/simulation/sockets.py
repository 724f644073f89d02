"""The simulated ends of a WebSocket: what the client's `Link` holds, and what the server's handler is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import msgspec

from jupyter_speccollab.client.transport import ABNORMAL, Event
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.handlers.public_error import public_error
from jupyter_speccollab.handlers.socket import outbox
from jupyter_speccollab.handlers.socket.flush_queue import FlushQueue
from jupyter_speccollab.handlers.socket.handler import INTERNAL_ERROR
from jupyter_speccollab.handlers.socket.outbox import SocketOutbox
from jupyter_speccollab.service.presence import backpressure
from jupyter_speccollab.service.sessions.conversation import Conversation

from .frames import payloads
from .network import Network, Wire
from .server import Server
from .stream import Stream

PATIENCE: Final = (2.0, 5.0, 10.0, 40.0)
"""Seconds after which an end finds out that the other is gone, of which nothing tells it."""

GOODBYE: Final = 5.0
"""Seconds that a server waits for the answer to its close frame."""

REQUEST: Final = "simulated"


class Closed:
    """A close frame."""

    def __init__(self, code: int) -> None:
        self.code = code


class ClientSocket:
    """The client's end; it has the shape of `jupyter_speccollab.client.transport.Connection`."""

    def __init__(self, stream: Stream) -> None:
        self.close_code = ABNORMAL
        self.is_open = True
        self.stream = stream
        self.up: Wire | None = None
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()

    def send(self, frame: bytes) -> None:
        """Send a frame, if the connection is open."""
        if self.is_open and self.up is not None:
            self.stream.said(frame)
            self.up.send(frame)

    async def events(self) -> AsyncIterator[Event]:
        """What the server says, until the connection is closed."""
        while (event := await self._events.get()) is not None:
            yield event

    def close(self) -> None:
        """Say goodbye."""
        if self.is_open and self.up is not None:
            self.up.send(Closed(1000))
        self.lost()

    def lost(self) -> None:
        """The connection is found to be gone."""
        if self.is_open:
            self.is_open = False
            self._events.put_nowait(None)

    def arrived(self, thing: Any) -> None:
        """Something came down the wire: events of one frame, or a close frame."""
        if not self.is_open:
            return
        if isinstance(thing, Closed):
            self.close_code = thing.code
            self.close()
            return
        for event in thing:
            self.stream.heard(event["event"], event["data"])
            self._events.put_nowait((event["event"], event["data"]))


class _ServerLine:
    """What `SocketOutbox` writes to: a stand-in for `SocketConnection`. What was sent waits until it has arrived.

    Of each write no more is counted than a piece should have: one event may be as large as a document.
    """

    def __init__(self, socket: ServerSocket) -> None:
        self.unsent_bytes = 0
        self._counted = 0
        self.on_writable: Callable[[], None] = lambda: None
        self._socket = socket

    @property
    def is_full(self) -> bool:
        return self.unsent_bytes > backpressure.LOW_WATER

    def send(self, *parts: bytes) -> None:
        """Send frames."""
        data = b"".join(parts)
        socket = self._socket
        if not socket.is_open:
            return
        socket.stream.waits(self._counted - backpressure.LOW_WATER - 2 * outbox.WRITE_SIZE)
        self.unsent_bytes += len(data)
        self._counted += min(len(data), outbox.WRITE_SIZE)
        frames = [msgspec.json.decode(payload) for payload in payloads(data)]
        for number, frame in enumerate(frames):
            events = frame if isinstance(frame, list) else [frame]
            for event in events:
                socket.stream.promised(event["event"], event["data"])
            last = number == len(frames) - 1
            socket.down.send(events, (lambda: self._arrived(len(data))) if last else None)

    def _arrived(self, size: int) -> None:
        process = self._socket.process
        was_full = self.is_full
        self.unsent_bytes -= size
        self._counted -= min(size, outbox.WRITE_SIZE)
        if was_full and not self.is_full and process.alive:
            process.call(self.on_writable)


class ServerSocket:
    """The server's end: does what `jupyter_speccollab.handlers.socket.handler.SpecSocket` does, without Tornado."""

    def __init__(
        self, server: Server, user: User, role: Role, spec_id: str, down: Wire, stream: Stream
    ) -> None:
        assert server.process is not None
        self.is_open = True
        self.server = server
        self.down = down
        self.stream = stream
        self.process = server.process
        self.conversation: Conversation | None = None
        self.outbox = SocketOutbox(_ServerLine(self), FlushQueue(), self._end)  # type: ignore[arg-type]
        self._user, self._role, self._spec_id = user, role, spec_id
        self._frames: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def serve(self) -> None:
        """Let the user in, and take frames one after the other."""
        try:
            await self.server.admit(self._user, self._spec_id)
        except Exception as error:
            self._refuse(public_error(error, REQUEST))
            return
        self.conversation = Conversation(
            self.server.documents, self._spec_id, Caller(self._user, most=self._role), self.outbox
        )
        self.conversation.tell("connect", self._greeting())
        while (frame := await self._frames.get()) is not None:
            if not self.outbox.closed and (work := self._take(self.conversation, frame.decode())) is not None:
                await work

    def arrived(self, thing: Any) -> None:
        """A frame came up the wire."""
        if not self.process.alive:
            return
        if isinstance(thing, Closed):
            self.lost()
        elif self.is_open:
            self._frames.put_nowait(thing)

    def lost(self) -> None:
        """The connection is found to be gone; frames that had come in before are still taken."""
        if self.is_open and self.process.alive:
            self.is_open = False
            self.process.call(self._closed)

    def _closed(self) -> None:
        if self.conversation is not None:
            self.conversation.lost()
        self._frames.put_nowait(None)

    def _take(self, conversation: Conversation, frame: str) -> Awaitable[None] | None:
        try:
            work = conversation.take(frame)
        except Exception as error:
            conversation.fail(public_error(error, REQUEST), REQUEST)
            return None
        return None if work is None else self._finish(conversation, work)

    async def _finish(self, conversation: Conversation, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            conversation.fail(public_error(error, REQUEST), REQUEST)
        if not self.is_open:
            conversation.lost()

    def _refuse(self, error: SpecCollabError) -> None:
        self._end(error.close_code or INTERNAL_ERROR, error.message)

    def _end(self, code: int, reason: str) -> None:
        if self.is_open:
            self.down.send(Closed(code))
            self.server.network.loop.call_later(GOODBYE, self.lost)

    def _greeting(self) -> dict[str, object]:
        return {
            "specId": self._spec_id,
            "userId": self._user.user_id,
            "userName": self._user.name,
            "timestamp": iso(self.server.clock()),
            "protocol": 1,
        }


class SocketConnection:
    """A WebSocket between a client and a server, and the ways in which it may break."""

    def __init__(self, network: Network, client: ClientSocket, server: ServerSocket, up: Wire) -> None:
        self.client = client
        self.server = server
        self._network = network
        self._up = up

    def cut(self) -> str:
        """Break it in one of the ways in which connections break; returns which."""
        rng = self._network.rng
        kind = rng.choice(["both see it", "client is away", "server is away", "black hole", "deaf", "mute"])
        heard, seen = rng.expovariate(5.0), rng.expovariate(5.0)
        if kind != "deaf":
            self._up.cut()
        if kind != "mute":
            self.server.down.cut()
        patience = rng.choice(PATIENCE)
        if kind in ("client is away", "black hole"):
            seen += patience
        if kind in ("server is away", "black hole", "deaf", "mute"):
            heard += patience
        self._network.later(heard, self.client.lost)
        self._network.later(seen, self.server.lost)
        return kind

    def reset(self) -> None:
        """The server's process is gone: the client is told soon, or finds out by itself."""
        self._up.cut()
        rng = self._network.rng
        if rng.random() < 0.5:
            self.server.down.cut()
        is_told = rng.random() < 0.8
        self._network.later(rng.expovariate(5.0) if is_told else rng.choice(PATIENCE), self.client.lost)


def connect(
    server: Server,
    user: User,
    role: Role,
    spec_id: str,
    stream: Stream,
    opened: Callable[[SocketConnection], None],
) -> ClientSocket:
    """Open a WebSocket to a server that is up."""
    network = server.network
    client = ClientSocket(stream)
    down = Wire(network, client.arrived)
    assert server.process is not None
    socket = server.process.call(ServerSocket, server, user, role, spec_id, down, stream)
    client.up = Wire(network, socket.arrived)
    opened(SocketConnection(network, client, socket, client.up))
    server.process.spawn(socket.serve())
    return client
