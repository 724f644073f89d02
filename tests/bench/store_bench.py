"""How fast the SQLite store commits and reads, and how large it makes a file.

Run::

    python -m tests.bench.store_bench [--directory DIR] [--trace automerge-paper.json.gz]

The figures are the disk's as much as ours: compare those of one run only. ``--directory`` says which disk
(default: a temporary directory). ``--trace`` stores a recorded editing history, one operation a keystroke,
and prints the file's size.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation, Text, to_stored
from tests.store.values import ADA, SPEC, a_snapshot, a_spec, an_operation, moment

SESSION = str(uuid4())


@asynccontextmanager
async def new_store(directory: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(directory / f"{uuid4()}.db")
    await store.open()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    yield store
    await store.close()


def group(first: int, size: int) -> list[CommittedOperation]:
    operation = Operation.of(100, "x")
    text = Text("y" * 100)
    return [an_operation(first + index, operation=operation, base=str(text)) for index in range(size)]


async def timed(name: str, size: int, steps: Sequence[Callable[[], Awaitable[object]]]) -> None:
    """Await the steps one after the other; print their rate, that of their rows, and how long they took."""
    waits = []
    cpu, start = time.process_time(), time.perf_counter()
    for step in steps:
        before = time.perf_counter()
        await step()
        waits.append(time.perf_counter() - before)
    total, cpu = time.perf_counter() - start, time.process_time() - cpu
    waits.sort()
    p50, p99, longest = (1000 * waits[min(len(waits) - 1, int(len(waits) * q))] for q in (0.5, 0.99, 1))
    print(
        f"{name:28}{len(steps) / total:8.0f}/s {size * len(steps) / total:9.0f} rows/s   "
        f"p50 {p50:6.2f}  p99 {p99:6.2f}  max {longest:7.2f} ms   cpu {1e6 * cpu / len(steps):5.0f} us"
    )


async def bench(directory: Path) -> None:
    async with new_store(directory) as store:
        version = 0
        for size, count in ((1, 5000), (10, 1000), (100, 200)):
            groups = [group(version + 1 + size * index, size) for index in range(count)]
            version += size * count
            await timed(
                f"commit, groups of {size}",
                size,
                [lambda g=g: store.commit(SPEC, g[0].version - 1, 1, g) for g in groups],  # type: ignore[misc]
            )
        await timed("read the last 20", 20, [lambda: store.operations(SPEC, version - 20)] * 500)
        await timed("read the last 1000", 1000, [lambda: store.operations(SPEC, version - 1000)] * 20)
        await timed("look up 10 operationIds", 10, [lambda: store.first_commits(SPEC, ids)] * 500)
        await store.save_snapshot(SPEC, a_snapshot(version, "Some text. " * 10_000))
        await timed("load a snapshot of 110 kB", 1, [lambda: store.snapshot(SPEC)] * 200)
        await timed("look for others' commits", 1, [store.changed_elsewhere] * 500)


ids = [operation.operation_id for operation in group(100, 10)]


def operations_of(trace: Path) -> Iterator[CommittedOperation]:
    """One operation for each patch ``[position, deleted, added]`` of the trace's transactions."""
    recorded = json.loads(gzip.decompress(trace.read_bytes()))
    text = Text(recorded["startContent"])
    patches = (patch for entry in recorded["txns"] for patch in entry["patches"])
    for version, (position, deleted, added) in enumerate(patches, start=1):
        operation = Operation.of(position, added, -deleted)
        yield CommittedOperation(
            version=version,
            operation_id=str(uuid4()),
            user_id=ADA.user_id,
            user_name=ADA.name,
            session_id=SESSION,
            operation=operation,
            components=to_stored(operation, text),
            timestamp=moment(version / 5),
            fingerprint=sha256(added.encode()).hexdigest(),
        )
        text = text.replace(position, position + deleted, added)


async def store_trace(directory: Path, trace: Path) -> int:
    """Store the trace in groups of 1000; returns its number of operations."""
    async with new_store(directory) as store:
        pending: list[CommittedOperation] = []
        for operation in operations_of(trace):
            pending.append(operation)
            if len(pending) == 1000:
                await store.commit(SPEC, pending[0].version - 1, 1, pending)
                pending = []
        if pending:
            await store.commit(SPEC, pending[0].version - 1, 1, pending)
        return (await store.spec(SPEC)).version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--trace", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        if options.trace:
            count = asyncio.run(store_trace(Path(directory), options.trace))
            size = sum(file.stat().st_size for file in Path(directory).iterdir())
            print(f"{options.trace.name}: {count} rows, {size / 1e6:.1f} MB, {size / count:.0f} bytes each")
        else:
            asyncio.run(bench(Path(directory)))


if __name__ == "__main__":
    main()
