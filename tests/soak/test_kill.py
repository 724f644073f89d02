"""kill -9 at random moments: what was acknowledged is there, once.

``make soak`` does it `SPECCOLLAB_SOAK_ROUNDS` times (1,000), on a new spec each hundred; a test run three
times. To replay a run set `SPECCOLLAB_SOAK_SEED` to the seed that it printed; the moments of a real process
still vary a little.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.serving import JupyterServer
from tests.soak.bad_line import BadLine
from tests.soak.kill import Figures, kill_rounds
from tests.soak.nursery import QuickServer

Lines = Callable[[int, int], BadLine]

UNLIMITED = {"SpecCollabApp.operations_per_minute": 10_000_000}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "jupyter_speccollab.client.session.backoff", lambda attempt, chance: 0.05 + chance / 10
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with JupyterServer(tmp_path, options=UNLIMITED) as server:
        yield server


@pytest.fixture
def quick_server(tmp_path: Path) -> Iterator[JupyterServer]:
    with QuickServer(tmp_path, options=UNLIMITED) as server:
        yield server


@pytest.fixture
def bad_line(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """Bad lines, on which a client notices soon that nobody answers."""
    monkeypatch.setattr("jupyter_speccollab.client.transport.PING_SECONDS", 1)
    return BadLine


def seed() -> int:
    return int(os.environ.get("SPECCOLLAB_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))


async def test_three_kills_lose_and_double_nothing(server: JupyterServer) -> None:
    await kill_and_report(server, [3])


async def test_a_bad_line_loses_and_doubles_nothing(quick_server: JupyterServer, bad_line: Lines) -> None:
    await kill_and_report(quick_server, [3], bad_line)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_a_bad_line_and_many_kills_lose_and_double_nothing(
    quick_server: JupyterServer, bad_line: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 1_000) // 5
    with capsys.disabled():
        await kill_and_report(quick_server, portions(rounds), bad_line)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_many_kills_lose_and_double_nothing(
    quick_server: JupyterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 1_000)
    with capsys.disabled():
        await kill_and_report(quick_server, portions(rounds))


def portions(rounds: int) -> list[int]:
    """Rounds on one spec after the other."""
    return [min(100, rounds - done) for done in range(0, rounds, 100)]


async def kill_and_report(
    server: JupyterServer, portions: Sequence[int], bad_line: Lines | None = None
) -> None:
    """As many rounds on one spec after the other as ``portions`` say, over a bad line if one is given."""
    chosen = seed()
    print(f"\nSPECCOLLAB_SOAK_SEED={chosen}")
    total = Figures(chosen)
    for number, rounds in enumerate(portions):
        if bad_line is None:
            total.add(await kill_rounds(server, rounds, people=4, seed=chosen + number))
        else:
            async with bad_line(server.port, chosen + number) as line:
                total.add(await kill_rounds(server, rounds, people=4, seed=chosen + number, line=line))
                print(f"the line: {dict(line.befallen)}")
        print(total, flush=True)
    assert (total.rounds, total.lost, total.doubled) == (sum(portions), 0, 0)
    assert total.acknowledged > 0
