"""Who wrote each letter: how long an answer takes, how long the event loop stands still, how large a database gets.

Run::

    python -m tests.bench.attribution_bench [--operations 1000 100000 1000000] [--calls 20]

Three people type a text, letter by letter, in bursts at random places. Each letter is an operation, so that there
are as many letters as operations. Snapshots are as a server takes them, but at most 200 of them. An answer is made
anew each time, from the database: none is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from uuid import UUID

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, user_id_of
from jupyter_speccollab.protocol.codec import encode_body
from jupyter_speccollab.service.history.attribution import answer as made_of
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.store.base import Grant, LoggedOperation, Part, RevisionKind
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Text
from tests.bench.figures import quantile, table
from tests.store.values import SPEC, START, a_snapshot, a_spec, moment

PEOPLE = [
    User(user_id_of("bench", name), name, name.title(), issuer="bench") for name in ("ada", "bob", "cat")
]
BURST = 40
SNAPSHOTS = 200
GROUP = 1_000


def history(operations: int) -> Iterator[Part]:
    """The parts of an import: a spec that three people typed."""
    random = Random(operations)
    ada = PEOPLE[0]
    yield from PEOPLE
    yield a_spec(version=operations, by=ada.user_id)
    yield Grant(ada.user_id, Role.OWNER, ada.user_id, START)
    every = max(500, operations // SNAPSHOTS)
    text = Text.of("")
    group: list[LoggedOperation] = []
    place, who = 0, ada
    for version in range(1, operations + 1):
        if random.random() < 1 / BURST:
            place, who = random.randint(0, len(text)), random.choice(PEOPLE)
        letter = random.choice("etaoin shrdlu\n")
        group.append(
            LoggedOperation(
                version,
                str(UUID(int=version)),
                who.user_id,
                None,
                [(place, "", letter)],
                moment(version / 3),
                "ab",
            )
        )
        text = text.replace(place, place, letter)
        place += 1
        if len(group) == GROUP or version % every == 0 or version == operations:
            yield group
            group = []
        if version % every == 0:
            content = str(text)
            snapshot = a_snapshot(version, content, RevisionKind.AUTO, by=who)
            yield replace(snapshot, content_hash=content_hash(content))


class Pauses:
    """How long the event loop did nothing else, at the longest."""

    def __init__(self) -> None:
        self.longest = 0.0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()

    async def _watch(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - 0.001)
            last = now


async def measured(services: Services, versions: Sequence[int | None], pauses: Pauses) -> list[float]:
    caller = Caller(PEOPLE[0])
    waits = []
    for version in versions:
        services.attributions._kept.clear()
        async with pauses.watched():
            begun = time.perf_counter()
            answer = await services.attributions.at(caller, SPEC, version)
            encode_body({"success": True, "data": answer})
            waits.append(time.perf_counter() - begun)
    return waits


async def cpu_of(services: Services, versions: Sequence[int]) -> list[float]:
    """The time of the processor that making the answers takes, whatever else the machine does."""
    documents = services.documents
    seconds = []
    for version in versions:
        async with documents.use(SPEC) as live:
            runs, steps = await services.attributions.read(live.document, version)
        pages, rest = await documents.attributions.bylines(SPEC, live.document.epoch, version)
        begun = time.process_time()
        made_of(runs, steps, (PEOPLE[0].user_id, START), pages, rest)
        seconds.append(time.process_time() - begun)
    return seconds


async def run(directory: Path, operations: int, calls: int) -> list[str]:
    store = SqliteStore(directory / f"{operations}.sqlite3")
    await store.open()
    await store.import_spec(lambda: history(operations))
    await store.vacuum()
    without = await store.bytes_on_disk()
    begun = time.perf_counter()
    async for _ in Attributions(store).fill(SPEC):
        pass
    filled = time.perf_counter() - begun
    await store.vacuum()
    size = await store.bytes_on_disk()
    services = build(store, Limits(), Role.NONE, "bench")
    await services.documents.ready()
    try:
        await services.attributions.at(Caller(PEOPLE[0]), SPEC, None)  # opens the document, starts a process
        present, middle = Pauses(), Pauses()
        random = Random(operations)
        of_present = await measured(services, [None] * calls, present)
        versions = [random.randint(operations // 4, 3 * operations // 4) for _ in range(calls)]
        of_middle = await measured(services, versions, middle)
        cpu = await cpu_of(services, [operations, *versions])
        answer = await services.attributions.at(Caller(PEOPLE[0]), SPEC, None)
    finally:
        await services.documents.close()
    return [
        f"{operations:,}",
        f"{quantile(of_present, 0.5):,.0f} / {quantile(of_present, 0.95):,.0f}",
        f"{quantile(of_middle, 0.5):,.0f} / {quantile(of_middle, 0.95):,.0f}",
        f"{1000 * cpu[0]:,.0f} / {quantile(cpu[1:], 0.5):,.0f}",
        f"{1000 * max(present.longest, middle.longest):,.0f}",
        f"{len(bytes(answer['runs'])) / 1e6:,.2f}",
        f"{without / 1e6:,.1f}",
        f"{size / 1e6:,.1f} ({size / without:.2f})",
        f"{filled:,.1f}",
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--operations", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--calls", type=int, default=20)
    options = parser.parse_args()
    headings = [
        "letters and operations",
        "the present version, p50 / p95 ms",
        "one in the middle",
        "their processor time, ms",
        "longest pause, ms",
        "answer, MB",
        "database without, MB",
        "with attribution",
        "made for all, s",
    ]
    with tempfile.TemporaryDirectory() as directory:
        rows = [await run(Path(directory), operations, options.calls) for operations in options.operations]
    print(table(headings, rows))


if __name__ == "__main__":
    asyncio.run(main())
