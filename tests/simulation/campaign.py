"""A campaign: many seeds, on all processors, or on this process's share of them."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from .run import simulate

PORTION: Final = 10
"""Seeds that a process takes at a time."""


@dataclass(slots=True)
class Tally:
    """What came of some runs; ``failures`` are their reports, ``seconds`` of the real clock."""

    runs: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Tally) -> None:
        """Count those of ``other`` too, except for the seconds: they may have run side by side."""
        self.runs += other.runs
        self.counts += other.counts
        self.failures += other.failures

    def __str__(self) -> str:
        said = {
            "operations": self.counts["commit"],
            "cuts": self.counts["cut"],
            "restarts": self.counts["kill"] + self.counts["stop"],
            "lost races": self.counts["lost race"],
            "unknown outcomes": self.counts["unknown outcome"],
        }
        numbers = ", ".join(f"{count:,} {what}" for what, count in said.items())
        return f"{self.runs:,} runs in {self.seconds:.0f} s: {numbers}, {len(self.failures)} failed"


def run(seeds: Iterable[int]) -> Tally:
    """Run these seeds, one after the other."""
    tally = Tally()
    for seed in seeds:
        outcome = simulate(seed)
        tally.runs += 1
        tally.counts += outcome.counts
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
