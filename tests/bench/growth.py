"""How cost grows on our own servers: each case is measured alone, on servers of its own, and makes a row."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import uuid4

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import RevisionKind, Snapshot, SpecRecord
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation
from tests.bench import cores
from tests.bench.crowd import Crowd
from tests.bench.figures import quantile
from tests.bench.load import FIRST_LENGTH, Recorder, Typist
from tests.bench.ours import Ours
from tests.bench.workloads import PEOPLE, converged, text_of

Row = list[str]

CROWDED: Final = [
    "",
    "one in flight each: acknowledged/s",
    "asked for",
    "delivered/s",
    "sender to others p50 / p99 ms",
    "server (+ database) CPU, s per 1,000",
    "servers' memory, MB",
    "converged",
]


@dataclass(frozen=True)
class Case:
    """``people`` in each of so many ``documents`` of ``length`` code points, ``rate`` edits a second in all.

    Those of one document sit on all servers by turns, or ``together`` on one.
    """

    name: str
    servers: int = 1
    team: bool = False
    documents: int = 1
    people: int = PEOPLE
    length: int = FIRST_LENGTH
    rate: float = 200
    together: bool = False


async def crowded(ours: Ours, case: Case, seconds: float) -> Row:
    """As fast as they are answered, then at the case's rate."""
    first = text_of(case.length)
    documents = [await ours.new_document(first) for _ in range(case.documents)]
    crowd = await Crowd.join(ours, documents, case.people, reach=case.length)
    await crowd.measure("", lambda: crowd.paced(1, case.rate / 2))
    most = await crowd.measure("", lambda: crowd.closed_loop(seconds))
    paced = await crowd.measure("", lambda: crowd.paced(seconds, case.rate))
    memory = cores.memory(ours.pids())
    samples = range(0, case.documents, max(1, case.documents // 5))
    found = {await converged(ours, crowd.groups[place], documents[place], first) for place in samples}
    refused = sum(client.refused for client in crowd.clients)
    crowd.close()
    if refused:
        found.add(f"{refused:,} times the database was out of reach, and it was sent again")
    return [
        case.name,
        f"{most.rate:,.0f}",
        f"{case.rate:,.0f}/s",
        f"{paced.rate:,.0f}",
        paced.latency(),
        paced.cpu(),
        f"{memory:,.0f}",
        ", ".join(sorted(found)),
    ]


HISTORY: Final = [
    "operations in the history",
    "join, warm / cold ms",
    "200/s: sender to others p50 / p99 ms",
    "server CPU, s per 1,000",
    "a version in the middle, ms",
    "database, MB",
    "bytes an operation",
]
GROUP: Final = 1_000
SNAPSHOT_EVERY: Final = 500
"""As the server keeps them."""


async def with_history(ours: Ours, operations: int, seconds: float) -> Row:
    """A document of 10,000 code points that so many operations were made on, stored as the server stores them."""
    first = text_of(FIRST_LENGTH)
    document = await ours.new_document(first)
    small = await ours.new_document(first)
    ours.stop()
    await fill(ours.servers[0].database, document, first, operations)
    size = ours.disk_bytes()
    ours.start()
    (await ours.join(small, 0, Recorder())).close()
    reader = await ours.join(document, 0, Recorder())
    cold = 1000 * (reader.joined.result() - reader.began)
    assert reader.content() == first
    warm = []
    for number in range(9):
        visitor = await ours.join(document, number + 1, Recorder())
        warm.append(1000 * (visitor.joined.result() - visitor.began))
        visitor.close()
        await asyncio.sleep(0.05)
    login = ours.servers[0].login("user0", "Person 0")
    start = time.perf_counter()
    await login.call("GET", f"api/specs/{document}/revisions/{operations // 2 + SNAPSHOT_EVERY // 2}")
    middle = 1000 * (time.perf_counter() - start)
    crowd = await Crowd.join(ours, [document], PEOPLE)
    await crowd.measure("", lambda: crowd.paced(1, 100))
    paced = await crowd.measure("", lambda: crowd.paced(seconds, 200))
    crowd.close()
    reader.close()
    return [
        f"{operations:,}",
        f"{statistics.median(warm):.1f} / {cold:.1f}",
        paced.latency(),
        paced.cpu(),
        f"{middle:.0f}",
        f"{size / 1e6:,.1f}",
        f"{size / operations:,.0f}",
    ]


async def fill(database: Path, spec_id: str, text: str, count: int) -> None:
    """Commit ``count`` operations that by twos insert a character and take it away again; ``count`` is even."""
    store = SqliteStore(database)
    await store.open()
    spec = await store.spec(spec_id)
    chance = random.Random(count)
    for begin in range(spec.version, spec.version + count, GROUP):
        group: list[CommittedOperation] = []
        for version in range(begin + 1, begin + 1 + min(GROUP, spec.version + count - begin), 2):
            position = chance.randrange(len(text))
            group += [_operation(spec, version, position, 1), _operation(spec, version + 1, position, -1)]
        await store.commit(spec_id, begin, spec.access_version, group)
        for version in range(begin + SNAPSHOT_EVERY, begin + len(group) + 1, SNAPSHOT_EVERY):
            await store.save_snapshot(spec_id, _snapshot(spec, version, text))
    await store.close()


def _operation(spec: SpecRecord, version: int, position: int, sign: int) -> CommittedOperation:
    kind = "insert" if sign > 0 else "delete"
    component = {"type": kind, "position": position, "content": "x"} | ({} if sign > 0 else {"length": 1})
    return CommittedOperation(
        version=version,
        operation_id=str(uuid4()),
        user_id=spec.created_by,
        user_name="",
        session_id=spec.epoch,
        operation=Operation.of(position, "x" if sign > 0 else -1),
        components=[component],
        timestamp=datetime.now(UTC) + timedelta(seconds=version),
        fingerprint=sha256(str(version).encode()).hexdigest(),
    )


def _snapshot(spec: SpecRecord, version: int, text: str) -> Snapshot:
    return Snapshot(
        version=version,
        content=text,
        content_hash=sha256(text.encode()).hexdigest(),
        created_by=spec.created_by,
        created_by_name="",
        created_at=datetime.now(UTC) + timedelta(seconds=version),
        kind=RevisionKind.AUTO,
        label=None,
        changes_summary="",
    )


IDLE: Final = [
    "idle WebSockets beside them",
    "joining: p50 / p99 ms",
    "joined a second",
    "memory each, KB",
    "CPU of the server while all are idle, %",
    "ten active, 200/s: sender to others p50 / p99 ms",
    "server CPU, s per 1,000",
]
TOGETHER: Final = 50
"""People in one spec, and joins under way at a time."""


async def with_idle(ours: Ours, count: int, seconds: float) -> Row:
    """Ten type while so many others, 50 in a spec, have theirs open and do nothing."""
    document = await ours.new_document(text_of(FIRST_LENGTH))
    crowd = await Crowd.join(ours, [document], PEOPLE)
    await crowd.measure("", lambda: crowd.closed_loop(1))
    before = cores.memory(ours.pids())
    start = time.perf_counter()
    there = [client for group in range(count // TOGETHER) for client in await _gathering(ours, group)]
    took = time.perf_counter() - start
    memory = cores.memory(ours.pids()) - before
    await asyncio.sleep(1)
    cpu = cores.cpu_seconds(ours.pids())
    await asyncio.sleep(seconds)
    resting = (cores.cpu_seconds(ours.pids()) - cpu) / seconds
    paced = await crowd.measure("", lambda: crowd.paced(seconds, 200))
    waits = [client.joined.result() - client.began for client in there]
    for client in (*there, *crowd.clients):
        client.close()
    return [
        f"{count:,}",
        f"{quantile(waits, 0.5):.1f} / {quantile(waits, 0.99):.1f}" if waits else "–",
        f"{count / took:,.0f}" if waits else "–",
        f"{1024 * memory / count:,.0f}" if waits else "–",
        f"{100 * resting:.1f}",
        paced.latency(),
        paced.cpu(),
    ]


async def _gathering(ours: Ours, number: int) -> Sequence[Typist]:
    """Fifty people join a spec of their own at once."""
    document = await ours.new_document(text_of(FIRST_LENGTH))
    first = PEOPLE + number * TOGETHER
    return await asyncio.gather(
        *(ours.join(document, person, Recorder()) for person in range(first, first + TOGETHER))
    )
