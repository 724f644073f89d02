"""The WebSocket protocol on a minimal server, over TCP and over TLS."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import struct
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import trustme
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, WebSocketProtocol13

from jupyter_speccollab.handlers.socket.connection import SocketConnection
from jupyter_speccollab.handlers.socket.frame_turns import FrameTurns
from jupyter_speccollab.handlers.socket.frames import text_frame
from jupyter_speccollab.handlers.socket.protocol import FRAMES_PER_ITERATION, SocketProtocol
from tests.handlers.socket.test_frames import frame

PATIENCE = 10.0


class Said:
    """The messages and closes that the server received, and its reaction to messages."""

    def __init__(self) -> None:
        self.messages: list[str | bytes] = []
        self.ended: list[tuple[int | None, str | None]] = []
        self.handlers: list[Any] = []
        self.work: Callable[[str], Awaitable[None] | None] = lambda message: None
        self.changed = asyncio.Event()

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def of(self, count: int) -> list[str | bytes]:
        await self.until(lambda: len(self.messages) >= count)
        return self.messages

    async def end(self) -> tuple[int | None, str | None]:
        await self.until(lambda: self.ended)
        (one,) = self.ended
        return one


class Listener(WebSocketHandler):
    """A handler that opens like `SpecSocket`."""

    connection: SocketConnection

    def initialize(self, said: Said) -> None:
        self.said = said

    def get_websocket_protocol(self) -> SocketProtocol | None:
        stock = super().get_websocket_protocol()
        assert isinstance(stock, WebSocketProtocol13)
        return SocketProtocol(stock, FrameTurns(), "ada")

    @property
    def max_message_size(self) -> int:
        return 100_000

    async def open(self) -> None:
        assert isinstance(self.ws_connection, SocketProtocol)
        self.connection = await self.ws_connection.take_over_connection()
        self.said.handlers.append(self)
        self.said.changed.set()

    def on_message(self, message: str | bytes) -> Awaitable[None] | None:
        self.said.messages.append(message)
        self.said.changed.set()
        return self.said.work(str(message))

    def on_close(self) -> None:
        self.said.ended.append((self.close_code, self.close_reason))
        self.said.changed.set()


class Client:
    """The client's end, in bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read(self) -> tuple[int, bytes] | None:
        """The next frame as opcode and payload; ``None`` when the connection is closed."""
        async with asyncio.timeout(PATIENCE):
            try:
                first, length = await self.reader.readexactly(2)
                if length == 126:
                    (length,) = struct.unpack("!H", await self.reader.readexactly(2))
                elif length == 127:
                    (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
                return first & 15, await self.reader.readexactly(length)
            except (asyncio.IncompleteReadError, ConnectionError):
                return None


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["TCP", "TLS"])
def tls(
    request: pytest.FixtureRequest, authority: trustme.CA
) -> tuple[ssl.SSLContext, ssl.SSLContext] | None:
    """The TLS contexts of server and client."""
    if request.param == "TCP":
        return None
    server, client = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.fixture
