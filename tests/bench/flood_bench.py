"""A flood beside people who write: how much longer they wait. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.flood_bench [--seconds 6] [--people 10] [--rate 100] [--directory DIR]

``people`` write ``rate`` operations a second together, over real sockets on a real server. By turns they are
alone and beside a program that keeps 20 operations in flight, each made some 1,000 versions ago, or made too
long ago to be bridged, so that it gets a conflict and the whole text. The limit of operations a minute, which would
stop either after a second, is lifted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Final
from uuid import uuid4

from tests.bench.load import FIRST_LENGTH, Event, LoadClient, Recorder
from tests.bench.server_bench import Bench, cpu_seconds, quantile, table
from tests.serving import JupyterServer

IN_FLIGHT: Final = 20
BEHIND: Final = 980
"""Versions; what others commit meanwhile makes it some 1,000, and no more."""

TOO_FAR: Final = 2_000
ROUNDS: Final = 3


class Flooder(LoadClient):
    """Sends operations on an old version, whatever becomes of them, while ``behind`` is not 0."""

    behind = 0
    answered = 0

    def flood(self, behind: int) -> None:
        """Begin."""
        self.behind = behind
        for _ in range(IN_FLIGHT):
            self._send_old()

    def _send_old(self) -> None:
        operation_id = str(uuid4())
        self.recorder.due[operation_id] = time.perf_counter()
        position = self._random.randrange(FIRST_LENGTH)
        self._send(
            f'{{"event":"operation","data":{{"operationId":"{operation_id}",'
            f'"version":{self.version - self.behind},'
            f'"operations":[{{"type":"insert","position":{position},"content":"y"}}]}}}}'
        )

    def _take(self, event: Event, now: float) -> None:
        match event.event:
            case "operation_ack" | "version_conflict":
                self.answered += 1
                if event.event == "operation_ack":
                    assert event.data.success, event.data
                    self._step(event.data.version)
                if self.behind:
                    self._send_old()
            case _:
                super()._take(event, now)


async def bench(directory: Path, seconds: float, people: int, rate: float) -> None:
    server = JupyterServer(directory, options={"SpecCollabApp.operations_per_minute": 10_000_000})
    with server:
        bench = Bench(server, people)
        await bench.join()
        headers = server.headers("program", "Program")
        flooder = Flooder(Recorder(), f"127.0.0.1:{server.port}", f"/ws/specs/{bench.spec_id}", headers)

        await asyncio.get_running_loop().create_connection(lambda: flooder, "127.0.0.1", server.port)
        await flooder.joined
        while flooder.version <= TOO_FAR + IN_FLIGHT:
            await bench.closed_loop(1)
        waits: dict[str, list[float]] = {"alone": [], "1,000 behind": [], "too far behind": []}
        answered = dict.fromkeys(waits, 0)
        cpu = dict.fromkeys(waits, 0.0)
        for _ in range(ROUNDS):
            for name, behind in zip(waits, (0, BEHIND, TOO_FAR), strict=True):
                bench.recorder.to_ack = []
                before, used = flooder.answered, cpu_seconds(server.pid)
                flooder.flood(behind) if behind else None
                await bench.paced(seconds / ROUNDS, rate)
                flooder.behind = 0
                waits[name] += bench.recorder.to_ack
                answered[name] += flooder.answered - before
                cpu[name] += cpu_seconds(server.pid) - used
                await asyncio.sleep(0.5)
    alone = quantile(waits["alone"], 0.99)
    rows = [
        [
            name,
            *(f"{1000 * quantile(times, q):.1f}" for q in (0.5, 0.95, 0.99, 1)),
            f"{quantile(times, 0.99) / alone:.2f}",
            f"{answered[name] / seconds:,.0f}",
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
