"""A transport of asyncio on a stream of Tornado, for TLS connections."""

from __future__ import annotations

import asyncio
from typing import Final

from tornado.iostream import IOStream, StreamClosedError

from jupyter_speccollab.background import in_background

READ_SIZE: Final = 64 * 1024
"""Bytes that are read at once."""


class StreamTransport(asyncio.Transport):
    """Reads and writes a stream for a protocol of asyncio. It has the methods that `SocketConnection` calls."""

    def __init__(self, stream: IOStream, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._stream = stream
        self._protocol = protocol
        self._unsent_bytes = 0
        self._high_water = READ_SIZE
        self._is_full = False
        self._may_read = asyncio.Event()
        protocol.connection_made(self)
        self._reading = in_background(self._read(), "read a WebSocket")

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set one limit, ``high``, for both."""
        self._high_water = READ_SIZE if high is None else high

    def get_write_buffer_size(self) -> int:
        """The number of bytes in the write buffer."""
        return self._unsent_bytes

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write data; it is dropped if the stream is closed."""
        try:
            written = self._stream.write(bytes(data))
        except StreamClosedError:
            return
        self._unsent_bytes += len(data)
        written.add_done_callback(lambda _: self._sent(len(data)))
        if self._unsent_bytes > self._high_water and not self._is_full:
            self._is_full = True
            self._protocol.pause_writing()

    def pause_reading(self) -> None:
        """Stop reading. Call this before the first read, or from ``data_received``."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Continue reading."""
        self._may_read.set()

    def abort(self) -> None:
        """Close the connection at once."""
        self._stream.close()
        self._may_read.set()  # lets the reading task notice the close

    def _sent(self, size: int) -> None:
        self._unsent_bytes -= size
        if self._is_full and self._unsent_bytes <= self._high_water:
            self._is_full = False
            self._protocol.resume_writing()

    async def _read(self) -> None:
        try:
            while True:
                await self._may_read.wait()
                self._protocol.data_received(await self._stream.read_bytes(READ_SIZE, partial=True))
        except StreamClosedError:
            self._protocol.connection_lost(None)
        except Exception as error:  # nothing would be read any more, and the client would wait
            self._stream.close()
            self._protocol.connection_lost(error)
            raise
