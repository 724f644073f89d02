"""The connection of an open WebSocket, on a transport of asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, SSLIOStream, StreamClosedError

from jupyter_speccollab.handlers.socket.stream_transport import StreamTransport
from jupyter_speccollab.service.presence.backpressure import LOW_WATER


def _ignore() -> None:
    pass


class SocketConnection(asyncio.Protocol):
    """Replaces the stream of Tornado's WebSocket, and delivers data as soon as it arrives.

    ``is_full``: more than `LOW_WATER` bytes are in the write buffer. ``on_data`` is called with received data,
    between `resume` and `pause`; ``on_writable`` when the connection is no longer full; ``on_lost`` once, when the
    connection is lost. The connection is closed until `take_over`, and stays closed if the client has left by then.
    """

    def __init__(self) -> None:
        self.io_loop = IOLoop.current()
        self.is_full = False
        self.on_data: Callable[[bytes], None] = lambda data: None
        self.on_writable = _ignore
        self.on_lost = _ignore
        self._is_closed = True
        self._transport: asyncio.Transport
        self._pending_writes: list[asyncio.Future[None]] = []

    async def take_over(self, stream: IOStream) -> bytes:
        """Take over the socket of a stream, which can't be used afterwards. Returns the data it had received.

        asyncio can't continue a TLS session that Tornado has begun, so a TLS stream is kept and read through
        `StreamTransport`.
        """
        with suppress(OSError):
            await stream.write(b"")  # waits until everything written before is sent
            if isinstance(stream, SSLIOStream):
                StreamTransport(stream, self)
                return b""
            connection = stream.socket.dup()
            early = cast("asyncio.Future[bytes]", stream.read_bytes(stream.max_buffer_size, partial=True))
            stream.close()  # ends the read if no data had arrived
            await asyncio.get_running_loop().connect_accepted_socket(lambda: self, connection)
            return early.result() if early.exception() is None else b""
        return b""

    @property
    def unsent_bytes(self) -> int:
        """The number of bytes in the write buffer."""
        return 0 if self._is_closed else self._transport.get_write_buffer_size()

    def send(self, *parts: bytes) -> None:
        """Write data; it is buffered as needed, and dropped if the connection is closed."""
        if not self._is_closed:
            for part in parts:
                self._transport.write(part)

    def write(self, data: bytes) -> asyncio.Future[None]:
        """Write data like a stream: the result is done when the connection is not full.

        Raises `StreamClosedError`.
        """
        if self._is_closed:
            raise StreamClosedError
        self._transport.write(data)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.is_full:
            self._pending_writes.append(done)
        else:
            done.set_result(None)
        return done

    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._is_closed

    def close(self) -> None:
        """Close the connection at once, and drop the write buffer."""
        if not self._is_closed:
            self._is_closed = True
            self._transport.abort()

    def pause(self) -> None:
        """Stop reading from the network."""
        self._transport.pause_reading()

    def resume(self) -> None:
        """Read from the network."""
        self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the transport. Nothing is read before `resume`."""
        self._is_closed = False
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=LOW_WATER, low=LOW_WATER)
        self._transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """Called by the transport."""
        self.on_data(data)

    def eof_received(self) -> None:
        """Called by the transport when the client has closed its half: close the other half, too."""
        self.close()

    def pause_writing(self) -> None:
        """Called by the transport."""
        self.is_full = True

    def resume_writing(self) -> None:
        """Called by the transport."""
        self.is_full = False
        pending, self._pending_writes = self._pending_writes, []
        for done in pending:
            if not done.done():
                done.set_result(None)
        self.on_writable()

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the transport."""
        self._is_closed = True
        for done in self._pending_writes:
            done.cancel()
        self.on_lost()
