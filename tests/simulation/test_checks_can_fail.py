"""The checks find what is broken: a simulation that can't fail proves nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from jupyter_speccollab.client.sync.exchange import Exchange

from . import breakages
from .disk import DiskAccess
from .drafts import HeldDraft
from .run import simulate
from .threads import ClientThreads, HeldThread

SEEDS = 200
"""Within so many seeds each breakage is found."""


@pytest.mark.parametrize(
    ("exchange", "found"),
    [
        (breakages.ResendsUnderNewId, "was committed 2 times"),
        (breakages.ComposesIntoFlight, "holds another text than the log"),
        (breakages.TakesWrongSide, "holds another text than the log"),
        (breakages.ForgetsItsOwn, "holds another text than the log|does not come to rest"),
    ],
)
def test_a_broken_client_is_found(exchange: type[Exchange], found: str) -> None:
    assert _seeds_until(found, exchange=exchange) < SEEDS


@pytest.mark.parametrize(
    ("store", "found"),
    [
        (breakages.AcksBeforeCommit, "is not committed as that"),
        (breakages.DropsOne, "is not committed as that"),
        (breakages.MisdatesAnchors, "stored another anchor"),
    ],
)
def test_a_broken_store_is_found(store: type[DiskAccess], found: str) -> None:
    assert _seeds_until(found, store_of=store) < SEEDS


def test_a_draft_that_does_not_go_with_its_operation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeldDraft, "after", lambda held, committed: replace(held, version=committed.version))
    assert _seeds_until("shows .* twice") < SEEDS


def test_an_anchor_that_does_not_move_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeldThread, "after", lambda held, version, components: replace(held, version=version))
    assert _seeds_until("holds another anchor") < SEEDS


def test_a_change_of_threads_that_is_not_told_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClientThreads, "told", lambda threads, data: None)
    assert _seeds_until("does not come to rest") < SEEDS


def _seeds_until(
    found: str, exchange: type[Exchange] = Exchange, store_of: type[DiskAccess] = DiskAccess
) -> int:
    """How many seeds pass before one fails by this very check."""
    for seed in range(SEEDS):
        outcome = simulate(seed, exchange, store_of)
        if any(re.search(found, failure) for failure in outcome.failures):
            return seed
    return SEEDS
