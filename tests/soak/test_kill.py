"""kill -9 at random moments: what was acknowledged is there, once.

``make soak`` does it `SPECCOLLAB_SOAK_ROUNDS` times (100), a test run three times. To replay a run set
`SPECCOLLAB_SOAK_SEED` to the seed that it printed; the moments of a real process still vary a little.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import JupyterServer
from tests.soak.kill import kill_rounds


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JupyterServer]:
    monkeypatch.setattr("jupyter_speccollab.client.link.backoff", lambda attempt, chance: 0.05 + chance / 10)
    with JupyterServer(tmp_path, options={"SpecCollabApp.operations_per_minute": 10_000_000}) as server:
        yield server


def seed() -> int:
    return int(os.environ.get("SPECCOLLAB_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))


async def test_three_kills_lose_and_double_nothing(server: JupyterServer) -> None:
    await kill_and_report(server, 3)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_many_kills_lose_and_double_nothing(
    server: JupyterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 100)
    with capsys.disabled():
        await kill_and_report(server, rounds)


async def kill_and_report(server: JupyterServer, rounds: int) -> None:
    chosen = seed()
    print(f"\nSPECCOLLAB_SOAK_SEED={chosen}")
    figures = await kill_rounds(server, rounds, people=4, seed=chosen)
    print(figures)
    assert (figures.rounds, figures.lost, figures.doubled) == (rounds, 0, 0)
    assert figures.acknowledged > 0
