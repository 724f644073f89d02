"""A flood beside people who write: how much longer they wait. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.flood_bench [--seconds 6] [--people 10] [--rate 100] [--directory DIR]

``people`` write ``rate`` operations a second together, over real sockets on a real server. By turns they are
alone and beside a program that keeps 20 operations in flight, each made some 1,000 versions ago, or made too
long ago to be bridged, so that it gets a conflict and the whole text. The limit of operations a minute, which would
stop either after a second, is lifted. A disk that stalls now and then decides the 99th percentile by itself: to see
what the flood does, put ``--directory`` where there is no disk, such as ``/dev/shm``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.bench.cores import cpu_seconds
from tests.bench.crowd import Crowd
from tests.bench.figures import quantile, table
from tests.bench.load import FIRST_LENGTH, Event, LoadClient, Recorder
from tests.bench.ours import Ours
from tests.bench.workloads import text_of

IN_FLIGHT: Final = 20
BEHIND: Final = 980
"""Versions; what others commit meanwhile makes it some 1,000, and no more."""

TOO_FAR: Final = 2_000
ROUNDS: Final = 3


class Flooder(LoadClient):
    """Sends operations on an old version, whatever becomes of them, while ``behind`` is not 0."""

    behind = 0
    answers = 0

    def flood(self, behind: int) -> None:
        """Begin."""
        self.behind = behind
        for _ in range(IN_FLIGHT):
            self._send_old()

    def _send_old(self) -> None:
        position = self._random.randrange(FIRST_LENGTH)
        components = f'[{{"type":"insert","position":{position},"content":"y"}}]'
        self.recorder.due[self.send_components(components, self.behind)] = time.perf_counter()

    def take_event(self, event: Event, now: float) -> None:
        match event.event:
            case "operation_ack" | "version_conflict":
                self.answers += 1
                if event.event == "operation_ack":
                    assert event.data.success, event.data
                    self.step(event.data.version)
                if self.behind:
                    self._send_old()
            case _:
                super().take_event(event, now)


async def bench(directory: Path, seconds: float, people: int, rate: float) -> None:
    ours = Ours(directory)
    ours.start()
    try:
        document = await ours.new_document(text_of(FIRST_LENGTH))
        crowd = await Crowd.join(ours, [document], people)
        server, path = ours.servers[0], f"/ws/specs/{document}"
        flooder = Flooder(Recorder(), server.port, path, server.headers("program", "Program"))
        await flooder.connect()
        while flooder.version <= TOO_FAR + IN_FLIGHT:
            await crowd.closed_loop(1)
        waits: dict[str, list[float]] = {"alone": [], "1,000 behind": [], "too far behind": []}
        answers = dict.fromkeys(waits, 0)
        cpu = dict.fromkeys(waits, 0.0)
        for _ in range(ROUNDS):
            for name, behind in zip(waits, (0, BEHIND, TOO_FAR), strict=True):
                crowd.recorder.to_ack = []
                before, used = flooder.answers, cpu_seconds(ours.pids())
                flooder.flood(behind) if behind else None
                await crowd.paced(seconds / ROUNDS, rate)
                flooder.behind = 0
                waits[name] += crowd.recorder.to_ack
                answers[name] += flooder.answers - before
                cpu[name] += cpu_seconds(ours.pids()) - used
                await asyncio.sleep(0.5)
    finally:
        ours.close()
    alone = quantile(waits["alone"], 0.99)
    rows = [
        [
            name,
            *(f"{quantile(times, q):.1f}" for q in (0.5, 0.95, 0.99, 1)),
            f"{quantile(times, 0.99) / alone:.2f}",
            f"{answers[name] / seconds:,.0f}",
            f"{100 * cpu[name] / seconds:.0f} %",
        ]
        for name, times in waits.items()
    ]
    print(f"{people} people, {rate:g} operations a second together, {seconds:g} s each\n")
    headings = ["beside them", *(f"to ack p{q} ms" for q in (50, 95, 99)), "longest ms", "p99 to that alone"]
    print(table([*headings, "flood's answers/s", "server busy"], rows))
    print(f"\nLoad average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        work = bench(Path(directory), options.seconds, options.people, options.rate)
        asyncio.run(asyncio.wait_for(work, 300))


if __name__ == "__main__":
    main()
