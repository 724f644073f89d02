"""Transforms long operations, in steps and at the cost of what both touch."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from .chunks import Chunk, ChunkBuilder, ChunkReader
from .transform import Priority

STEP: Final = 500
"""The number of pieces that one step reads, in less than a millisecond."""

Chunks = tuple[Chunk, ...]


def transform_chunks(
    operation: Sequence[Chunk], against: Sequence[Chunk], priority: Priority
) -> Generator[int, None, Chunks]:
    """The chunks of `transform(operation, against, priority)`, in normal form, for two operations in normal form.

    Chunks of one operation that lie inside of what the other retains are not read. The generator yields the number
    of pieces that it has read since, at least every `STEP` pieces, so that the caller can do other work in between.

    Law (``test_long_transform.py::test_it_is_the_transform``): equal to ``normalise(transform(…))``.
    """
    result = ChunkBuilder()
    ours, theirs = ChunkReader(operation), ChunkReader(against)
    read = 0
    while ours.current is not None and theirs.current is not None:
        if read >= STEP:
            yield read
            read = 0
        read += 1
        if not _pass_chunk(ours, theirs, result):
            _take_piece(ours, theirs, result, priority)
    while ours.current is not None:
        _copy_rest(ours, result)
    return result.build()


def _pass_chunk(ours: ChunkReader, theirs: ChunkReader, result: ChunkBuilder) -> bool:
    """Pass a whole chunk of one that lies inside of what the other retains; return whether there was one.

    It ends before the retain does: a text at the very end of the chunk might meet another one there.
    """
    mine, other = ours.current, theirs.current
    if isinstance(mine, int) and mine > 0 and (chunk := theirs.whole) and mine > chunk.base_length:
        if left := chunk.base_length + chunk.length_change:
            result.retain(left)
        ours.skip(chunk.base_length)
        theirs.next_chunk()
        return True
    if isinstance(other, int) and other > 0 and (chunk := ours.whole) and other > chunk.base_length:
        result.chunk(chunk)
        theirs.skip(chunk.base_length)
        ours.next_chunk()
        return True
    return False


def _take_piece(ours: ChunkReader, theirs: ChunkReader, result: ChunkBuilder, priority: Priority) -> None:
    """Transform the next piece of one of them, or the next length that both retain or delete."""
    mine, other = ours.current, theirs.current
    if isinstance(mine, str) and (priority == "left" or not isinstance(other, str)):
        result.insert(mine)
        ours.next()
    elif isinstance(other, str):
        result.retain(len(other))
        theirs.next()
    else:
        assert isinstance(mine, int)
        assert isinstance(other, int)
        length = min(abs(mine), abs(other))
        if other > 0:
            result.add(length if mine > 0 else -length)
        ours.skip(length)
        theirs.skip(length)


def _copy_rest(ours: ChunkReader, result: ChunkBuilder) -> None:
    """Copy the next chunk, or the next component of one that was read in part."""
    if chunk := ours.whole:
        result.chunk(chunk)
        ours.next_chunk()
    elif ours.current is not None:
        result.add(ours.current)
        ours.next()
