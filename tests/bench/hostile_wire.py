"""Plain requests, each on a connection of its own: many at once if one likes; one may leave before the answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

PATIENCE: Final = 60.0
"""Seconds after which an answer is not waited for any more."""


@dataclass(frozen=True)
class Answer:
    """What came: ``status`` is 0 where nothing came in time, or not whole; ``seconds`` is until its end."""

    status: int
    body: bytes
    seconds: float

    def data(self) -> Any:
        """The ``data`` of a success."""
        assert self.status in (200, 201), (self.status, self.body[:300])
        return json.loads(self.body)["data"]

    def kind(self) -> str:
        """The status, and the code of an error."""
        if self.status < 400:
            return str(self.status) if self.status else "no answer"
        with suppress(ValueError, KeyError, TypeError):
            return f"{self.status} {json.loads(self.body)['code']}"
        return str(self.status)


async def request(
    port: int,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    leave_after: float | None = None,
) -> Answer:
    """Ask, and read the answer to its end; with ``leave_after``, close the connection after so many seconds."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE if leave_after is None else leave_after):
            status, content = await _exchange(port, method, path, headers, body)
    except (OSError, TimeoutError, EOFError, ValueError):
        status, content = 0, b""
    return Answer(status, content, time.perf_counter() - begun)


async def _exchange(
    port: int, method: str, path: str, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    try:
        lines = [f"{method} /{path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
        head = await reader.readuntil(b"\r\n\r\n")
        fields = head.decode("latin-1").lower()
        if "content-length:" in fields:
            length = int(fields.split("content-length:", 1)[1].split("\r\n", 1)[0])
            content = await reader.readexactly(length)
        else:
            content = await reader.read()
        return int(head.split(b" ", 2)[1]), content
    finally:
        writer.transport.abort()
