"""Replays a seed, or looks for one that fails: ``python -m tests.simulation --seed 17``."""

from __future__ import annotations

import argparse
import sys
from math import inf

from .campaign import campaign
from .run import simulate


def main() -> int:
    """1 where a seed failed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--runs", type=int, default=1, help="how many seeds, on all processors")
    parser.add_argument("--seconds", type=float, default=inf, help="after which no more seeds are begun")
    arguments = parser.parse_args()
    if arguments.runs == 1:
        outcome = simulate(arguments.seed)
        print(outcome)
        return 1 if outcome.failures else 0
    tally = campaign(arguments.seed, arguments.runs, arguments.seconds)
    print(*tally.failures, tally, sep="\n")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
