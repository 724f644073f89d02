"""One hostile user beside honest ones: how long these wait. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.hostile_bench [--attacks words diff ...] [--server NAME=DIRECTORY ...] [--directory DIR]

Each attack of `tests.bench.hostile_attacks` has a server of its own, with the product's limits (but that of
operations a minute, which would stop the people who type; the hostile user keeps to it while attacking). Beside it
two people type 20 operations a second each, one document is read twice a second, each time on a new connection, and
an idle connection is pinged a hundred times a second: its longest wait is the longest pause of the event loop.
Latencies begin when a thing was due. ``--server`` measures the package of another working tree, or of several, one
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
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
    "typing, attacked",
    "p99 to that in the calm",
    "`GET document`, calm: p99 / longest ms",
    "`GET document`, attacked",
    "longest pause of the loop, calm; attacked, ms",
    "memory before; at most; with its workers, MB",
    "the attacker got",
    "converged",
    "faults in the log",
]


@dataclass(frozen=True)
class Attacked:
    """What was seen of one attack."""

    seconds: float
    calm: Seen
    attacked: Seen
    memory: Sequence[float]
    got: str
    converged: str
    loop: str
    faults: int

    def row(self, title: str, server: str) -> list[str]:
        ratio = quantile(self.attacked.typing, 0.99) / (quantile(self.calm.typing, 0.99) or 1)
        return [
            title,
            server,
            f"{self.seconds:.1f}",
            self.calm.typed(),
            self.attacked.typed(),
            f"{ratio:.1f}",
            self.calm.read(),
            self.attacked.read(),
            f"{self.calm.paused()}; {self.attacked.paused()}{self.loop}",
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


async def measured(name: str, server: JupyterServer, longest: float) -> Attacked:
    """Run one attack, for at most ``longest`` seconds, on a server that has just been started."""
    honest = await Honest(server).begin()
    attacker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.hostile_attacks", name, str(server.port)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 22,
    )
    assert attacker.stdin is not None
    assert attacker.stdout is not None
    try:
        attacker.stdin.write(json.dumps(server.headers("mallory", "Mallory")).encode() + b"\n")
        async with asyncio.timeout(SET_UP):
            ready = await attacker.stdout.readline()
        if ready != b"ready\n":
            raise RuntimeError(f"the set-up of {name} failed: {ready!r}")
        await honest.settled(AFTERWARDS)
        await asyncio.sleep(1)
        calm = time.perf_counter()
        await asyncio.sleep(CALM)
        peaks = Peaks(server.pid)
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
    loop = longest_pauses(server)
    return Attacked(
        ended - begun,
        honest.seen(calm, begun),
        seen,
        peaks.seen(),
        told,
        converged if settled else f"{converged}, but not answered within {AFTERWARDS:.0f} s",
        loop,
        len(faults(server)),
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
            server = started(directory / f"{name}-{label}", package, plan.descriptors)
            try:
                attacked = asyncio.run(measured(name, server, longest))
            finally:
                server.stop()
            for fault in faults(server)[:3]:
                print(f"A fault of the server:\n{fault}", file=sys.stderr)
            rows.append(attacked.row(plan.title(), label))
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
