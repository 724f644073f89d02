"""A WebSocket client that costs next to nothing, so that the load takes less time than the server that it metrics.

Frames are parsed by hand, and masked with a key of zeros.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import time
from collections.abc import Mapping
from typing import Final, Self

TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10


class FrameClient(asyncio.Protocol):
    """One connection: subclasses say what to do when it is `opened`, and with each frame that they `take`.

    ``began`` is when it was made, and ``joined`` resolves to when the document had arrived, both by
    `time.perf_counter`.
    """

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self.joined: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.began = 0.0
        self._port, self._path, self._headers = port, path, headers
        self._received = bytearray()
        self._open = False
        self.close_code = 0
        """Why the server closed the connection; 0 if it has not, or gave no reason."""

    async def connect(self) -> Self:
        """Open, and join."""
        self.began = time.perf_counter()
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
        await self.joined
        return self

    def close(self) -> None:
        self._transport.close()

    def stop_reading(self) -> None:
        """Read nothing more of what the server sends."""
        self._transport.pause_reading()

    def opened(self) -> None:
        """The handshake is done."""

    def take(self, payload: bytes, now: float) -> None:
        """A text or binary frame has come whole."""
        raise NotImplementedError

    def take_pong(self, payload: bytes, now: float) -> None:
        """The answer to a ping has come."""

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send a frame."""
        length = len(payload)
        if length < 126:
            head = bytes([0x80 | opcode, 0x80 | length])
        elif length < 65_536:
            head = bytes([0x80 | opcode, 0xFE]) + length.to_bytes(2, "big")
        else:
            head = bytes([0x80 | opcode, 0xFF]) + length.to_bytes(8, "big")
        self._transport.write(head + b"\0\0\0\0" + payload)

    # asyncio's side ---------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {
            "Host": f"127.0.0.1:{self._port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            **self._headers,
        }
        lines = [
            f"GET {self._path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
            "",
            "",
        ]
        transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        self._received += data
        now = time.perf_counter()
        if not self._open and not self._shake_hands():
            return
        while (payload := self._next_frame()) is not None:
            self.take(payload, now)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(ConnectionError("the server closed the connection"))

    def _shake_hands(self) -> bool:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return False
        assert self._received.startswith(b"HTTP/1.1 101"), bytes(self._received[:200])
        del self._received[: end + 4]
        self._open = True
        self.opened()
        return True

    def _next_frame(self) -> bytes | None:
        """The payload of the next frame, once it is there whole; pings are answered."""
        while True:
            received = self._received
            if len(received) < 2:
                return None
            length, start = received[1], 2
            if length == 126:
                length, start = int.from_bytes(received[2:4], "big"), 4
            elif length == 127:
                length, start = int.from_bytes(received[2:10], "big"), 10
            if len(received) < start + length:
                return None
            opcode = received[0] & 15
            payload = bytes(received[start : start + length])
            del received[: start + length]
            if opcode in (TEXT, BINARY):
                return payload
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode == PONG:
                self.take_pong(payload, time.perf_counter())
            elif opcode == CLOSE:
                self.close_code = int.from_bytes(payload[:2], "big")
