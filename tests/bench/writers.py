"""Others who write in a spec while a page is measured: programs that type as people do, each at its own place."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Mapping, Sequence
from typing import Final

from jupyter_speccollab.text import Text
from tests.bench.load import LoadClient, Recorder
from tests.serving import JupyterServer

LETTERS_A_SECOND: Final = 5
"""Of one person who types without a pause."""

RUN: Final = 60
"""Letters after which a writer goes on somewhere else."""

WORDS: Final = "the limit of each call is **told** to `all` who ask for it, and kept as it was; "


class Writer(LoadClient):
    """Types words, with an error put right now and then, and goes on elsewhere after a while.

    Two writers do not follow each other's text. A position is one that the text surely has, so a letter may come to
    stand a few letters beside the one before it, where somebody types above.
    """

    def __init__(self, port: int, path: str, headers: Mapping[str, str], seed: int) -> None:
        super().__init__(Recorder(), port, path, headers)
        self.random = random.Random(seed)
        self._text = Text("")
        self._at = self._typed = 0

    def begin(self) -> None:
        """The text has arrived."""
        self._text = Text(self.content())
        self.go_elsewhere()

    def go_elsewhere(self) -> None:
        """Anywhere in the text, behind a word."""
        self._at = self.random.randrange(len(self._text) + 1)
        self._typed = 0

    def type(self) -> None:
        """One more letter."""
        if self.pending():
            return
        if self._typed == RUN:
            self.go_elsewhere()
        position = self._at + self._typed
        if self._typed and self.random.random() < 0.05:
            self._typed -= 1
            component = {"type": "delete", "position": position - 1, "length": 1}
        else:
            self._typed += 1
            letter = WORDS[self.random.randrange(len(WORDS))] if self._typed % 7 else " "
            component = {"type": "insert", "position": position, "content": letter}
        self.recorder.due[self.send_components(json.dumps([component]))] = time.perf_counter()
        self.sent += 1

    async def hurry(self, letters: int) -> None:
        """Type so many letters, each when the one before is acknowledged."""
        for _ in range(letters):
            await self.settled()
            self.type()
        await self.settled()

    async def settled(self) -> None:
        """Until the last letter is acknowledged."""
        if self.pending():
            answered = asyncio.Event()
            self.idle = answered.set
            await answered.wait()
            self.idle = lambda: None


class Writers:
    """So many writers in one spec."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self.writers = writers

    @classmethod
    async def join(cls, server: JupyterServer, spec_id: str, count: int) -> Writers:
        writers = []
        for number in range(count):
            headers = server.headers(f"writer{number}", f"Writer {number + 1}")
            writer = Writer(server.port, f"/ws/specs/{spec_id}", headers, number)
            await writer.connect()
            writer.begin()
            writers.append(writer)
        return cls(writers)

    def close(self) -> None:
        for writer in self.writers:
            writer.close()

    async def type(self, letters: int | None = None) -> None:
        """Type at the pace of people: so many letters each, or until cancelled."""
        count, start = 0, time.perf_counter()
        total = None if letters is None else letters * len(self.writers)
        pause = 1 / (LETTERS_A_SECOND * len(self.writers))
        while total is None or count < total:
            self.writers[count % len(self.writers)].type()
            count += 1
            await asyncio.sleep(max(0.0, start + count * pause - time.perf_counter()))

    async def hurry(self, letters: int) -> None:
        """Type so many letters each as fast as they are acknowledged."""
        await asyncio.gather(*(writer.hurry(letters) for writer in self.writers))

    async def settled(self) -> None:
        """Until everything is acknowledged."""
        await asyncio.gather(*(writer.settled() for writer in self.writers))
