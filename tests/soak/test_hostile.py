"""A random search for what one hostile user can do to others: no server fails, and nobody loses an edit.

``make soak PYTEST_ARGS="-k hostile"`` searches for ten minutes (`SPECCOLLAB_SOAK_SECONDS`) and prints the sequences
that made others wait longest. How long that was is not asserted: a machine that does other work decides it too.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.bench.hostile_search import report, search
from tests.serving import ROOT

SECONDS = float(os.environ.get("SPECCOLLAB_SOAK_SECONDS", "600"))


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_a_hostile_user_breaks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("SPECCOLLAB_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))
    with capsys.disabled():
        found, arena = await search(seed, SECONDS, ROOT, tmp_path)
        report(found, arena)
    assert not arena.faults
    assert set(arena.converged) == {"yes"}
