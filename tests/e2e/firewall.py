"""What may stand between a browser and its servers: it shares connections out, refuses WebSockets, or swallows."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import Final

from tests.ports import free_port
from tests.serving import JupyterServer

HEAD: Final = 64 * 1024
"""The longest head of a request, in bytes."""

NO: Final = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Firewall:
    """Listens on ``port`` of ``127.0.0.1`` in a thread of its own, in front of ``servers``.

    Each connection goes to the next of them. ``front`` is a server as its users see it through here. While
    ``blocks`` is set, a WebSocket is refused, and those that are open end. While ``swallows`` is set, nothing gets
    through, and nobody is told: what tries to stays half open for ever.
    """

    def __init__(self, *servers: JupyterServer, blocks: bool = True) -> None:
        self.port = free_port()
        self.front = copy.copy(servers[0])
        self.front.front = self.port
        self.refused = 0
        self.swallows = False
        self._targets = cycle([server.port for server in servers])
        self._blocks = blocks
        self._sockets: set[asyncio.StreamWriter] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._listening = threading.Event()

    @property
    def blocks(self) -> bool:
        return self._blocks

    @blocks.setter
    def blocks(self, blocks: bool) -> None:
        self._blocks = blocks
        if blocks and self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_sockets)

    @contextmanager
    def running(self) -> Iterator[Firewall]:
        """While it runs."""
        thread = threading.Thread(target=asyncio.run, args=(self._listen(),), daemon=True)
        thread.start()
        self._listening.wait()
        try:
            yield self
        finally:
            assert self._loop is not None
            self._loop.call_soon_threadsafe(self._over.set)
            thread.join()

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=HEAD)
        self._listening.set()
        await self._over.wait()

    def _end_sockets(self) -> None:
        for writer in self._sockets:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Look at a connection's first request: a browser opens another connection for each WebSocket."""
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            if self.swallows:
                await self._over.wait()
            is_socket = b"\r\nupgrade: websocket" in head.lower()
            if is_socket and self._blocks:
                self.refused += 1
                writer.write(NO)
                await writer.drain()
            else:
                await self._pass(head, reader, writer, is_socket)
        writer.close()

    async def _pass(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_socket: bool
    ) -> None:
        to_server: asyncio.StreamWriter
        from_server, to_server = await asyncio.open_connection("127.0.0.1", next(self._targets))
        if is_socket:
            self._sockets.add(writer)
        to_server.write(head)
        try:
            await asyncio.gather(self._copy(reader, to_server), self._copy(from_server, writer))
        finally:
            self._sockets.discard(writer)
            to_server.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until one side ends."""
        with suppress(OSError):
            while data := await reader.read(HEAD):
                if self.swallows:
                    await self._over.wait()
                    break
                writer.write(data)
                await writer.drain()
        writer.close()
