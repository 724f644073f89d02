"""Attribution: which version inserted each code point of a text.

The text is covered by *runs* of a length and the version that inserted these code points; neighbours have different
versions::

    The slow fox          (4, 1) (4, 8) (4, 1)

Runs are kept in chunks, each of two arrays, so that an operation copies the runs near what it touches, and only
passes on the other chunks. Many operations are best combined first (`jupyter_speccollab.text.parts.total`), and the
attribution brought on once.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from operator import ne, sub
from typing import Final, NamedTuple

from ..errors import InvalidOperation
from .operation import Operation
from .parts import ADDED, KEPT, Part, parts_of

Run = tuple[int, int]
"""A number of code points, and the version that inserted them."""

CHUNK: Final = 512
"""The usual number of runs in a chunk. No chunk has more than twice as many."""

SMALL: Final = 64
"""A chunk with fewer runs than this is joined with the next one."""

FORMAT: Final = 1
"""The first byte of the stored form."""

_WIDTH: Final = 4
"""Bytes of a number in the stored form."""

_HEAD: Final = 1 + _WIDTH


class BadAttribution(ValueError):
    """Bytes that are no stored attribution of a text of this length."""


class Chunk(NamedTuple):
    """Some runs, as their lengths and their versions, and the sum of the lengths. Never changed once made."""

    lengths: array[int]
    versions: array[int]
    length: int


class Attribution:
    """Who inserted which code point of a text, by version. A value: no method changes it.

    Laws (``tests/text/test_attribution.py``): the lengths of the runs add up to the length of the text; neighbours
    differ in version; bringing it on gives the same as noting the version at each code point one by one, whether
    operations are applied one after the other or combined.
    """

    __slots__ = ("chunks",)

    def __init__(self, chunks: tuple[Chunk, ...] = ()) -> None:
        self.chunks = chunks

    @staticmethod
    def of(runs: Iterable[Run]) -> Attribution:
        """The attribution with these runs; equal neighbours are joined, empty runs left out."""
        builder = _Builder()
        for length, version in runs:
            builder.add(length, version)
        return builder.build()

    @property
    def length(self) -> int:
        """The length of the text in code points."""
        return sum(chunk.length for chunk in self.chunks)

    @property
    def lengths(self) -> array[int]:
        """The lengths of all runs."""
        return _joined(chunk.lengths for chunk in self.chunks)

    @property
    def versions(self) -> array[int]:
        """The versions of all runs."""
        return _joined(chunk.versions for chunk in self.chunks)

    def __iter__(self) -> Iterator[Run]:
        for chunk in self.chunks:
            yield from zip(chunk.lengths, chunk.versions, strict=True)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Attribution):
            return NotImplemented
        return self.lengths == other.lengths and self.versions == other.versions

    def __hash__(self) -> int:
        return hash((self.lengths.tobytes(), self.versions.tobytes()))

    def __repr__(self) -> str:
        return f"Attribution.of({list(self)})"

    def apply(self, operation: Operation, version: int) -> Attribution:
        """The attribution after ``operation``, which made ``version``. Raises `InvalidOperation`."""
        return self.after(parts_of(operation, version))

    def after(self, parts: Iterable[Part]) -> Attribution:
        """The attribution after operations that are given as parts, by version. Raises `InvalidOperation`."""
        builder = _Builder()
        reader = _Reader(self.chunks)
        for kind, length, by in parts:
            if kind == ADDED:
                builder.add(length, by)
            else:
                reader.read(length, builder if kind == KEPT else None)
        reader.read_rest(builder)
        return builder.build()

    def to_bytes(self) -> bytes:
        """The stored form: `FORMAT`, the number of runs; compressed, their lengths and the steps of versions.

        Law (``tests/text/test_attribution.py::test_stored_form``): `from_bytes` reads it back.
        """
        lengths, versions = self.lengths, self.versions
        steps = array("i", map(sub, versions, chain((0,), versions)))
        count = len(lengths).to_bytes(_WIDTH, "little")
        return bytes([FORMAT]) + count + zlib.compress(_little(lengths) + _little(steps), zlib.Z_BEST_SPEED)

    @staticmethod
    def from_bytes(stored: bytes, length: int | None = None) -> Attribution:
        """Read the stored form of the attribution of a text of ``length`` code points. Raises `BadAttribution`.

        Whatever the bytes are, no more memory is taken than such a text needs; ``None``: they are trusted.
        """
        count = runs_in(stored)
        if length is not None and count > length:
            raise BadAttribution("The attribution has more runs than its text has letters.")
        most = 2 * _WIDTH * count
        reader = zlib.decompressobj()
        try:
            numbers = reader.decompress(stored[_HEAD:], most + 1)
        except zlib.error:
            raise BadAttribution("The attribution can't be decompressed.") from None
        if not reader.eof or len(numbers) != most:
            raise BadAttribution("The attribution has not the number of runs that it says.")
        lengths, steps = _numbers("I", numbers[: most // 2]), _numbers("i", numbers[most // 2 :])
        try:
            versions = array("I", accumulate(steps))
        except OverflowError:
            raise BadAttribution("The attribution has impossible versions.") from None
        if length is not None:
            _check(lengths, versions, length)
        return Attribution(tuple(_cut(lengths, versions)))


def runs_in(stored: bytes) -> int:
    """The number of runs in a stored form, which says how long it takes to work with. Raises `BadAttribution`."""
    if len(stored) <= _HEAD or stored[0] != FORMAT:
        raise BadAttribution("The attribution has an unknown format.")
    return int.from_bytes(stored[1:_HEAD], "little")


def _check(lengths: array[int], versions: array[int], length: int) -> None:
    """Raises `BadAttribution` unless these are runs of a text of this length."""
    if sum(lengths) != length or 0 in lengths or not all(map(ne, versions, versions[1:])):
        raise BadAttribution("The attribution is not one of a text of this length.")


NONE: Final = Attribution()
"""The attribution of the empty text."""


class _Reader:
    """Reads chunks once from left to right, as whole ones or run by run."""

    __slots__ = ("_chunks", "_ends", "_index", "_offset")

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._index = self._offset = 0
        self._ends: list[int] = []

    def read(self, length: int, into: _Builder | None) -> None:
        """Read ``length`` code points, into a builder or nowhere."""
        while length:
            if self._index == len(self._chunks):
                raise InvalidOperation(f"The operation reaches {length} code points beyond the text.")
            chunk = self._chunks[self._index]
            taken = min(length, chunk.length - self._offset)
            if into is not None:
                if taken == chunk.length:
                    into.chunk(chunk)
                else:
                    self._piece(chunk, taken, into)
            self._offset += taken
            length -= taken
            if self._offset == chunk.length:
                self._index += 1
                self._offset = 0
                self._ends = []

    def read_rest(self, into: _Builder) -> None:
        """Read all that is left into a builder."""
        if self._offset:
            self.read(self._chunks[self._index].length - self._offset, into)
        into.all(self._chunks[self._index :])

    def _piece(self, chunk: Chunk, taken: int, into: _Builder) -> None:
        """Add the runs of the next ``taken`` code points, which are a part of this chunk."""
        if not self._ends:
            self._ends = list(accumulate(chunk.lengths))
        ends, start, end = self._ends, self._offset, self._offset + taken
        first, last = bisect_right(ends, start), bisect_left(ends, end)
        if first == last:
            into.add(taken, chunk.versions[first])
            return
        into.add(ends[first] - start, chunk.versions[first])
        into.extend(chunk.lengths[first + 1 : last], chunk.versions[first + 1 : last])
        into.add(end - ends[last - 1], chunk.versions[last])


class _Builder:
    """Collects runs and whole chunks from left to right; joins equal neighbours, and chunks that are small."""

    __slots__ = ("_chunks", "_lengths", "_versions")

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._lengths = array("I")
        self._versions = array("I")

    def add(self, length: int, version: int) -> None:
        """Add a run."""
        if not length:
            return
        self._open()
        if self._versions and self._versions[-1] == version:
            self._lengths[-1] += length
        else:
            self._lengths.append(length)
            self._versions.append(version)

    def extend(self, lengths: array[int], versions: array[int]) -> None:
        """Add runs that follow each other; the first one has not the version of the last run so far."""
        self._lengths += lengths
        self._versions += versions

    def chunk(self, chunk: Chunk) -> None:
        """Add a whole chunk."""
        if not self._lengths and not self._chunks:
            self._chunks.append(chunk)
            return
        version = self._versions[-1] if self._versions else self._chunks[-1].versions[-1]
        if version == chunk.versions[0] or len(self._lengths or chunk.lengths) < SMALL:
            self.add(chunk.lengths[0], chunk.versions[0])
            self.extend(chunk.lengths[1:], chunk.versions[1:])
        else:
            self._close()
            self._chunks.append(chunk)

    def all(self, chunks: Sequence[Chunk]) -> None:
        """Add chunks that follow each other."""
        if chunks:
            self.chunk(chunks[0])
            if len(chunks) > 1:
                self.chunk(chunks[1])
                self._close()
                self._chunks += chunks[2:]

    def build(self) -> Attribution:
        """The attribution of the runs so far."""
        self._close()
        return Attribution(tuple(self._chunks))

    def _open(self) -> None:
        """Make the last chunk the open one again if there is none, so that a run can be joined with its last."""
        if not self._lengths and self._chunks:
            last = self._chunks.pop()
            self._lengths, self._versions = last.lengths[:], last.versions[:]

    def _close(self) -> None:
        """Make chunks of the open runs."""
        self._chunks += _cut(self._lengths, self._versions)
        self._lengths, self._versions = array("I"), array("I")


def _cut(lengths: array[int], versions: array[int]) -> Iterator[Chunk]:
    """Runs in chunks of about the same size."""
    count = max(len(lengths) // CHUNK, 1)
    size = -(-len(lengths) // count)
    for start in range(0, len(lengths), size or 1):
        part = lengths[start : start + size]
        yield Chunk(part, versions[start : start + size], sum(part))


def _joined(arrays: Iterable[array[int]]) -> array[int]:
    result = array("I")
    for each in arrays:
        result += each
    return result


def _little(numbers: array[int]) -> bytes:
    """The numbers as bytes, the lowest byte first."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(code: str, stored: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(stored)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
