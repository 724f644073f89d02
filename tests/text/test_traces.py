"""Recorded editing sessions give the recorded final text."""

from __future__ import annotations

from pathlib import Path

import pytest

from .traces import read_trace, replay, replay_concurrent

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize("name", ["automerge-paper", "sveltecomponent"])
def test_one_writer(shared_data: Path, name: str) -> None:
    trace = read_trace(shared_data, name)
    assert str(replay(trace)) == trace["endContent"]


def test_two_people_at_once(shared_data: Path) -> None:
    trace = read_trace(shared_data, "friendsforever")
    text, moved = replay_concurrent(trace)
    assert str(text) == trace["endContent"]
    assert moved > 5000
