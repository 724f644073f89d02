"""A bad line: a TCP proxy that cuts, stalls and half closes connections, by a seed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Self


class BadLine:
    """Listens on ``port`` of ``127.0.0.1`` and passes everything on to ``target``, another port there.

    Of each piece that arrives ``trouble`` is the chance that something befalls its connection: it is cut, with a
    part of the piece still delivered; it is held up for some seconds; or one of its two directions ends while the
    other goes on, told by a FIN or not told at all. ``befallen`` counts what did.
    """

    def __init__(self, target: int, seed: int, trouble: float = 0.02) -> None:
        self.port = 0
        self.trouble = trouble
        self.befallen: Counter[str] = Counter()
        self._target = target
        self._chance = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._cut(self._open)

    def heal(self) -> None:
        """Nothing befalls anybody any more; what is open is cut, since some of it is past help."""
        self.trouble = 0
        self._cut(self._open)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._open |= ends
        await asyncio.gather(self._pass(reader, far_writer, ends), self._pass(far_reader, writer, ends))
        self._cut(ends)
        self._open -= ends

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: set[asyncio.StreamWriter]
    ) -> None:
        try:
            while data := await reader.read(65536):
                what = self._fate()
                if what == "cut":
                    writer.write(data[: self._chance.randrange(len(data))])
                    await writer.drain()
                    self._cut(ends)
                elif what == "black hole":
                    while await reader.read(65536):
                        pass
                    return
                else:
                    if what == "stall":
                        await asyncio.sleep(self._chance.expovariate(1))
                    writer.write(data)
                    await writer.drain()
                    if what == "half close":
                        break
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            self._cut(ends)

    def _fate(self) -> str:
        if self._chance.random() >= self.trouble:
            return "passes"
        what = self._chance.choice(["cut", "cut", "stall", "half close", "black hole"])
        self.befallen[what] += 1
        return what

    def _cut(self, ends: set[asyncio.StreamWriter]) -> None:
        for end in ends:
            end.transport.abort()
