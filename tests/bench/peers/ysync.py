"""Yjs updates: what the clients of Hocuspocus and jupyter-collaboration share.

A client makes its updates with pycrdt, which takes a few microseconds; those of others it only reads far enough to
know whose they are, and `rebuilt` applies them at the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from jupyter_speccollab.text import Operation
from tests.bench.load import Recorder, Typist

SYNC: Final = 0
STEP_1, STEP_2, UPDATE = 0, 1, 2
NOTHING_KNOWN: Final = b"\0"
"""A state vector of no clients."""

STRING: Final = 4
GC, SKIP = 0, 10
BELOW: Final = 31
"""The bits of a struct's first byte that name its content."""

HAS_ORIGIN, HAS_RIGHT_ORIGIN = 0x80, 0x40


class YTypist(Typist):
    """One person; a subclass says how a message lies in a frame. Nobody waits: updates go out as they are made."""

    waits = False
    field = "source"
    """What the text is called in the document."""

    def __init__(self, recorder: Recorder, port: int, path: str, headers: Mapping[str, str]) -> None:
        from pycrdt import Doc, Text

        super().__init__(recorder, port, path, headers)
        self.seen: list[bytes] = []
        self.made: list[bytes] = []
        self.state = b""
        """The document as it was on joining."""

        self._document: Any = Doc()
        self._text: Any = self._document.get(self.field, type=Text)
        self._clock = 0
        self._updates: list[bytes] = []
        self._subscription = self._document.observe(lambda event: self._updates.append(event.update))

    def content(self) -> str:
        return str(self._text)

    def send_insert(self, position: int) -> Hashable:
        self._text.insert(position, "x")
        return self._send_made(1)

    def send_operation(self, operation: Operation) -> Hashable:
        with self._document.transaction():
            place = inserted = 0
            for component in operation.components:
                if isinstance(component, str):
                    self._text.insert(place, component)
                    place += len(component)
                    inserted += len(component)
                elif component < 0:
                    del self._text[place : place - component]
                else:
                    place += component
        return self._send_made(inserted)

    async def write(self, text: str) -> None:
        """Fill an empty document."""
        done = asyncio.get_running_loop().create_future()
        self.idle = lambda: done.set_result(None)
        self.submit(Operation.of(text))
        await done

    def send_sync(self, kind: int, payload: bytes) -> None:
        """Send a message of the sync protocol."""
        raise NotImplementedError

    def take_sync(self, reader: Reader, now: float) -> None:
        """A message of the sync protocol has come; its first step asks for what this client has not got either."""
        kind = reader.number()
        if kind == STEP_2:
            self.take_state(reader.chunk(), now)
        elif kind == UPDATE:
            self.take_update(reader.chunk(), now)

    def take_state(self, update: bytes, now: float) -> None:
        """The answer to joining."""
        if not self.joined.done():
            self.joined.set_result(now)
            self.state = update
            self._document.apply_update(update)
            self._updates.clear()

    def take_update(self, update: bytes, now: float) -> None:
        """Others' edits, and perhaps one's own."""
        if self.keep:
            self.seen.append(update)
        keys = list(inserted(update))
        if not keys and update in self.recorder.due:
            self.take_own(update, now)
        for client, clock in keys:
            if client != self._document.client_id:
                self.received((client, clock), now)
            else:
                self.take_own((client, clock), now)

    def take_own(self, key: Hashable, now: float) -> None:
        """One's own edit has come back."""

    def _send_made(self, count: int) -> Hashable:
        (update,) = self._updates
        self._updates.clear()
        if self.keep:
            self.made.append(update)
        self.send_sync(UPDATE, update)
        key = (self._document.client_id, self._clock)
        self._clock += count
        return key if count else update


def rebuilt(watcher: Typist) -> str:
    """The text that one person had in the end."""
    from pycrdt import Doc, Text

    assert isinstance(watcher, YTypist)
    document: Any = Doc()
    text: Any = document.get(watcher.field, type=Text)
    for update in (watcher.state, *watcher.made, *watcher.seen):
        document.apply_update(update)
    return str(text)


def inserted(update: bytes) -> Iterator[tuple[int, int]]:
    """Client and clock of each character that an update inserts. Follows Yjs' encoding of updates, version 1."""
    reader = Reader(update)
    for _ in range(reader.number()):
        structs, client, clock = reader.number(), reader.number(), reader.number()
        for _ in range(structs):
            info = reader.byte()
            if info & BELOW in (GC, SKIP):
                clock += reader.number()
                continue
            if info & BELOW != STRING:
                return  # nothing that typing makes
            for bit in (HAS_ORIGIN, HAS_RIGHT_ORIGIN):
                if info & bit:
                    reader.number()
                    reader.number()
            if not info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN):
                _pass_parent(reader)
            for _ in range(len(reader.chunk().decode())):
                yield client, clock
                clock += 1


def _pass_parent(reader: Reader) -> None:
    """What the first text of a document lies in: a name, or another struct."""
    if reader.number():
        reader.chunk()
    else:
        reader.number()
        reader.number()


class Reader:
    """Numbers and byte strings, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def byte(self) -> int:
        self._place += 1
        return self._data[self._place - 1]

    def number(self) -> int:
        """Seven bits a byte, the lowest first."""
        value = shift = 0
        while (byte := self.byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def chunk(self) -> bytes:
        length = self.number()
        self._place += length
        return self._data[self._place - length : self._place]


def number(value: int) -> bytes:
    """As `Reader.number` reads it."""
    written = bytearray()
    while value >= 0x80:
        written.append(0x80 | value & 0x7F)
        value >>= 7
    written.append(value)
    return bytes(written)


def chunk(data: bytes) -> bytes:
    """As `Reader.chunk` reads it."""
    return number(len(data)) + data
