"""What was measured, and how it is shown."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STALL: Final = 0.020


@dataclass(frozen=True)
class Phase:
    """What one way of loading came to; times in seconds.

    ``operations`` is how many were sent, ``delivered`` how many everybody had when it ended.
    """

    name: str
    operations: int
    delivered: int
    seconds: float
    to_ack: Sequence[float]
    to_others: Sequence[float]
    server_cpu: float
    database_cpu: float
    load_cpu: float
    taken: float
    """Of the server's core, by others, from 0 to 1: what is not this bench's."""

    @property
    def rate(self) -> float:
        """Delivered a second."""
        return self.delivered / self.seconds

    def per_thousand(self, cpu: float) -> str:
        """Of so much time, in seconds per 1,000 operations."""
        return f"{1000 * cpu / max(1, self.delivered):.2f}"

    def cpu(self) -> str:
        """Of the server, and where there is one of the database beside it, in seconds per 1,000 operations."""
        beside = f" + {self.per_thousand(self.database_cpu)}" if self.database_cpu else ""
        return self.per_thousand(self.server_cpu) + beside

    def latency(self) -> str:
        """From when an edit was due until another had it: p50 / p99, in ms."""
        return f"{quantile(self.to_others, 0.5):.1f} / {quantile(self.to_others, 0.99):.1f}"


def quantile(seconds: Sequence[float], q: float) -> float:
    """In ms; 0 where nothing was measured."""
    ordered = sorted(seconds) or [0.0]
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * q))]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """In Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def flush_times(directory: Path, count: int = 200, rate: float = 0.0) -> list[float]:
    """How long the disk takes to make a page durable, in seconds: no acknowledgement can come sooner.

    ``rate`` a second, else as fast as it can.
    """
    times = []
    with (directory / "probe").open("wb", buffering=0) as probe:
        for _ in range(count):
            probe.write(b"\0" * 4096)
            start = time.perf_counter()
            os.fsync(probe.fileno())
            times.append(time.perf_counter() - start)
            if rate:
                time.sleep(max(0.0, 1 / rate - times[-1]))
    return times


def disk(times: Sequence[float]) -> str:
    """`flush_times` in brief: p50 / p99 / longest, in ms, and how many took over 20 ms."""
    stalls = sum(seconds > STALL for seconds in times)
    shown = " / ".join(f"{quantile(times, q):.1f}" for q in (0.5, 0.99, 1))
    return f"{shown} ({stalls} of {len(times):,} over {1000 * STALL:.0f} ms)"
