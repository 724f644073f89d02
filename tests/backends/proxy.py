"""A TCP proxy between us and a server: it cuts, stalls, and refuses connections when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self


class Proxy:
    """Listens on ``port`` of ``127.0.0.1`` and passes everything on to ``target``, another port there.

    ``lose_answer_to`` and ``lose`` name bytes: the connection over which they are sent is cut, before they
    arrive (``lose``), or when their answer comes back (``lose_answer_to``). Each holds once.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.lose: bytes | None = None
        self.lose_answer_to: bytes | None = None
        self.losses = 0
        self._target = target
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.stall(False)
        self.cut()

    def cut(self) -> None:
        """End all connections that there are."""
        for writer in self._open:
            writer.transport.abort()

    def refuse(self, refuses: bool = True) -> None:
        """End new connections at once, and those that there are."""
        self._refuses = refuses
        if refuses:
            self.cut()

    def stall(self, stalls: bool = True) -> None:
        """Keep all connections open and pass nothing on."""
        if stalls:
            self._flows.clear()
        else:
            self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self._open |= pair
        answers = asyncio.Event()

        def sent(data: bytes) -> bool:
            if self.lose is not None and self.lose in data:
                self.lose = None
                self.losses += 1
                return False
            if self.lose_answer_to is not None and self.lose_answer_to in data:
                self.lose_answer_to = None
                answers.set()
            return True

        def answered(_: bytes) -> bool:
            if answers.is_set():
                self.losses += 1
                return False
            return True

        pumps = [
            asyncio.create_task(self._pump(reader, far_writer, sent)),
            asyncio.create_task(self._pump(far_reader, writer, answered)),
        ]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for one in pair:
            one.transport.abort()
        await asyncio.gather(*pumps, return_exceptions=True)
        self._open -= pair

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, goes_on: Callable[[bytes], bool]
    ) -> None:
        while data := await reader.read(65536):
            await self._flows.wait()
            if not goes_on(data):
                break
            writer.write(data)
            await writer.drain()
