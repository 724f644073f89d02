"""The components of a long operation in chunks, so that a transform skips what it does not touch.

A chunk knows how many code points of the base it covers, and by how many it changes the length of the text. All
components together are in normal form, and each chunk but the first begins with a retain. A chunk that lies inside
of what the other operation retains can therefore be copied as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

Component = int | str
"""Retain (positive), delete (negative) or insert (text)."""

CHUNK: Final = 128
"""The usual number of components in a chunk. No chunk has more than four times as many."""

SMALL: Final = 32
"""A chunk with fewer components than this is joined with the next one."""


class Chunk(NamedTuple):
    """Some components, the length of the base that they cover, and by how much they change the length."""

    components: tuple[Component, ...]
    base_length: int
    length_change: int

    @staticmethod
    def of(components: Iterable[Component]) -> Chunk:
        """The chunk of these components."""
        components = tuple(components)
        base = change = 0
        for component in components:
            if isinstance(component, str):
                change += len(component)
            elif component < 0:
                base -= component
                change += component
            else:
                base += component
        return Chunk(components, base, change)


def chunked(components: Sequence[Component]) -> tuple[Chunk, ...]:
    """The components of an operation in chunks. Those of a normal form are what a transform needs."""
    chunks: list[Chunk] = []
    start = 0
    while start < len(components):
        end = min(start + CHUNK, len(components))
        while end < len(components) and not _retains(components[end]):
            end += 1
        chunks.append(Chunk.of(components[start:end]))
        start = end
    return tuple(chunks)


def _retains(component: Component) -> bool:
    return not isinstance(component, str) and component > 0


class ChunkReader:
    """Reads chunks once, in order: whole ones, or piece by piece."""

    __slots__ = ("_chunk", "_chunks", "_components", "_index", "current")

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._chunk = -1
        self._components: tuple[Component, ...] = ()
        self._index = 0
        self.current: Component | None = None
        """The rest of the current component; ``None`` after the last one."""
        self.next_chunk()

    @property
    def whole(self) -> Chunk | None:
        """The current chunk, if nothing of it has been read."""
        if self._index or self.current is None or self.current != self._components[0]:
            return None
        return self._chunks[self._chunk]

    def next_chunk(self) -> None:
        """Go to the beginning of the next chunk."""
        self._chunk += 1
        self._index = 0
        if self._chunk < len(self._chunks):
            self._components = self._chunks[self._chunk].components
            self.current = self._components[0]
        else:
            self.current = None

    def next(self) -> None:
        """Go to the next component."""
        self._index += 1
        if self._index < len(self._components):
            self.current = self._components[self._index]
        else:
            self.next_chunk()

    def skip(self, length: int) -> None:
        """Go on by *length* code points of the base, at most to the end of the current retain or delete."""
        rest = self.current
        assert isinstance(rest, int)
        if length == 0:
            return
        if abs(rest) == length:
            self.next()
        else:
            self.current = rest - length if rest > 0 else rest + length


class ChunkBuilder:
    """Collects components and whole chunks from left to right, and brings them into normal form."""

    __slots__ = ("_chunks", "_open")

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._open: list[Component] = []

    def retain(self, length: int) -> None:
        """Let *length* > 0 code points of the base stay."""
        pending = self._open
        if pending:
            last = pending[-1]
            if not isinstance(last, str) and last > 0:
                pending[-1] = last + length
                return
            if len(pending) >= CHUNK:
                self._close()
        self._open.append(length)

    def insert(self, content: str) -> None:
        """Put *content* here: before what is deleted here, after what is inserted here."""
        pending = self._gap()
        last = pending[-1] if pending else 1
        if isinstance(last, str):
            pending[-1] = last + content
        elif last > 0:
            pending.append(content)
        elif len(pending) > 1 and isinstance(before := pending[-2], str):
            pending[-2] = before + content
        else:
            pending.insert(-1, content)

    def delete(self, length: int) -> None:
        """Take *length* > 0 code points of the base away."""
        pending = self._gap()
        last = pending[-1] if pending else 1
        if not isinstance(last, str) and last < 0:
            pending[-1] = last - length
        else:
            pending.append(-length)

    def add(self, component: Component) -> None:
        """Add a component of whichever kind."""
        if isinstance(component, str):
            self.insert(component)
        elif component < 0:
            self.delete(-component)
        else:
            self.retain(component)

    def chunk(self, chunk: Chunk) -> None:
        """Add a whole chunk. Only the first one of its operation may begin with anything but a retain."""
        components = chunk.components
        pending = self._open
        first = components[0]
        if isinstance(first, str) or first < 0:
            for component in components:
                self.add(component)
            return
        if pending:
            last = pending[-1]
            if not isinstance(last, str) and last > 0:
                pending.pop()
                components = (last + first, *components[1:])
                chunk = Chunk(components, chunk.base_length + last, chunk.length_change)
            if 0 < len(pending) < SMALL:
                pending += components
                return
            self._close()
        self._chunks.append(chunk)

    def build(self) -> tuple[Chunk, ...]:
        """The chunks so far, without a trailing retain."""
        if self._open and _retains(self._open[-1]):
            self._open.pop()
        self._close()
        return tuple(self._chunks)

    def _gap(self) -> list[Component]:
        """The open components, to which the last chunk belongs again if a gap begins in it."""
        if not self._open and self._chunks:
            self._open = list(self._chunks.pop().components)
        return self._open

    def _close(self) -> None:
        if self._open:
            self._chunks.append(Chunk.of(self._open))
            self._open = []
