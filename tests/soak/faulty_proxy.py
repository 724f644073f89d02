"""A TCP proxy that cuts, stalls and half-closes connections at random, from a seed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Self


class FaultyProxy:
    """Forwards connections to ``port`` of 127.0.0.1 to another port there, ``target``.

    With the probability ``fault_rate``, a received piece of data causes a fault of its connection: it is
    cut after a part of the piece; it stalls for some seconds; or one direction ends, with a FIN or without, while
    the other stays open. ``faults`` counts them by kind.
    """

    def __init__(self, target: int, seed: int, fault_rate: float = 0.02) -> None:
        self.port = 0
        self.fault_rate = fault_rate
        self.faults: Counter[str] = Counter()
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
        """Cause no more faults, and cut the open connections, because some of them no longer work."""
        self.fault_rate = 0
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
                what = self._next_fault()
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

    def _next_fault(self) -> str:
        if self._chance.random() >= self.fault_rate:
            return "passes"
        what = self._chance.choice(["cut", "cut", "stall", "half close", "black hole"])
        self.faults[what] += 1
        return what

    def _cut(self, ends: set[asyncio.StreamWriter]) -> None:
        for end in ends:
            end.transport.abort()
