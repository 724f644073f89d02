"""Ten people in one document on a real server: latency, throughput, memory. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.server_bench [--seconds 8] [--people 10] [--directory DIR]

The server is a process of its own, with SQLite in a temporary directory (below ``--directory``, which says on which
disk; one in memory shows what the server alone can do); this process is the load. The clients
first each keep one operation in flight (closed loop), then send 200 and 1,000 operations a second together.
Latencies count from the moment when an operation was due, so that one that had to wait for the one before counts
that too. Every acknowledgement comes after its COMMIT. At the end the text that the server has is compared with the
one that the broadcasts make.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from jupyter_speccollab.text import Text, from_wire
from tests.bench.load import FIRST_LENGTH, LoadClient, Recorder
from tests.serving import JupyterServer

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
STALL = 0.020


@dataclass(frozen=True)
class Phase:
    """What one way of loading came to; times in seconds."""

    name: str
    operations: int
    seconds: float
    to_ack: list[float]
    to_others: list[float]
    server_cpu: float
    load_cpu: float

    def row(self) -> list[str]:
        thousands = self.operations / 1000
        return [
            self.name,
            f"{self.operations / self.seconds:,.0f}",
            *(f"{1000 * quantile(self.to_others, q):.1f}" for q in (0.5, 0.95, 0.99)),
            *(f"{1000 * quantile(self.to_ack, q):.1f}" for q in (0.5, 0.95, 0.99, 1)),
            f"{100 * sum(seconds > STALL for seconds in self.to_ack) / len(self.to_ack):.2f} %",
            f"{self.server_cpu / thousands:.2f}",
            f"{100 * self.server_cpu / self.seconds:.0f} %",
            f"{100 * self.load_cpu / self.seconds:.0f} %",
        ]


HEADINGS = [
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


def quantile(values: Sequence[float], q: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * q))]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


class Bench:
    """The clients, and what they measure."""

    def __init__(self, server: JupyterServer, people: int) -> None:
        self.server = server
        self.people = people
        self.recorder = Recorder()
        self.clients: list[LoadClient] = []
        self.first = ("A line of a spec, as people write them.\n" * FIRST_LENGTH)[:FIRST_LENGTH]

    async def join(self) -> None:
        ada = self.server.login("user0", "Ada")
        self.spec_id = await ada.new_spec(self.first)
        loop = asyncio.get_running_loop()
        for number in range(self.people):
            headers = self.server.headers(f"user{number}", f"Person {number}")
            path = f"/ws/specs/{self.spec_id}"
            host = f"127.0.0.1:{self.server.port}"
            client = LoadClient(self.recorder, host, path, headers)
            await loop.create_connection(lambda client=client: client, "127.0.0.1", self.server.port)  # type: ignore[misc]
            await client.joined
            self.clients.append(client)
        # Each sees all but its own: two together see everything.
        self.clients[0].keep = self.clients[1].keep = True

    async def closed_loop(self, seconds: float) -> None:
        """Each client sends its next operation when it has the acknowledgement of the last."""
        end = time.perf_counter() + seconds

        def go_on(client: LoadClient) -> Callable[[], None]:
            return lambda: client.edit(now) if (now := time.perf_counter()) < end else None

        for client in self.clients:
            client.idle = go_on(client)
            client.edit(time.perf_counter())
        await asyncio.sleep(seconds)
        await self.settle()

    async def paced(self, seconds: float, rate: float) -> None:
        """All together ``rate`` operations a second, evenly."""
        for client in self.clients:
            client.idle = lambda: None
        start = time.perf_counter()
        for number in range(int(seconds * rate)):
            due = start + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            elif number % 50 == 0:
                await asyncio.sleep(0)
            self.clients[number % self.people].edit(due)
        await self.settle()

    async def settle(self) -> None:
        """Until every client has every version."""
        deadline = time.perf_counter() + 30
        while any(client.in_flight for client in self.clients) or len({c.version for c in self.clients}) > 1:
            assert time.perf_counter() < deadline, "the server does not keep up"
            await asyncio.sleep(0.005)

    async def measure(self, name: str, load: Callable[[], Awaitable[None]]) -> Phase:
        recorder, before = self.recorder, self.clients[0].version
        recorder.due, recorder.to_ack, recorder.to_others = {}, [], []
        gc.collect()
        gc.disable()
        start, cpu, own = time.perf_counter(), cpu_seconds(self.server.pid), time.process_time()
        await load()
        end = time.perf_counter()
        gc.enable()
        return Phase(
            name,
            self.clients[0].version - before,
            end - start,
            recorder.to_ack,
            recorder.to_others,
            cpu_seconds(self.server.pid) - cpu,
            time.process_time() - own,
        )

    async def converged(self) -> str:
        """Whether the broadcasts make the text that the server has."""
        text = Text(self.first)
        steps = {version: wire for client in self.clients[:2] for version, _, wire in client.seen}
        for version in sorted(steps):
            text = text.apply(from_wire(msgspec.json.decode(steps[version]), len(text)))
        document = await self.server.login("user0", "Ada").call("GET", f"api/specs/{self.spec_id}/document")
        whole = sorted(steps) == list(range(2, document["version"] + 1))
        same = sha256(str(text).encode()).hexdigest() == document["contentHash"]
        gap, hashes = "without" if whole else "WITH", "equal" if same else "DIFFER"
        return f"{document['version']:,} versions, {gap} gap, hashes {hashes}"


def cpu_seconds(pid: int) -> float:
    """Of a process, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def flush_times(directory: Path, count: int = 200) -> list[float]:
    """How long the disk takes to make a page durable, in seconds: no acknowledgement can come sooner."""
    times = []
    with (directory / "probe").open("wb", buffering=0) as probe:
        for _ in range(count):
            probe.write(b"\0" * 4096)
            start = time.perf_counter()
            os.fsync(probe.fileno())
            times.append(time.perf_counter() - start)
    return times


