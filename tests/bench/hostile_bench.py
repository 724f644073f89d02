"""One hostile user beside honest ones: how long these wait. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.hostile_bench [--attacks words diff ...] [--server NAME=DIRECTORY ...] [--directory DIR]

Each attack of `tests.bench.hostile_attacks` has a server of its own, with the product's limits (but that of
operations a minute, which would stop the people who type; the hostile user keeps to it while attacking). Beside it
two people type 20 operations a second each, one document is read twice a second, each time on a new connection, and
an idle connection is pinged a hundred times a second: its longest wait is the longest pause of the event loop.
Latencies begin when a thing was due.

What an attack costs the machine, the attacker's own work too, is taken from everybody on it. So each attack is also
made on a second server of the same machine, whose database is another: how long people wait at the first one
meanwhile is what the machine costs them, and what comes on top when they share the server is what the server does.

``--server`` measures the package of another working tree, or of several, one
after the other; the default is this one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench import cores
from tests.bench.figures import quantile, table
from tests.bench.hostile_attacks import ATTACKS
from tests.bench.hostile_honest import Honest, Seen
from tests.bench.hostile_loop import longest_pauses
from tests.serving import ROOT, JupyterServer

OPTIONS: Final[Mapping[str, object]] = {"SpecCollabApp.operations_per_minute": 1_000_000}
CALM: Final = 8.0
"""Seconds that are measured before the attack."""

SET_UP: Final = 180.0
"""Seconds that a set-up may take."""

ATTACK: Final = 120.0
"""Seconds after which an attack is ended, where nothing else is said."""

AFTERWARDS: Final = 60.0
"""Seconds that a server is given to answer what was due during an attack."""

HEADINGS: Final = [
    "attack",
    "server",
    "lasted s",
    "typing, calm: p50 / p99 / longest ms",
    "typing, another server attacked",
    "typing, attacked",
    "p99 to that in the calm; to that when another server is attacked",
    "`GET document`, calm: p99 / longest ms",
    "`GET document`, attacked",
    "longest pause of the loop, calm; attacked, ms",
    "memory before; at most; with its workers, MB",
    "the attacker got",
    "converged",
    "faults in the log",
]


@dataclass(frozen=True)
class Measured:
    """What was seen of one attack."""

    seconds: float
    calm: Seen
    meanwhile: Seen
    memory: Sequence[float]
    got: str
    converged: str
    loop: str
    faults: int

    def row(self, title: str, server: str, elsewhere: Seen) -> list[str]:
        """``elsewhere``: what was seen while the same attack was made on another server of the machine."""
        ratios = (
            quantile(self.meanwhile.typing, 0.99) / (quantile(seen.typing, 0.99) or 1)
            for seen in (self.calm, elsewhere)
        )
        return [
            title,
            server,
            f"{self.seconds:.1f}",
            self.calm.typed(),
            elsewhere.typed(),
            self.meanwhile.typed(),
            "; ".join(f"{ratio:.1f}" for ratio in ratios),
            self.calm.read(),
            self.meanwhile.read(),
            f"{self.calm.paused()}; {self.meanwhile.paused()}{self.loop}",
            "; ".join(f"{megabytes:,.0f}" for megabytes in self.memory),
            self.got,
            self.converged,
            str(self.faults),
        ]


class Peaks:
    """The most memory of a server and of all its processes, in MB, looked at every tenth of a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.before = cores.memory([pid])
        self.alone = self.together = self.before
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # forget the peak of the set-up

    async def watch(self) -> None:
        while True:
            self.together = max(self.together, await asyncio.to_thread(self._all))
            await asyncio.sleep(0.1)

    def _all(self) -> float:
        return cores.memory(cores.family(self._pid))

    def seen(self) -> Sequence[float]:
        self.alone = max(self.before, cores.memory([self._pid], "VmHWM"))
        return (self.before, self.alone, max(self.alone, self.together))


def started(
    directory: Path, package: Path, descriptors: int | None = None, traits: Mapping[str, object] = OPTIONS
) -> JupyterServer:
    """A server on the package of a working tree, with so many file descriptors, where that can be set."""
    path = os.pathsep.join(map(str, (package, ROOT)))
    server = JupyterServer(directory, options=traits, environment={"PYTHONPATH": path}, patience=120)
    server.launch()
    if descriptors and hasattr(resource, "prlimit"):
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (descriptors, descriptors))
    server.wait()
    return server


