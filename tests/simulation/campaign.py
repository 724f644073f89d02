"""A campaign: many seeds, on all processors, or on this process's share of them."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from .run import simulate

PORTION: Final = 10
"""Seeds that a process takes at a time."""

OPERATIONS: Final = {
    "operations": ("commit",),
    "cuts": ("cut",),
    "restarts": ("kill", "stop"),
    "lost races": ("lost race",),
    "unknown outcomes": ("unknown outcome",),
}
"""What is said of all runs together, and the events of their traces that are counted for it."""

THREADS: Final = {
    "threads": ("comment", "suggestion"),
    "accepted suggestions": ("accept",),
    "merged": ("merged",),
    "races of accepts": ("race of accepts",),
    "stale": ("stale",),
    "orphans": ("orphaned",),
    "came back": ("came back",),
}
"""What is said of runs with so many servers each."""

SERVERS: Final = {1: "on one server", 2: "on two"}


@dataclass(slots=True)
class Tally:
    """What came of some runs; ``failures`` are their reports, ``seconds`` of the real clock.

    ``runs`` and ``counts`` are given by the number of servers.
    """

    runs: Counter[int] = field(default_factory=Counter)
    counts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Count those of ``other`` too, except for the seconds: they may have run side by side."""
        self.runs += other.runs
        for servers, counts in other.counts.items():
            self.counts[servers] += counts
        self.failures += other.failures

    def __str__(self) -> str:
        numbers = _numbers(sum(self.counts.values(), Counter()), OPERATIONS)
        threads = "; ".join(
            f"{SERVERS[servers]} ({self.runs[servers]:,} runs) {_numbers(self.counts[servers], THREADS)}"
            for servers in sorted(self.runs)
        )
        runs = f"{self.runs.total():,} runs in {self.seconds:.0f} s"
        return f"{runs}: {numbers}, {len(self.failures)} failed; {threads}"


def _numbers(counts: Counter[str], said: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{sum(counts[name] for name in names):,} {what}" for what, names in said.items())


def run(seeds: Iterable[int]) -> Tally:
    """Run these seeds, one after the other."""
    tally = Tally()
    for seed in seeds:
        outcome = simulate(seed)
        tally.runs[outcome.settings.servers] += 1
        tally.counts[outcome.settings.servers] += outcome.counts
        if outcome.failures:
            tally.failures.append(str(outcome))
    return tally


def processors() -> int:
    """How many processors are this process's: pytest-xdist runs other tests on the rest."""
    return max(1, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def campaign(first: int, runs: int, seconds: float, enough: int = 3) -> Tally:
    """Run seeds from ``first`` on, as many as ``runs``, until ``seconds`` have passed or ``enough`` have failed."""
    began = time.monotonic()
    tally = Tally()
    portions = (
        range(start, min(start + PORTION, first + runs)) for start in range(first, first + runs, PORTION)
    )
    workers = processors()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        while time.monotonic() - began < seconds and len(tally.failures) < enough:
            done = list(_together(pool, portions, workers))
            if not done:
                break
            for one in done:
                tally.add(one)
    tally.seconds = time.monotonic() - began
    return tally


def _together(pool: ProcessPoolExecutor, portions: Iterator[range], workers: int) -> Iterator[Tally]:
    """The next portions, some for each worker."""
    return pool.map(run, islice(portions, workers * 2))
