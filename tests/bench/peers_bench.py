"""Other systems, ours and a bare floor side by side, in one run on one machine. Prints Markdown, asserts no figure.

Run::

    python -m tests.bench.peers_bench [--systems ours floor] [--workloads typing large] [--seconds 6]
                                      [--results FILE] [--directory DIR]

Each system's server has a core of its own, the clients have the rest. Latencies count from the moment when an
edit was due, so that one that had to wait for the one before counts that too. ``--results`` keeps the figures in a
file of JSON, and takes those of systems that are not run now from there, so that a run can be made in pieces;
``--systems`` without any shows what is there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench import cores
from tests.bench.bare import Bare
from tests.bench.figures import disk, flush_times, table
from tests.bench.ours import Ours
from tests.bench.peers.collaboration import Collaboration
from tests.bench.peers.hocus import Hocuspocus
from tests.bench.peers.share import ShareMemory, SharePostgres
from tests.bench.system import NotHere, System
from tests.bench.workloads import NONE, WORKLOADS

SYSTEMS: Final[Mapping[str, Callable[[Path], System]]] = {
    "floor": Bare,
    "ours": Ours,
    "ours-team": lambda directory: Ours(directory, team=True),
    "jupyter-collaboration": Collaboration,
    "hocuspocus": Hocuspocus,
    "sharedb-memory": ShareMemory,
    "sharedb-postgres": SharePostgres,
}
WITHOUT_TEXT: Final = frozenset({"floor"})
"""It takes part in typing alone."""

DISK: Final = "fsync of a page before; after, p50 / p99 / longest ms"
FAILED: Final = "ended early"
LONGEST: Final = 240.0
"""Seconds that one workload of one system may take."""

Column = dict[str, str]


def run(name: str, directory: Path, workloads: Sequence[str], seconds: float, column: Column) -> None:
    """Fill one column of the table."""
    directory.mkdir()
    system = SYSTEMS[name](directory)
    column |= {"system": system.name, "durable": "yes" if system.durable else "no"}
    before = disk(flush_times(directory, 1000))
    try:
        system.start()
        column["versions"] = ", ".join(f"{what} {number}" for what, number in system.versions().items())
        for workload in workloads:
            if name not in WITHOUT_TEXT or workload == "typing":
                column |= _try(system, workload, seconds)
    except NotHere as error:
        column["versions"] = str(error)
    finally:
        system.close()
    column[DISK] = f"{before}; {disk(flush_times(directory, 1000))}"


def _try(system: System, workload: str, seconds: float) -> Mapping[str, str]:
    """Its rows, or one that says what it ended with."""
    work = WORKLOADS[workload](system, seconds)
    with asyncio.Runner() as runner, cores.on(cores.LOAD):
        try:
            return runner.run(asyncio.wait_for(work, LONGEST))
        except TimeoutError:
            return {f"{workload}: {FAILED}": f"after {LONGEST:g} s"}
        except (AssertionError, ConnectionError) as error:
            return {f"{workload}: {FAILED}": f"{type(error).__name__}: {str(error)[:100]}"}


def shown(columns: Mapping[str, Column]) -> str:
    """The table."""
    present = [columns[name] for name in SYSTEMS if name in columns]
    seen = dict.fromkeys(label for column in present for label in column if label != "system")
    labels = sorted(seen, key=lambda label: label == DISK)  # the others as they came
    return table(
        ["", *(column["system"] for column in present)],
        [[label, *(column.get(label, NONE) for column in present)] for label in labels],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    columns: dict[str, Column] = {}
    if options.results and options.results.exists():
        columns = json.loads(options.results.read_text())
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        for name in options.systems:
            start = time.monotonic()
            column = columns.setdefault(name, {})
            try:
                run(name, Path(directory) / name, options.workloads, options.seconds, column)
            finally:
                if options.results:
                    options.results.write_text(json.dumps(columns, indent=1))
            print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    print(f"{cores.told()}\n\n{shown(columns)}")
    return int(any("NO" in column.values() for column in columns.values()))


if __name__ == "__main__":
    cores.end_in_order()
    sys.exit(main())
