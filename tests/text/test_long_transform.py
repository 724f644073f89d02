"""Long operations are transformed as others are, at the cost of what both touch."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.text import Operation, Priority, normalise, transform
from jupyter_speccollab.text.chunks import CHUNK, Chunk, chunked
from jupyter_speccollab.text.long_transform import STEP, transform_chunks

from .strategies import edits, law


@pytest.fixture(autouse=True, scope="module")
def short_chunks() -> Generator[None]:
    """Chunks of three components, so that short operations have several of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("jupyter_speccollab.text.chunks.CHUNK", 3)
        patch.setattr("jupyter_speccollab.text.chunks.SMALL", 2)
        yield


def run(operation: Any, against: Any, priority: Priority) -> tuple[tuple[Chunk, ...], int]:
    """The result, and how many pieces were read."""
    steps = transform_chunks(operation, against, priority)
    read = 0
    while True:
        try:
            read += next(steps)
        except StopIteration as done:
            return done.value, read


def of_chunks(chunks: tuple[Chunk, ...]) -> Operation:
    return Operation(tuple(component for chunk in chunks for component in chunk.components))


def follows_the_rules(chunks: tuple[Chunk, ...]) -> bool:
    """Whether lengths are right, and every chunk but the first begins with a retain."""
    starts = [chunk.components[0] for chunk in chunks[1:]]
    return all(isinstance(start, int) and start > 0 for start in starts) and all(
        chunk == Chunk.of(chunk.components) for chunk in chunks
    )


@law
@given(edits(count=2), st.sampled_from(["left", "right"]))
def test_it_is_the_transform(made: tuple[str, Operation, Operation], priority: Priority) -> None:
    _, one, other = made
    a, b = normalise(one), normalise(other)
    chunks, _ = run(chunked(a.components), chunked(b.components), priority)
    assert of_chunks(chunks) == normalise(transform(a, b, priority))
    assert follows_the_rules(chunks)


@law
@given(st.data(), edits(count=4))
def test_it_stays_the_transform_over_several_operations(
    data: st.DataObject, made: tuple[str, Operation, Operation, Operation, Operation]
) -> None:
    """The chunks that one transform leaves are what the next one needs."""
    _, *operations = made
    moved, *others = [normalise(operation) for operation in operations]
    chunks = chunked(moved.components)
    for index, other in enumerate(others):
        for later in range(index + 1, len(others)):
            others[later] = normalise(transform(others[later], other, "left"))
        chunks, _ = run(chunks, chunked(other.components), "left")
        moved = normalise(transform(moved, other, "left"))
        assert of_chunks(chunks) == moved
        assert follows_the_rules(chunks)


@law
@given(edits())
def test_chunks_hold_the_operation(made: tuple[str, Operation]) -> None:
    _, operation = made
    normal = normalise(operation)
    assert of_chunks(chunked(normal.components)) == normal
    assert follows_the_rules(chunked(normal.components))


def test_a_letter_in_a_long_operation_costs_a_chunk_and_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_speccollab.text.chunks.CHUNK", CHUNK)
    monkeypatch.setattr("jupyter_speccollab.text.long_transform.STEP", 1)
    long = chunked(tuple([100, "word", -4] * 7_000))
    letter = chunked((350_000, "x"))
    for one, other in ((long, letter), (letter, long)):
        chunks, read = run(one, other, "left")
        assert read < 3 * len(long) + 3 * CHUNK
        assert len(of_chunks(chunks).components) in (2, 21_000, 21_001)


def test_no_step_reads_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_speccollab.text.chunks.CHUNK", CHUNK)
    one, other = chunked(tuple([3, "a", -1] * 5_000)), chunked(tuple([2, "b", -2] * 5_000))
    steps = list(transform_chunks(one, other, "left"))
    assert len(steps) > 20
    assert max(steps) <= STEP + 10
