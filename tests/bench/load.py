"""Light WebSocket clients that load a server and note when everything arrives.

They transform nothing: each inserts one character somewhere in the text that the document began with, which no
one deletes, so that its position is valid at whatever version. Frames are parsed by hand, and masked with a key of
zeros, so that the load generator takes less time than the server that it measures.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import socket
import time
from collections import deque
from collections.abc import Callable
from uuid import uuid4

import msgspec

FIRST_LENGTH = 10_000
"""Code points in the document at the beginning."""


class Data(msgspec.Struct, rename="camel"):
    version: int = 0
    operation_id: str = ""
    success: bool = True
    operations: msgspec.Raw = msgspec.Raw(b"")


class Event(msgspec.Struct):
    event: str
    data: Data


_batch = msgspec.json.Decoder(list[Event])
_single = msgspec.json.Decoder(Event)


class Recorder:
    """When operations were due, and how long they took, in seconds."""

    def __init__(self) -> None:
        self.due: dict[str, float] = {}
        self.to_ack: list[float] = []
        self.to_others: list[float] = []

    def acknowledged(self, operation_id: str, now: float) -> None:
        self.to_ack.append(now - self.due[operation_id])

    def received(self, operation_id: str, now: float) -> None:
        due = self.due.get(operation_id)
        if due is not None:
            self.to_others.append(now - due)


class LoadClient(asyncio.Protocol):
    """One session; `edit` sends an operation as soon as none is in flight."""

    def __init__(self, recorder: Recorder, host: str, path: str, headers: dict[str, str]) -> None:
        self.recorder = recorder
        self.version = 0
        self.joined = asyncio.get_running_loop().create_future()
        self.idle: Callable[[], None] = lambda: None
        self.seen: list[tuple[int, str, bytes]] = []
        self.keep = False
        """Whether to keep what comes in `seen`: version, operationId and the JSON of the components."""
        self.in_flight = ""
        self._host, self._path, self._headers = host, path, headers
        self._waiting: deque[float] = deque()
        self._received = bytearray()
        self._open = False
        self._random = random.Random(path + str(headers))

    # sending ----------------------------------------------------------------------------------------------

    def edit(self, due: float) -> None:
        """An edit that was due at ``due``; it waits for the acknowledgement of the one before."""
        if self.in_flight:
            self._waiting.append(due)
            return
        self.in_flight = operation_id = str(uuid4())
        self.recorder.due[operation_id] = due
        position = self._random.randrange(FIRST_LENGTH)
        self._send(
            f'{{"event":"operation","data":{{"operationId":"{operation_id}","version":{self.version},'
            f'"operations":[{{"type":"insert","position":{position},"content":"x"}}]}}}}'
        )

    def _send(self, text: str) -> None:
        payload = text.encode()
        length = len(payload)
        head = bytes([0x81, 0x80 | length]) if length < 126 else b"\x81\xfe" + length.to_bytes(2, "big")
        self._transport.write(head + b"\0\0\0\0" + payload)

    # receiving --------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {
            "Host": self._host,
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
        if not self._open and not self._shake_hands():
            return
        now = time.perf_counter()
        while (payload := self._next_frame()) is not None:
            events = _batch.decode(payload) if payload[:1] == b"[" else (_single.decode(payload),)
            for event in events:
                self._take(event, now)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(ConnectionError("the server closed the connection"))

    def close(self) -> None:
        self._transport.close()

    def _shake_hands(self) -> bool:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return False
        assert self._received.startswith(b"HTTP/1.1 101"), bytes(self._received[:200])
        del self._received[: end + 4]
        self._open = True
        return True

    def _next_frame(self) -> bytes | None:
        """The payload of the next text frame, once it is there whole; pings are passed over."""
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
            if opcode == 1:
                return payload

    def _take(self, event: Event, now: float) -> None:
        data = event.data
        match event.event:
            case "remote_operation":
                self._step(data.version)
                self.recorder.received(data.operation_id, now)
                if self.keep:
                    self.seen.append((data.version, data.operation_id, bytes(data.operations)))
            case "operation_ack":
                assert data.success, data
                self._step(data.version)
                self.recorder.acknowledged(data.operation_id, now)
                self.in_flight = ""
                if self._waiting:
                    self.edit(self._waiting.popleft())
                self.idle()
            case "connect":
                spec_id = self._path.rsplit("/", 1)[1]
                self._send(f'{{"event":"join_session","data":{{"specId":"{spec_id}","batch":true}}}}')
            case "session_joined":
                self.version = data.version
                self.joined.set_result(None)

    def _step(self, version: int) -> None:
        assert version == self.version + 1, f"version {version} after {self.version}"
        self.version = version
