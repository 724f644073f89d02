"""WebSocket frames, read back from the bytes that a server wrote."""

from __future__ import annotations

import struct
from collections.abc import Iterator


def payloads(data: bytes) -> Iterator[bytes]:
    """The payloads of unmasked, final text frames (RFC 6455, section 5.2)."""
    place = 0
    while place < len(data):
        assert data[place] == 0x81, "a text frame that is all there"
        length, start = data[place + 1], place + 2
        if length == 126:
            (length,), start = struct.unpack_from("!H", data, start), start + 2
        elif length == 127:
            (length,), start = struct.unpack_from("!Q", data, start), start + 8
        place = start + length
        yield data[start:place]
