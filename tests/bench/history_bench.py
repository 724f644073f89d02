"""History: how long a page of sittings, the changes over 1,000 versions, and a version in the middle take.

Run::

    python -m tests.bench.history_bench [--operations 1000 100000 1000000] [--calls 20]

The text is that of `tests.bench.attribution_bench`, with a pause of a quarter of an hour after each 1,000
operations, or with none, so that sittings last two hours. "At first" is the first page of a spec whose history
nobody has looked at: as an import or ``db upgrade`` leaves it, and of an old database, where its sittings are found
and measured. No other answer is kept. The objects of the loaded modules are left out of garbage collections, as the
extension does it when a server starts.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from jupyter_speccollab.app import freeze_loaded_objects
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.service.history.measures import prepare_history
from jupyter_speccollab.service.history.sittings import Asked
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.store.base import LoggedOperation, Part
from jupyter_speccollab.store.sqlite import SqliteStore
from tests.bench.attribution_bench import PEOPLE, Pauses, history
from tests.bench.figures import quantile, table
from tests.store.values import SPEC

TYPED = 1_000
PAUSE = timedelta(minutes=15)
OVER = 1_000

Call = Callable[[], Awaitable[Any]]


def paused(operations: int) -> Iterator[Part]:
    """The history with a pause after each `TYPED` operations."""
    for part in history(operations):
        if isinstance(part, list):
            yield [_later(row) for row in part]
        else:
            yield part


def _later(row: LoggedOperation) -> LoggedOperation:
    return replace(row, applied_at=row.applied_at + PAUSE * ((row.version - 1) // TYPED))


class Asking:
    """Asks a server of one spec, and notes how long that takes."""

    def __init__(self, services: Services, operations: int) -> None:
        self._services = services
        self._caller = Caller(PEOPLE[0])
        self._random = Random(operations)
        self._operations = operations
        self.pauses = Pauses()

    async def timed(self, call: Call) -> float:
        """Seconds until the answer is encoded."""
        async with self.pauses.watched():
            begun = time.perf_counter()
            encode_body({"success": True, "data": await call()})
            return time.perf_counter() - begun

    async def page(self, before: int | None = None) -> Any:
        return await self._services.history.page(self._caller, SPEC, Asked(before))

    async def page_in_the_middle(self) -> Any:
        return await self.page(self._random.randint(self._operations // 4, 3 * self._operations // 4))

    async def changes(self) -> Any:
        self._services.changes._kept.clear()
        since = self._random.randint(0, max(0, self._operations - OVER))
        until = min(self._operations, since + OVER)
        return await self._services.changes.between(self._caller, SPEC, since, until)

    async def version(self) -> Any:
        asked = self._random.randint(self._operations // 4, 3 * self._operations // 4)
        return await self._services.revisions.at(self._caller, SPEC, asked)


@asynccontextmanager
async def served(path: Path, operations: int) -> AsyncIterator[Asking]:
    """A server on a database, with the spec open and a process for computations started."""
    store = SqliteStore(path)
    await store.open()
    services = build(store, Limits(), Role.NONE, "bench")
    await services.documents.ready()
    asking = Asking(services, operations)
    try:
        await asking.version()
        await asking.changes()
        yield asking
    finally:
        await services.documents.close()


async def made(path: Path, name: str, operations: int) -> Path:
    """Make the database; returns a copy of it from before the sittings were found."""
    store, old = SqliteStore(path), path.with_suffix(".old")
    await store.open()
    await store.import_spec(lambda: (paused if name == "short" else history)(operations))
    async for _ in Attributions(store).fill(SPEC):
        pass
    await store.close()
    shutil.copyfile(path, old)
    store = SqliteStore(path)
    await store.open()
    async for _ in prepare_history(store, SPEC):
        pass
    await store.close()
    return old


async def run(directory: Path, name: str, operations: int, calls: int) -> list[str]:
    path = directory / f"{name}-{operations}.sqlite3"
    old = await made(path, name, operations)
    async with served(old, operations) as asking:
        at_first, pause = await asking.timed(asking.page), asking.pauses.longest
    async with served(path, operations) as asking:
        first = await asking.timed(asking.page)
        again = [await asking.timed(asking.page) for _ in range(calls)]
        middle = [await asking.timed(asking.page_in_the_middle) for _ in range(calls)]
        changes = [await asking.timed(asking.changes) for _ in range(calls)]
        versions = [await asking.timed(asking.version) for _ in range(calls)]
    return [
        f"{operations:,}, {name}",
        f"{1000 * first:,.0f}",
        f"{1000 * at_first:,.0f}",
        *(
            f"{quantile(each, 0.5):,.0f} / {quantile(each, 0.95):,.0f}"
            for each in (again, middle, changes, versions)
        ),
        f"{1000 * max(pause, asking.pauses.longest):,.0f}",
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--operations", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--calls", type=int, default=20)
    options = parser.parse_args()
    freeze_loaded_objects()
    headings = [
        "operations, sittings",
        "a page at first, ms",
        "of an old database",
        "again, p50 / p95 ms",
        "one in the middle, each time another",
        f"changes over {OVER:,} versions",
        "a version in the middle",
        "longest pause, ms",
    ]
    with tempfile.TemporaryDirectory() as directory:
        rows = [
            await run(Path(directory), name, operations, options.calls)
            for operations in options.operations
            for name in ("short", "long")
        ]
    print(table(headings, rows))


if __name__ == "__main__":
    asyncio.run(main())
