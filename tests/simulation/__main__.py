"""Replays a seed, or looks for one that fails: ``python -m tests.simulation --seed 17``."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from .run import simulate
from .summary import summary


def main() -> int:
    """The number of seeds that failed, at most 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--runs", type=int, default=1, help="how many seeds, one after the other")
    parser.add_argument("--trace", action="store_true", help="print the trace of a run that succeeds too")
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    failed = []
    began = time.perf_counter()
    for seed in range(arguments.seed, arguments.seed + arguments.runs):
        outcome = simulate(seed)
        counts += outcome.counts
        if outcome.failures:
            failed.append(seed)
        if outcome.failures or arguments.trace:
            print(outcome)
    print(summary(arguments.runs, counts, time.perf_counter() - began))
    if failed:
        print(f"Failed: {failed}")
    return 1 if failed else 0


sys.exit(main())
