"""WebSocket frames (RFC 6455, section 5): parses the frames of clients, and makes the frames of the server."""

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
LENGTH_OF_TWO: Final = 126
"""In place of a length: the length follows in two bytes. 127: it follows in eight."""

MAX_CONTROL_LENGTH: Final = 125
"""The maximum payload of a control frame, in bytes."""

PROTOCOL_ERROR: Final = 1002
TOO_LARGE: Final = 1009


class InvalidFrame(Exception):
    """A client sent something that is not a valid frame. Close the connection with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class FrameParser:
    """Splits a byte stream from a client into messages and control frames.

    ``limit``: the maximum length of a message, in bytes. Laws: the result is the same wherever the stream is cut
    (``test_messages_come_out_as_they_were_said``). A frame is refused as soon as the byte is there that makes it
    invalid, because no other may follow (``test_a_broken_frame_is_refused_at_the_byte_that_breaks_it``).
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._message = bytearray()
        self._opcode: int | None = None

    def feed(self, data: bytes) -> None:
        """Add received data."""
        self._data += data

    def next(self) -> tuple[int, bytes] | None:
        """The next message or control frame as opcode and payload; ``None`` if it has not arrived whole.

        Raises `InvalidFrame`. The parser can't be used after that.
        """
        while (frame := self._next_frame()) is not None:
            first, payload = frame
            opcode = first & OPCODE
            if opcode >= CONTROL or (first & FINAL and self._opcode is None):
                return opcode, payload
            if self._opcode is None:
                self._opcode = opcode
            self._message += payload
            if first & FINAL:
                message = self._opcode, bytes(self._message)
                self._opcode, self._message = None, bytearray()
                return message
        return None

    def _next_frame(self) -> tuple[int, bytes] | None:
        """The next frame as its first byte and its unmasked payload."""
        data = self._data
        if data:
            self._check_first(data[0])
        if len(data) < 2:
            return None
        first, second = data[0], data[1]
        self._check_second(first, second)
        length, start = second & LENGTH, 2
        if length > MAX_CONTROL_LENGTH:  # the length itself follows, in two or eight bytes
            start = 4 if length == LENGTH_OF_TWO else 10
            if len(data) < start:
                return None
            length = int.from_bytes(data[2:start], "big")
        if first & OPCODE < CONTROL and len(self._message) + length > self._limit:
            raise InvalidFrame(TOO_LARGE, "The message is too large.")
        start += 4
        end = start + length
        if len(data) < end:
            return None
        payload = unmasked(data[start - 4 : start], data[start:end])
        del data[:end]
        return first, payload

    def _check_first(self, first: int) -> None:
        """Raises `InvalidFrame` if no frame may begin with this byte here."""
        opcode = first & OPCODE
        if first & RESERVED or opcode not in OPCODES:
            raise InvalidFrame(PROTOCOL_ERROR, "Unknown kind of frame.")
        if opcode >= CONTROL:
            if not first & FINAL:
                raise InvalidFrame(PROTOCOL_ERROR, "A control frame must be whole.")
        elif (opcode == CONTINUATION) is (self._opcode is None):
            raise InvalidFrame(PROTOCOL_ERROR, "The fragments of a message must follow each other.")

    def _check_second(self, first: int, second: int) -> None:
        """Raises `InvalidFrame` if the second byte may not follow the first."""
        if not second & MASKED:
            raise InvalidFrame(PROTOCOL_ERROR, "Frames of a client must be masked.")
        if first & OPCODE >= CONTROL and second & LENGTH > MAX_CONTROL_LENGTH:
            raise InvalidFrame(PROTOCOL_ERROR, "A control frame may have at most 125 bytes.")


def unmasked(key: bytes | bytearray, payload: bytes | bytearray) -> bytes:
    """``payload`` XOR ``key``, whose four bytes are repeated (section 5.3)."""
    size = len(payload)
    keys = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")).to_bytes(size, "little")


def text_frame(payload: bytes) -> bytes:
    """``payload`` as one unmasked, final text frame (section 5.2)."""
    return text_frame_header(len(payload)) + payload


def text_frame_header(length: int) -> bytes:
    """The header of such a frame, for a payload of ``length`` bytes."""
    if length < 126:
        return struct.pack("!BB", FINAL | TEXT, length)
    if length < 65_536:
        return struct.pack("!BBH", FINAL | TEXT, 126, length)
    return struct.pack("!BBQ", FINAL | TEXT, 127, length)
