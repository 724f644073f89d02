"""The loop watch, with an event loop that really stands still."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jupyter_speccollab.service import loop_watch
from jupyter_speccollab.service.loop_watch import LoopWatch
from jupyter_speccollab.service.metrics import Metrics
from tests.handlers.test_health import measured
from tests.serving import JupyterServer

LONG = 0.6


def compute_with(secret: str) -> None:
    """Keep the loop's thread busy."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        sum(map(ord, secret))


def count(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"speccollab_loop_lag_{name}", labels) or 0.0


@asynccontextmanager
async def watching(metrics: Metrics) -> AsyncIterator[LoopWatch]:
    """A watch of the running loop."""
    watch = LoopWatch(metrics)
    watch.start()
    try:
        yield watch
    finally:
        await watch.close()


async def measured_once_more(metrics: Metrics) -> None:
    before = count(metrics, "seconds_count")
    while count(metrics, "seconds_count") == before:  # noqa: ASYNC110 (its own timer is what is tested)
        await asyncio.sleep(0.01)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == loop_watch.__name__]


async def test_a_standstill_is_measured_and_what_ran_is_named(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_watch, "SILENCE", 0.0)
    metrics = Metrics()
    async with watching(metrics) as watch:
        await measured_once_more(metrics)
        compute_with("the secret")
        await measured_once_more(metrics)
        assert watch.longest() >= LONG - 2 * loop_watch.TICK
        assert count(metrics, "longest_seconds") == watch.longest()
    assert count(metrics, "seconds_count") - count(metrics, "seconds_bucket", le="0.2") >= 1
    said = "\n".join(warnings(caplog))
    assert re.search(
        r"stood still for \d+\.\d\d s, in compute_with \(tests/service/test_loop_watch.py:\d+\)", said
    )
    assert "secret" not in said


async def test_a_minute_has_one_warning_which_tells_how_many_were_left_out(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = Metrics()
    async with watching(metrics) as watch:
        for _ in range(3):
            await measured_once_more(metrics)
            compute_with("text")
        await measured_once_more(metrics)
        assert len(warnings(caplog)) == 1
        monkeypatch.setattr(loop_watch, "SILENCE", 0.0)
        await measured_once_more(metrics)
        assert len(warnings(caplog)) == 2
        assert re.search(r"\d times since the last warning", warnings(caplog)[1])
        assert watch.longest() > 0


async def test_the_longest_lag_is_that_of_the_last_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = LoopWatch(Metrics())
    now = time.monotonic()
    for age, lag in [(70.0, 9.0), (50.0, 3.0), (40.0, 1.0), (30.0, 2.0), (0.0, 0.5)]:
        watch._remember(now - age, lag)
    assert watch.longest() == 3.0
    monkeypatch.setattr(loop_watch, "WINDOW", 35.0)
    assert watch.longest() == 2.0


async def test_a_server_watches_its_loop_until_it_stops(tmp_path: Path) -> None:
    server = JupyterServer(tmp_path)
    await asyncio.to_thread(server.start)
    try:
        figures = await measured(server.owner())
        assert figures["loop_lag_seconds_count"] > 0
        assert "loop_lag_longest_seconds" in figures
    finally:
        await asyncio.to_thread(server.stop)
    assert "Traceback" not in server.log.read_text()