@contextmanager
def running(directory: Path, package: Path, descriptors: int | None = None) -> Iterator[JupyterServer]:
    """Such a server, for as long as it is needed; its faults are printed at the end."""
    directory.mkdir(parents=True)
    server = started(directory, package, descriptors)
    try:
        yield server
    finally:
        server.stop()
        for fault in faults(server)[:3]:
            print(f"A fault of the server:\n{fault}", file=sys.stderr)


async def measured(name: str, server: JupyterServer, attacked: JupyterServer, longest: float) -> Measured:
    """Run one attack on a server that has just been started, for at most ``longest`` seconds, and see what honest
    people wait for at ``server`` before it and meanwhile.
    """
    honest = await Honest(server).begin()
    attacker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.hostile_attacks", name, str(attacked.port)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 22,
    )
    assert attacker.stdin is not None
    assert attacker.stdout is not None
    try:
        attacker.stdin.write(json.dumps(attacked.headers("mallory", "Mallory")).encode() + b"\n")
        async with asyncio.timeout(SET_UP):
            ready = await attacker.stdout.readline()
        if ready != b"ready\n":
            raise RuntimeError(f"the set-up of {name} failed: {ready!r}")
        await honest.settled(AFTERWARDS)
        await asyncio.sleep(1)
        calm = time.perf_counter()
        await asyncio.sleep(CALM)
        peaks = Peaks(attacked.pid)
        watch = asyncio.create_task(peaks.watch())
        begun = time.perf_counter()
        attacker.stdin.write(b"go\n")
        told = await _end_of(attacker, longest)
        ended = time.perf_counter()
        settled = await honest.settled(AFTERWARDS)
        watch.cancel()
    finally:
        if attacker.returncode is None:
            attacker.kill()
        await attacker.wait()
    seen = honest.seen(begun, ended)
    converged = await honest.end()
    return Measured(
        ended - begun,
        honest.seen(calm, begun),
        seen,
        peaks.seen(),
        told,
        converged if settled else f"{converged}, but not answered within {AFTERWARDS:.0f} s",
        longest_pauses(attacked),
        len(faults(attacked)),
    )


async def _end_of(attacker: asyncio.subprocess.Process, patience: float) -> str:
    assert attacker.stdout is not None
    try:
        async with asyncio.timeout(patience):
            line = await attacker.stdout.readline()
    except TimeoutError:
        return f"ended after {patience:.0f} s"
    if not line:
        return "it failed"
    result = json.loads(line)
    got = ", ".join(f"{count:,} × {what}" for what, count in result["got"].items())
    return f"{got}; at most {result['largest'] / 2**20:.1f} MiB at once"


def faults(server: JupyterServer) -> list[str]:
    """The tracebacks in the server's log."""
    log = server.log.read_text(errors="replace")
    return [part[:3_000] for part in log.split("Traceback (most recent call last):")[1:]]


def bench(names: Sequence[str], packages: Mapping[str, Path], directory: Path, longest: float) -> None:
    rows = []
    for name in names:
        plan = ATTACKS[name]
        for label, package in packages.items():
            print(f"{name}, {label} ...", file=sys.stderr, flush=True)
            folder = directory / f"{name}-{label}"
            with (
                running(folder / "attacked", package, plan.descriptors) as attacked,
                running(folder / "other", package) as other,
            ):
                elsewhere = asyncio.run(measured(name, other, attacked, longest)).meanwhile
            with running(folder / "both", package, plan.descriptors) as server:
                both = asyncio.run(measured(name, server, server, longest))
                rows.append(both.row(plan.title(), label, elsewhere))
            print(table(HEADINGS, rows[-1:]), file=sys.stderr, flush=True)
    print(
        f"Two people type 20 operations a second each in one document, another is read twice a second; "
        f"{CALM:.0f} s of calm, then the attack. {cores.told().split('.')[0]}. Nothing is pinned; load average "
        f"{os.getloadavg()[0]:.1f} at the end.\n"
    )
    print(table(HEADINGS, rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--attacks", nargs="*", choices=list(ATTACKS), default=list(ATTACKS))
    parser.add_argument("--server", nargs="*", metavar="NAME=DIRECTORY", default=[])
    parser.add_argument("--longest", type=float, default=ATTACK)
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    packages = {name: Path(path) for name, path in (given.split("=", 1) for given in options.server)}
    with tempfile.TemporaryDirectory(dir=options.directory, ignore_cleanup_errors=True) as directory:
        bench(options.attacks, packages or {"now": ROOT}, Path(directory), options.longest)


if __name__ == "__main__":
    cores.end_in_order()
    main()
