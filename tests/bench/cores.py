"""One core for the server, the others for the load; and how long processes were busy.

Where the platform pins nothing (macOS), or there is one core only, all run where they like. Where there is no
``/proc``, no time of a server is known: it reads as 0.
"""

from __future__ import annotations

import os
import platform
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

ALL: Final = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()
SERVER: Final = frozenset({min(ALL)}) if len(ALL) > 1 else ALL
LOAD: Final = ALL - SERVER or ALL
TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PROC: Final = Path("/proc")


def open_many() -> None:
    """Allow this process, and what it starts, as many connections as the system lets it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end_in_order() -> None:
    """Let SIGTERM end this process as an error does, so that the servers which it has started end too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))


@contextmanager
def on(cores: frozenset[int]) -> Iterator[None]:
    """Run on these; what is started meanwhile stays on them."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def told() -> str:
    """When and on what this runs, and what runs where."""
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"{date.today()}, {system}, {os.cpu_count()} cores. {_pinned()}"


def _pinned() -> str:
    if len(ALL) < 2:
        return "Nothing is pinned."
    where = f"core {min(SERVER)} of {len(ALL)}"
    return f"Servers are pinned to {where}, the load to the rest; databases are not pinned."


def family(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in PROC.glob("[0-9]*"):
        if fields := _stat(int(entry.name)):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Of these processes and all below them, user and system, those that have ended included."""
    return sum(_busy(member) for pid in pids for member in family(pid)) / TICKS


def server_core_seconds() -> float:
    """How long the server's core has been busy, for whomever; 0 where it has none of its own."""
    if len(ALL) < 2:
        return 0.0
    (core,) = SERVER
    for line in (PROC / "stat").read_text().splitlines():
        name, *spent = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _waiting, *interrupts = map(int, spent[:8])
            return (user + nice + system + sum(interrupts)) / TICKS
    return 0.0


def _busy(pid: int) -> int:
    return sum(int(value) for value in _stat(pid)[11:15])


def _stat(pid: int) -> list[str]:
    """What follows the name in ``/proc/<pid>/stat``: state, parent, ...; empty where the process has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def memory(pids: Iterable[int], field: str = "VmRSS") -> float:
    """Of these processes, in MB: what they have now, or at the most (``VmHWM``)."""
    return sum(_memory(pid, field) for pid in pids) / 1024


def _memory(pid: int, field: str) -> int:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