def peak_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


async def bench(directory: Path, seconds: float, people: int) -> None:
    flushes = flush_times(directory)
    server = JupyterServer(directory, options={"SpecCollabApp.operations_per_minute": 10_000_000})
    with server:
        idle = peak_megabytes(server.pid)
        bench = Bench(server, people)
        await bench.join()
        await bench.measure("warming up", lambda: bench.closed_loop(1))
        phases = [
            await bench.measure("one in flight each", lambda: bench.closed_loop(seconds)),
            await bench.measure("200 a second", lambda: bench.paced(seconds, 200)),
            await bench.measure("1,000 a second", lambda: bench.paced(seconds, 1000)),
        ]
        print(f"{people} people in one document, {seconds:g} s each, SQLite\n")
        print(table(HEADINGS, [phase.row() for phase in phases]))
        converged = await bench.converged()
        peak = peak_megabytes(server.pid)
        for client in bench.clients:
            client.close()
        versions = bench.clients[0].version
    size = sum(file.stat().st_size for file in server.database.parent.glob("specs.sqlite3*"))
    p50, p99, longest = (1000 * quantile(flushes, q) for q in (0.5, 0.99, 1))
    rows = [
        ["the disk's fsync", f"p50 {p50:.1f}, p99 {p99:.1f}, longest {longest:.1f} ms"],
        ["other load on the machine", f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"],
        ["convergence", converged],
        ["peak memory of the server", f"{peak:.0f} MB ({idle:.0f} MB before anybody came)"],
        ["database", f"{size / 1e6:.1f} MB, {size / versions:.0f} bytes an operation"],
    ]
    print("\n" + table(["", ""], rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        asyncio.run(asyncio.wait_for(bench(Path(directory), options.seconds, options.people), 300))


if __name__ == "__main__":
    main()
