"""A transport on a Tornado stream: for what asyncio can't speak by itself."""

from __future__ import annotations

import asyncio
from typing import Final

from tornado.iostream import IOStream, StreamClosedError

CHUNK: Final = 64 * 1024
"""Bytes that are read at once."""


class StreamTransport(asyncio.Transport):
    """Reads and writes a stream for an asyncio protocol: as much of a transport as `SocketConnection` uses."""

    def __init__(self, stream: IOStream, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._stream = stream
        self._protocol = protocol
        self._unsent = 0
        self._most = CHUNK
        self._is_full = False
        self._may_read = asyncio.Event()
        protocol.connection_made(self)
        self._reading = asyncio.create_task(self._read())

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """One limit, ``high``, for both."""
        self._most = CHUNK if high is None else high

    def get_write_buffer_size(self) -> int:
        """In bytes."""
        return self._unsent

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """As any transport's: what can't be written any more is dropped."""
        try:
            written = self._stream.write(bytes(data))
        except StreamClosedError:
            return
        self._unsent += len(data)
        written.add_done_callback(lambda _: self._sent(len(data)))
        if self._unsent > self._most and not self._is_full:
            self._is_full = True
            self._protocol.pause_writing()

    def pause_reading(self) -> None:
        """Read nothing until `resume_reading`; to be called while something is handed on, or before."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Go on reading."""
        self._may_read.set()

    def abort(self) -> None:
        """End the connection at once."""
        self._stream.close()
        self._may_read.set()  # so that the end is noticed

    def _sent(self, size: int) -> None:
        self._unsent -= size
        if self._is_full and self._unsent <= self._most:
            self._is_full = False
            self._protocol.resume_writing()

    async def _read(self) -> None:
        try:
            while True:
                await self._may_read.wait()
                self._protocol.data_received(await self._stream.read_bytes(CHUNK, partial=True))
        except StreamClosedError:
            self._protocol.connection_lost(None)
