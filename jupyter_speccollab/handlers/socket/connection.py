"""A line: the connection of a WebSocket once it is open, on one of asyncio's transports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, SSLIOStream, StreamClosedError

from jupyter_speccollab.handlers.socket.stream_transport import StreamTransport
from jupyter_speccollab.service.presence.backpressure import LOW_WATER


def _nothing() -> None:
    pass


class SocketConnection(asyncio.Protocol):
    """Stands where Tornado's WebSocket expects its stream, and hands on what comes as it comes.

    ``full``: more than `LOW_WATER` bytes wait for the network. ``on_data`` is called with what came, between
    `resume` and `pause`; ``on_room`` when it is full no more; ``on_lost`` once, when the connection is gone. A line
    is closed before `take_over`, and where that found the connection gone.
    """

    def __init__(self) -> None:
        self.io_loop = IOLoop.current()
        self.full = False
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_room = _nothing
        self.on_lost = _nothing
        self._is_closed = True
        self._transport: asyncio.Transport
        self._waiting: list[asyncio.Future[None]] = []

    async def take_over(self, stream: IOStream) -> bytes:
        """Go on with the connection of a stream, which is of no use after that; returns what came already.

        asyncio can't take over a TLS that Tornado has begun: that stream goes on below the line.
        """
        with suppress(OSError):
            await stream.write(b"")  # all that was written before is sent
            if isinstance(stream, SSLIOStream):
                StreamTransport(stream, self)
                return b""
            connection = stream.socket.dup()
            early = cast("asyncio.Future[bytes]", stream.read_bytes(stream.max_buffer_size, partial=True))
            stream.close()  # ends the reading where nothing came yet
            await asyncio.get_running_loop().connect_accepted_socket(lambda: self, connection)
            return early.result() if early.exception() is None else b""
        return b""

    @property
    def unsent(self) -> int:
        """How many bytes wait for the network."""
        return 0 if self._is_closed else self._transport.get_write_buffer_size()

    def send(self, *parts: bytes) -> None:
        """Send what the network takes, and the rest later; nothing where the connection is gone."""
        if not self._is_closed:
            for part in parts:
                self._transport.write(part)

    def write(self, data: bytes) -> asyncio.Future[None]:
        """As a stream's: done when the line is not full. Raises `StreamClosedError`."""
        if self._is_closed:
            raise StreamClosedError
        self._transport.write(data)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.full:
            self._waiting.append(done)
        else:
            done.set_result(None)
        return done

    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._is_closed

    def close(self) -> None:
        """End the connection at once, whatever waits."""
        if not self._is_closed:
            self._is_closed = True
            self._transport.abort()

    def pause(self) -> None:
        """Let what comes wait in the network."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Hand on what comes."""
        self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport's; nothing is read before `resume`."""
        self._is_closed = False
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=LOW_WATER, low=LOW_WATER)
        self._transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """The transport's."""
        self.on_data(data)

    def eof_received(self) -> None:
        """The transport's: a WebSocket of which one half is closed is of no use."""
        self.close()

    def pause_writing(self) -> None:
        """The transport's."""
        self.full = True

    def resume_writing(self) -> None:
        """The transport's."""
        self.full = False
        waiting, self._waiting = self._waiting, []
        for done in waiting:
            if not done.done():
                done.set_result(None)
        self.on_room()

    def connection_lost(self, error: Exception | None) -> None:
        """The transport's."""
        self._is_closed = True
        for done in self._waiting:
            done.cancel()
        self.on_lost()
