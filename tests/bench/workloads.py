"""What each system of the side-by-side run is put through. A workload returns rows: a label and what was seen."""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from jupyter_speccollab.text import Text
from tests.bench.crowd import Crowd
from tests.bench.figures import Phase
from tests.bench.load import FIRST_LENGTH, Recorder, Typist
from tests.bench.system import System
from tests.bench.trace import hundreds, read

PEOPLE: Final = 10
LARGE: Final = 1_000_000
"""Code points, and bytes, of a large document."""

LINE: Final = "A line of a spec, as people write them.\n"
STORED_BY: Final = 4.0
"""Seconds after which what is stored late, by design, has been stored."""

KILLED_AFTER: Final = 1_000
"""Acknowledged edits."""

JOINS: Final = 5
NONE: Final = "–"

Rows = Mapping[str, str]


def text_of(length: int) -> str:
    return (LINE * (length // len(LINE) + 1))[:length]


async def typing(system: System, seconds: float) -> Rows:
    """Ten people in one document: as fast as they are answered, then 50, 200 and 1,000 edits a second together."""
    first = text_of(FIRST_LENGTH)
    document = await system.new_document(first)
    crowd = await Crowd.join(system, [document], PEOPLE)
    await crowd.measure("", lambda: crowd.closed_loop(1))
    most = await crowd.measure("one in flight each", lambda: crowd.closed_loop(seconds))
    rows = dict(_seen(most))
    for rate in (50, 200, 1000):
        phase = await crowd.measure(f"{rate:,}/s", lambda rate=rate: crowd.paced(seconds, rate))  # type: ignore[misc]
        rows |= _seen(phase)
    rows["converged"] = await converged(system, crowd.groups[0], document, first)
    crowd.close()
    return rows


async def large(system: System, seconds: float) -> Rows:
    """Ten people in a document of 1 MB, 200 edits a second together, anywhere in it."""
    first = text_of(LARGE)
    document = await system.new_document(first)
    crowd = await Crowd.join(system, [document], PEOPLE, reach=LARGE)
    await crowd.measure("", lambda: crowd.paced(1, 50))
    phase = await crowd.measure("1 MB, 200/s", lambda: crowd.paced(seconds, 200))
    rows = dict(_seen(phase))
    rows["1 MB: converged"] = await converged(system, crowd.groups[0], document, first)
    crowd.close()
    return rows


async def joining(system: System, seconds: float) -> Rows:
    """Join documents of 1 MB, first after the server was started anew, then while they are open."""
    text = text_of(LARGE)
    documents = [await system.new_document(text) for _ in range(JOINS)]
    small = await system.new_document(LINE)
    return {"**join 1 MB**, warm / cold ms": await _warm_and_cold(system, documents, small, text)}


async def history(system: System, seconds: float) -> Rows:
    """Write automerge-paper, 100 edits an operation; then join what became of it, and look how large it is.

    The first operation makes the document: ShareDB on PostgreSQL can't edit one that was made empty.
    """
    directory = os.environ.get("SPECCOLLAB_DATA")
    label = "**join after automerge-paper**, warm / cold ms"
    if not directory:
        return {label: "skipped: SPECCOLLAB_DATA is not set"}
    path = Path(directory) / "traces" / "automerge-paper.json.gz"
    trace, (first, *operations) = read(path), hundreds(path)
    before = await asyncio.to_thread(system.disk_bytes)
    document = await system.new_document(str(Text(trace.start).apply(first)))
    writer = await system.join(document, 0, Recorder())
    for operation in operations:
        writer.submit(operation)
        await _acknowledged(writer)
    writer.close()
    await asyncio.sleep(STORED_BY)
    size = await asyncio.to_thread(system.disk_bytes) - before
    small = await system.new_document(LINE)
    return {
        label: await _warm_and_cold(system, [document], small, trace.end),
        "bytes on disk after it": f"{size / 1e6:.2f} MB" if size > 0 else NONE,
    }


async def killed(system: System, seconds: float) -> Rows:
    """Ten people send 1,000 edits; when the last is acknowledged the server is killed."""
    first = text_of(FIRST_LENGTH)
    document = await system.new_document(first)
    crowd = await Crowd.join(system, [document], PEOPLE)
    await crowd.counted(KILLED_AFTER // PEOPLE)
    system.kill()
    system.start()
    reader = await system.join(document, 0, Recorder())
    kept = len(reader.content()) - len(first)
    reader.close()
    return {"lost of 1,000 acknowledged edits when killed": f"{min(KILLED_AFTER, KILLED_AFTER - kept):,}"}


WORKLOADS: Final[Mapping[str, Callable[[System, float], Awaitable[Rows]]]] = {
    "typing": typing,
    "large": large,
    "joining": joining,
    "history": history,
    "killed": killed,
}


def _seen(phase: Phase) -> Rows:
    missing = phase.operations - phase.delivered
    late = f" ({missing:,} of {phase.operations:,} not in time)" if missing else ""
    delivered = f"{phase.rate:,.0f}{late}; {phase.latency()}"
    busy = f"{100 * phase.server_cpu / phase.seconds:.0f} / {100 * phase.load_cpu / phase.seconds:.0f}"
    return {
        f"**{phase.name}**: delivered/s; sender to others p50 / p99 ms": delivered,
        f"{phase.name}: server (+ database) CPU, s per 1,000": phase.cpu(),
        f"{phase.name}: busy: server / load / its core for others, %": f"{busy} / {100 * phase.taken:.0f}",
    }


async def converged(system: System, group: Sequence[Typist], document: str, first: str) -> str:
    """Whether what two people saw makes the text that a newcomer gets, with every edit of the group in it."""
    text = await asyncio.to_thread(system.rebuilt, first, group[:2])
    if text is None:
        return NONE
    edits = sum(client.sent for client in group)
    if any(client.pending() or client.sent + client.heard < edits for client in group):
        return "not in time"
    reader = await system.join(document, len(group), Recorder())
    reader.close()
    return "yes" if reader.content() == text and len(text) == len(first) + edits else "NO"


async def _acknowledged(client: Typist) -> None:
    done = asyncio.get_running_loop().create_future()
    client.idle = lambda: done.set_result(None)
    if client.pending():
        await asyncio.wait_for(done, 30)
    client.idle = lambda: None


async def _warm_and_cold(system: System, documents: list[str], small: str, text: str) -> str:
    """Medians, in ms. Somebody opens the small one first, so that the server's code is warm in any case."""
    if system.keeps:
        await asyncio.sleep(STORED_BY)
        system.stop()
        system.start()
    warm, cold, there = [], [], []
    there.append(await system.join(small, 0, Recorder()))
    for document in documents:
        client = await system.join(document, 0, Recorder())
        if client.content() != text:
            return f"the text is not there: {len(client.content()):,} of {len(text):,} code points"
        cold.append(1000 * (client.joined.result() - client.began))
        there.append(client)
        for number in range(JOINS):
            visitor = await system.join(document, number + 1, Recorder())
            warm.append(1000 * (visitor.joined.result() - visitor.began))
            visitor.close()
            await asyncio.sleep(0.1)
    for client in there:
        client.close()
    return f"{statistics.median(warm):.1f} / " + (f"{statistics.median(cold):.1f}" if system.keeps else NONE)
