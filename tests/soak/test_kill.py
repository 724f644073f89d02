"""A server that is killed with SIGKILL at random moments: every acknowledged operation is committed exactly once.

``make soak`` kills the server `SPECCOLLAB_SOAK_ROUNDS` times (1,000), with a new spec after each hundred; a test
run kills it three times. To repeat a run, set `SPECCOLLAB_SOAK_SEED` to the seed that it printed. The timing of a
real process still varies a little.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.serving import JupyterServer
from tests.soak.faulty_proxy import FaultyProxy
from tests.soak.fork_server import ForkedServer
from tests.soak.kill import Figures, kill_rounds

Proxies = Callable[[int, int], FaultyProxy]

UNLIMITED = {"SpecCollabApp.operations_per_minute": 10_000_000}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "jupyter_speccollab.client.reconnect.backoff", lambda attempt, chance: 0.05 + chance / 10
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[JupyterServer]:
    with JupyterServer(tmp_path, options=UNLIMITED) as server:
        yield server


@pytest.fixture
def forked_server(tmp_path: Path) -> Iterator[JupyterServer]:
    with ForkedServer(tmp_path, options=UNLIMITED) as server:
        yield server


@pytest.fixture
def faulty_proxy(monkeypatch: pytest.MonkeyPatch) -> Proxies:
    """Makes faulty proxies. Clients ping every second, so that they notice a lost connection soon."""
    monkeypatch.setattr("jupyter_speccollab.client.transport.PING_SECONDS", 1)
    return FaultyProxy


def seed() -> int:
    return int(os.environ.get("SPECCOLLAB_SOAK_SEED") or random.SystemRandom().randrange(1_000_000))


async def test_three_kills_lose_and_double_nothing(server: JupyterServer) -> None:
    await kill_and_report(server, [3])


async def test_a_bad_line_loses_and_doubles_nothing(
    forked_server: JupyterServer, faulty_proxy: Proxies
) -> None:
    await kill_and_report(forked_server, [3], faulty_proxy)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_a_bad_line_and_many_kills_lose_and_double_nothing(
    forked_server: JupyterServer, faulty_proxy: Proxies, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 1_000) // 5
    with capsys.disabled():
        await kill_and_report(forked_server, portions(rounds), faulty_proxy)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_many_kills_lose_and_double_nothing(
    forked_server: JupyterServer, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds = int(os.environ.get("SPECCOLLAB_SOAK_ROUNDS") or 1_000)
    with capsys.disabled():
        await kill_and_report(forked_server, portions(rounds))


def portions(rounds: int) -> list[int]:
    """The number of rounds on each spec."""
    return [min(100, rounds - done) for done in range(0, rounds, 100)]


async def kill_and_report(
    server: JupyterServer, portions: Sequence[int], faulty_proxy: Proxies | None = None
) -> None:
    """Kill the server ``portions`` times on one spec after the other, through faulty proxies if they are given."""
    chosen = seed()
    print(f"\nSPECCOLLAB_SOAK_SEED={chosen}")
    total = Figures(chosen)
    for number, rounds in enumerate(portions):
        if faulty_proxy is None:
            total.add(await kill_rounds(server, rounds, people=4, seed=chosen + number))
        else:
            async with faulty_proxy(server.port, chosen + number) as proxy:
                total.add(await kill_rounds(server, rounds, people=4, seed=chosen + number, proxy=proxy))
                print(f"faults of the proxy: {dict(proxy.faults)}")
        print(total, flush=True)
    assert (total.rounds, total.lost, total.doubled) == (sum(portions), 0, 0)
    assert total.acknowledged > 0
