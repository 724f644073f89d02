"""Ten people on our server, closely: latency, throughput, memory. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.server_bench [--seconds 8] [--people 10] [--directory DIR]

The server is a process of its own, with SQLite in a temporary directory (below ``--directory``, which says on which
disk; one in memory shows what the server alone can do); this process is the load. The clients
first each keep one operation in flight (closed loop), then send 200 and 1,000 operations a second together.
Latencies count from the moment when an operation was due, so that one that had to wait for the one before counts
that too. Every acknowledgement comes after its COMMIT. ``python -m tests.bench peers`` has other systems beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path
from typing import Final

from tests.bench import cores
from tests.bench.crowd import Crowd
from tests.bench.figures import STALL, Phase, disk, flush_times, quantile, table
from tests.bench.load import FIRST_LENGTH
from tests.bench.ours import Ours
from tests.bench.workloads import converged, text_of

HEADINGS: Final = [
    "load",
    "operations/s",
    *(f"to others p{q} ms" for q in (50, 95, 99)),
    *(f"to ack p{q} ms" for q in (50, 95, 99)),
    "longest ms",
    "over 20 ms",
    "server CPU s per 1,000",
    "server busy",
    "load busy",
]


def row(phase: Phase) -> list[str]:
    late = sum(seconds > STALL for seconds in phase.to_ack)
    return [
        phase.name,
        f"{phase.rate:,.0f}",
        *(f"{quantile(phase.to_others, q):.1f}" for q in (0.5, 0.95, 0.99)),
        *(f"{quantile(phase.to_ack, q):.1f}" for q in (0.5, 0.95, 0.99, 1)),
        f"{100 * late / len(phase.to_ack):.2f} %",
        phase.per_thousand(phase.server_cpu),
        f"{100 * phase.server_cpu / phase.seconds:.0f} %",
        f"{100 * phase.load_cpu / phase.seconds:.0f} %",
    ]


async def bench(ours: Ours, seconds: float, people: int) -> None:
    idle = cores.memory(ours.pids(), "VmHWM")
    first = text_of(FIRST_LENGTH)
    document = await ours.new_document(first)
    crowd = await Crowd.join(ours, [document], people)
    await crowd.measure("warming up", lambda: crowd.closed_loop(1))
    phases = [
        await crowd.measure("one in flight each", lambda: crowd.closed_loop(seconds)),
        await crowd.measure("200 a second", lambda: crowd.paced(seconds, 200)),
        await crowd.measure("1,000 a second", lambda: crowd.paced(seconds, 1000)),
    ]
    print(f"{people} people in one document, {seconds:g} s each, SQLite. {cores.told()}\n")
    print(table(HEADINGS, [row(phase) for phase in phases]))
    operations = sum(client.sent for client in crowd.clients)
    size = ours.disk_bytes()
    rows = [
        ["fsync, p50 / p99 / longest ms", disk(flush_times(ours.servers[0].directory))],
        ["other load on the machine", f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"],
        ["converged", await converged(ours, crowd.groups[0], document, first)],
        [
            "peak memory of the server",
            f"{cores.memory(ours.pids(), 'VmHWM'):.0f} MB ({idle:.0f} MB before anybody came)",
        ],
        ["database", f"{size / 1e6:.1f} MB, {size / operations:.0f} bytes an operation"],
    ]
    crowd.close()
    print("\n" + table(["", ""], rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        ours = Ours(Path(directory))
        try:
            ours.start()
            with cores.on(cores.LOAD):
                asyncio.run(asyncio.wait_for(bench(ours, options.seconds, options.people), 300))
        finally:
            ours.close()


if __name__ == "__main__":
    cores.end_in_order()
    main()
