"""The real server core and the real client, on a network and a store that fail in every way they can.

The law: whatever is delayed, cut, killed or lost, all texts end alike and every edit is there once.
``SPECCOLLAB_SIMULATIONS`` sets how many seeds are run, ``SPECCOLLAB_SEED`` the first of them; `make soak` runs
very many. A seed that fails prints what happened and how to replay it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256

import pytest

from .campaign import Tally, campaign
from .run import simulate

RUNS = 2_000
SECONDS = 90.0
"""After so many seconds the ordinary test run has simulated enough, unless it was told how many."""

SOAK = 200_000

Report = Callable[[Tally], None]


def wanted(default: int) -> int:
    """How many runs were asked for."""
    return int(os.environ.get("SPECCOLLAB_SIMULATIONS", default))


def first_seed(default: int) -> int:
    """The seed to begin with."""
    return int(os.environ.get("SPECCOLLAB_SEED", default))


def test_every_edit_arrives_once_and_all_texts_end_alike(report: Report) -> None:
    asked = "SPECCOLLAB_SIMULATIONS" in os.environ
    tally = campaign(first_seed(0), wanted(RUNS), float("inf") if asked else SECONDS)
    report(tally)
    assert not tally.failures, "\n".join(tally.failures)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_every_edit_arrives_once_in_a_long_run(report: Report) -> None:
    tally = campaign(first_seed(1_000_000), wanted(SOAK), float("inf"))
    report(tally)
    assert not tally.failures, "\n".join(tally.failures)


def test_a_seed_has_one_outcome_in_every_process() -> None:
    """Else a failure could not be replayed: hashes of strings, for one, differ from process to process."""
    seeds = range(20)
    script = f"from {__name__} import digest; print(digest({seeds!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == digest(seeds)


def digest(seeds: range) -> str:
    """A digest of everything that happens in these runs."""
    return sha256("".join(str(simulate(seed).trace) for seed in seeds).encode()).hexdigest()
