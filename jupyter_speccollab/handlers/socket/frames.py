"""WebSocket frames (RFC 6455, section 5): those of a client are read, those of the server made."""

from __future__ import annotations

import struct
from typing import Final

TEXT: Final = 0x1
CONTINUATION: Final = 0x0
BINARY: Final = 0x2
CONTROL: Final = 0x8
OPCODES: Final = frozenset({CONTINUATION, TEXT, BINARY, 0x8, 0x9, 0xA})

FINAL: Final = 0x80
RESERVED: Final = 0x70
OPCODE: Final = 0x0F
MASKED: Final = 0x80
LENGTH: Final = 0x7F

MOST_OF_CONTROL: Final = 125
"""Bytes that a control frame may carry."""

PROTOCOL_ERROR: Final = 1002
TOO_LARGE: Final = 1009


class BrokenFrame(Exception):
    """What came is no frame that a client may send; the connection is to be closed with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Frames:
    """Cuts what a client sent into messages and control frames, in whatever pieces it came.

    ``limit``: bytes that a message may have.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._message = bytearray()
        self._opcode: int | None = None

    def feed(self, data: bytes) -> None:
        """Take what came next."""
        self._data += data

    def next(self) -> tuple[int, bytes] | None:
        """The next message or control frame as opcode and payload; ``None`` until more of it came.

        Raises `BrokenFrame`; there is nothing to be had after that.
        """
        while (frame := self._cut()) is not None:
            first, payload = frame
            opcode = first & OPCODE
            if opcode >= CONTROL or (first & FINAL and self._opcode is None):
                return opcode, payload
            if self._opcode is None:
                self._opcode = opcode
            self._message += payload
            if first & FINAL:
                whole = self._opcode, bytes(self._message)
                self._opcode, self._message = None, bytearray()
                return whole
        return None

    def _cut(self) -> tuple[int, bytes] | None:
        """The next frame, as its first byte and its payload, unmasked."""
        data = self._data
        if len(data) < 6:
            return None
        first, second = data[0], data[1]
        length, start = second & LENGTH, 6
        if length == 126:
            length, start = int.from_bytes(data[2:4], "big"), 8
        elif length == 127:
            if len(data) < 14:
                return None
            length, start = int.from_bytes(data[2:10], "big"), 14
        self._check(first, second, length)
        end = start + length
        if len(data) < end:
            return None
        payload = unmasked(data[start - 4 : start], data[start:end])
        del data[:end]
        return first, payload

    def _check(self, first: int, second: int, length: int) -> None:
        """Raises `BrokenFrame` for a frame that may not come, or not now."""
        opcode = first & OPCODE
        if first & RESERVED or opcode not in OPCODES:
            raise BrokenFrame(PROTOCOL_ERROR, "This kind of frame is not known here.")
        if not second & MASKED:
            raise BrokenFrame(PROTOCOL_ERROR, "A client masks its frames.")
        if opcode >= CONTROL:
            if not first & FINAL or length > MOST_OF_CONTROL:
                raise BrokenFrame(PROTOCOL_ERROR, "A control frame is short and in one piece.")
            return
        if (opcode == CONTINUATION) is (self._opcode is None):
            raise BrokenFrame(PROTOCOL_ERROR, "The pieces of a message follow each other.")
        if len(self._message) + length > self._limit:
            raise BrokenFrame(TOO_LARGE, "This message is too large.")


def unmasked(key: bytes | bytearray, payload: bytes | bytearray) -> bytes:
    """``payload`` XOR ``key``, four bytes that are repeated (section 5.3)."""
    size = len(payload)
    keys = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")).to_bytes(size, "little")


def framed(payload: bytes) -> bytes:
    """``payload`` as one unmasked, final text frame (section 5.2)."""
    return head(len(payload)) + payload


def head(length: int) -> bytes:
    """What stands before the payload in such a frame; ``length`` in bytes."""
    if length < 126:
        return struct.pack("!BB", FINAL | TEXT, length)
    if length < 65_536:
        return struct.pack("!BBH", FINAL | TEXT, 126, length)
    return struct.pack("!BBQ", FINAL | TEXT, 127, length)