def said() -> Said:
    return Said()


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
def connect(
    said: Said,
    tls: tuple[ssl.SSLContext, ssl.SSLContext] | None,
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> Iterator[Connect]:
    """Opens a WebSocket. ``early`` is sent with the request, before the response."""
    writers = []
    listening, port = bind_unused_port()

    async def serve() -> HTTPServer:
        application = Application([("/", Listener, {"said": said})])
        server = HTTPServer(application, ssl_options=None if tls is None else tls[0])
        server.add_socket(listening)
        return server

    async def connected(early: bytes = b"") -> Client:
        options: dict[str, Any] = {} if tls is None else {"ssl": tls[1], "server_hostname": "localhost"}
        reader, writer = await asyncio.open_connection("127.0.0.1", port, **options)
        writers.append(writer)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        writer.write("\r\n".join(lines).encode() + early)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 ")
        return Client(reader, writer)

    async def stop() -> None:
        for writer in writers:
            writer.transport.abort()
        server.stop()
        await server.close_all_connections()

    server = jp_asyncio_loop.run_until_complete(serve())
    yield connected
    jp_asyncio_loop.run_until_complete(stop())


async def test_messages_come_in_order_and_answers_go_back(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.write(frame(0x81, b"eins") + frame(0x81, "zwéi 🙂".encode()) + frame(0x82, b"\xff"))
    assert await said.of(3) == ["eins", "zwéi 🙂", b"\xff"]
    said.handlers[0].connection.send(text_frame(b"answer"))
    assert await client.read() == (1, b"answer")


async def test_what_came_with_the_handshake_is_taken(said: Said, connect: Connect) -> None:
    client = await connect(early=frame(0x81, b"early") + frame(0x81, b"half")[:7])
    assert await said.of(1) == ["early"]
    client.writer.write(frame(0x81, b"half")[7:])
    assert await said.of(2) == ["early", "half"]


async def test_the_next_message_waits_for_the_work_of_the_one_before(said: Said, connect: Connect) -> None:
    may_go_on = asyncio.Event()

    async def work() -> None:
        await may_go_on.wait()

    said.work = lambda message: work() if message == "slow" else None
    client = await connect()
    client.writer.write(frame(0x81, b"slow") + frame(0x81, b"quick"))
    await client.writer.drain()
    client.writer.write(frame(0x81, b"last"))
    await said.of(1)
    await asyncio.sleep(0.1)
    assert said.messages == ["slow"]
    may_go_on.set()
    assert await said.of(3) == ["slow", "quick", "last"]


@pytest.mark.parametrize("goodbye", [b"", frame(0x88, struct.pack("!H", 1001) + b"away")])
async def test_what_came_before_the_end_is_taken(said: Said, connect: Connect, goodbye: bytes) -> None:
    async def work() -> None:
        await asyncio.sleep(0.05)

    said.work = lambda message: work() if message == "slow" else None
    client = await connect()
    many = [f"{number}" for number in range(3 * FRAMES_PER_ITERATION)]
    texts = ["slow", *many, "slow", *many]
    client.writer.write(b"".join(frame(0x81, text.encode()) for text in texts) + goodbye)
    client.writer.close()
    assert await said.end() == ((1001, "away") if goodbye else (None, None))
    assert said.messages == texts


async def test_what_came_is_taken_though_the_answers_find_nobody(said: Said, connect: Connect) -> None:
    """The server notices the lost connection when it writes, while received messages are still waiting."""

    async def work() -> None:
        for _ in range(20):
            await asyncio.sleep(0.01)
            said.handlers[0].connection.send(text_frame(b"x" * 1_000))

    said.work = lambda message: work() if message == "slow" else None
    client = await connect()
    client.writer.write(frame(0x81, b"slow") + frame(0x81, b"after"))
    await said.of(1)
    client.writer.transport.abort()
    await said.end()
    assert said.messages == ["slow", "after"]


@pytest.mark.parametrize("data", [b"\x81\x01x", b"\x89\x00", b"\x81\x00", b"\xff"])
async def test_a_short_broken_frame_is_answered_though_nothing_follows(connect: Connect, data: bytes) -> None:
    client = await connect()
    client.writer.write(data)
    opcode, payload = await client.read() or (0, b"")
    assert opcode == 8
    assert struct.unpack("!H", payload[:2]) == (1002,)
    assert await client.read() is None


async def test_a_flood_lets_others_have_their_turn(said: Said, connect: Connect) -> None:
    one, other = await connect(), await connect()
    flood = frame(0x81, b"f") * 200
    heard_after: list[int] = []

    def work(message: str) -> None:
        if message == "other":
            heard_after.append(len(said.messages))
        elif len(said.messages) == 1:
            other.writer.write(frame(0x81, b"other"))

    said.work = work
    one.writer.write(flood)
    await said.of(201)
    assert heard_after[0] < 150


async def test_nobody_writes_beyond_what_a_client_reads(said: Said, connect: Connect) -> None:
    client = await connect()
    await said.until(lambda: said.handlers)
    connection = said.handlers[0].connection
    rooms: list[int] = []
    connection.on_writable = lambda: rooms.append(connection.unsent_bytes)
    sent = 0
    while not connection.is_full:
        connection.send(text_frame(b"x" * 60_000))
        sent += 1
        await asyncio.sleep(0)
    waits = connection.write(text_frame(b"last"))
    await asyncio.sleep(0.05)
    assert (connection.is_full, waits.done(), rooms) == (True, False, [])
    for _ in range(sent):
        assert await client.read() == (1, b"x" * 60_000)
    assert await client.read() == (1, b"last")
    await asyncio.wait_for(waits, PATIENCE)
    assert (connection.is_full, len(rooms)) == (False, 1)


async def test_the_server_says_goodbye_and_waits_for_the_answer(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.write(frame(0x81, b"hello"))
    await said.of(1)
    said.handlers[0].close(4400, "enough")
    assert await client.read() == (8, struct.pack("!H", 4400) + b"enough")
    assert said.ended == []
    client.writer.write(frame(0x88, struct.pack("!H", 4400)))
    assert await said.end() == (4400, None)
    assert await client.read() is None


async def test_a_client_says_goodbye_and_is_answered(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.write(frame(0x88, struct.pack("!H", 1000) + b"bye"))
    assert await client.read() == (8, struct.pack("!H", 1000))
    assert await client.read() is None
    assert await said.end() == (1000, "bye")


async def test_a_ping_is_answered_among_messages(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.write(frame(0x01, b"in ") + frame(0x89, b"there?") + frame(0x80, b"pieces"))
    assert await client.read() == (10, b"there?")
    assert await said.of(1) == ["in pieces"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(frame(0x81, b"bare", key=None), 1002), (frame(0x81, b"x" * 100_001)[:20], 1009)],
)
async def test_what_is_no_frame_ends_the_connection(
    said: Said, connect: Connect, data: bytes, code: int
) -> None:
    client = await connect()
    client.writer.write(frame(0x81, b"before") + data)
    answer = await client.read()
    assert answer is not None
    assert (answer[0], answer[1][:2]) == (8, struct.pack("!H", code))
    assert await client.read() is None
    await said.end()
    assert said.messages == ["before"]


async def test_half_a_connection_is_none(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.write(frame(0x81, b"all"))
    if client.writer.can_write_eof():
        client.writer.write_eof()
    else:
        client.writer.close()  # TLS has no half-closed connections
    await said.end()
    assert said.messages == ["all"]


async def test_who_is_gone_right_after_the_handshake_is_noticed(said: Said, connect: Connect) -> None:
    client = await connect()
    client.writer.transport.abort()
    await said.end()
