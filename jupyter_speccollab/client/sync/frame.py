"""Frames: a client's events as JSON, and the length of that JSON."""

from __future__ import annotations

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()


def frame(event: str, data: dict[str, Any]) -> bytes:
    """An event as JSON in UTF-8."""
    return _encoder.encode({"event": event, "data": data})


def size(data: object) -> int:
    """``JSON.stringify(data).length``, in UTF-16 units. The protocol's limit of an operation refers to it."""
    encoded = _encoder.encode(data)
    if encoded.isascii():
        return len(encoded)
    return len(encoded.decode().encode("utf-16-le")) // 2
