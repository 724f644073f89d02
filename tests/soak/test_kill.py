"""kill -9 at random moments: what was acknowledged is there, once.

``make soak`` does it `SPECCOLLAB_SOAK_ROUNDS` times (1,000), on a new spec each hundred; a test run three
times. To replay a run set `SPECCOLLAB_SOAK_SEED` to the seed that it printed; the moments of a real process
still vary a little.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.serving import JupyterServer
from tests.soak.kill import Figures, kill_rounds
from tests.soak.nursery import QuickServer

UNLIMITED = {"SpecCollabApp.operations_per_minute": 10_000_000}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_speccollab.client.link.backoff", lambda attempt, chance: 0.05 + chance / 10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with JupyterServer(tmp_path, options=UNLIMITED) as server:
        yield server


@pytest.fixture
def quick_server(tmp_path: Path) -> Iterator[JupyterServer]:
    with QuickServer(tmp_path, options=UNLIMITED) as server:
        yield server


def seed() -> int:
    return int(os.environ.get("SPECCOLLAB_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))


async def test_three_kills_lose_and_double_nothing(server: JupyterServer) -> None:
    await kill_and_report(server, [3])


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_many_kills_lose_and_double_nothing(
    quick_server: JupyterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 1_000)
    with capsys.disabled():
        await kill_and_report(quick_server, [min(100, rounds - done) for done in range(0, rounds, 100)])


async def kill_and_report(server: JupyterServer, portions: Sequence[int]) -> None:
    """As many rounds on one spec after the other as ``portions`` say."""
    chosen = seed()
    print(f"\nSPECCOLLAB_SOAK_SEED={chosen}")
    total = Figures(chosen)
    for number, rounds in enumerate(portions):
        total.add(await kill_rounds(server, rounds, people=4, seed=chosen + number))
        print(total, flush=True)
    assert (total.rounds, total.lost, total.doubled) == (sum(portions), 0, 0)
    assert total.acknowledged > 0
