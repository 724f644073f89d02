"""The checks find what is broken: a simulation that can't fail proves nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec import structs

from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.errors import (
    OperationIdReused,
    SpecCollabError,
    SuggestionStale,
    ThreadClosed,
    ThreadNotFound,
)
from jupyter_speccollab.protocol import events
from jupyter_speccollab.service.threads import acceptance, accepting
from jupyter_speccollab.service.threads.transitions import Actor
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import StoredThread, ThreadState
from jupyter_speccollab.text import Operation
from jupyter_speccollab.text.anchor import Anchor, Gaps

from . import breakages
from .campaign import Tally
from .disk import DiskAccess
from .drafts import HeldDraft
from .run import simulate
from .threads import ClientThreads, HeldThread

SEEDS = 200
"""Within so many seeds each breakage is found."""


def raising(error: SpecCollabError) -> Callable[[StoredThread, Actor], bool]:
    """Refuses every acceptance."""

    def refuse(thread: StoredThread, by: Actor) -> bool:
        raise error

    return refuse


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
        (breakages.AcceptsInTwoSteps, "was accepted as .*, and is stored as another"),
        (breakages.AcceptsWithoutOperation, "is accepted, and its operation is missing"),
        (breakages.AcceptsTwice, "was accepted 2 times"),
        (breakages.AcceptsTwice, "has not the id that its suggestion gives it"),
        (breakages.CreditsWhoAccepts, "was suggested by somebody else than its author"),
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


def test_words_that_come_back_without_their_comment_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page and the servers move anchors by the same code, so that all of them agree on the wrong place."""
    in_gap = Gaps._in_gap

    def forgetting(gaps: Gaps, anchor: Anchor, gap: int, letters: str | None) -> Anchor:
        return structs.replace(in_gap(gaps, anchor, gap, None if letters is None else ""), letters=letters)

    monkeypatch.setattr(Gaps, "_in_gap", forgetting)
    assert _seeds_until("no words, though they are there again") < SEEDS


def test_a_suggestion_that_overrides_others_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "merged", lambda quote, present, replacement: replacement)
    assert _seeds_until("lost words, or brought some back") < SEEDS


def test_an_operation_beside_its_passage_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async def beside(workers: Workers, thread: StoredThread, anchor: Anchor, present: str) -> Operation:
        left = anchor.shifted(-1) if anchor.start else anchor
        return await acceptance.operation_for(workers, thread, left, present)

    monkeypatch.setattr(accepting, "operation_for", beside)
    assert _seeds_until("changed what is outside of its passage") < SEEDS


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            lambda thread, by: thread.state is not ThreadState.ACCEPTED,
            "told so, and somebody else had accepted it",
        ),
        (raising(ThreadClosed("No.")), "told THREAD_CLOSED, and nobody else"),
        (raising(ThreadNotFound("No.")), "told THREAD_NOT_FOUND, and it is there"),
        (
            raising(SuggestionStale("No.", present="")),
            "told SUGGESTION_STALE, and its words were not changed",
        ),
        (raising(OperationIdReused("No.")), "told OPERATION_ID_REUSED, which is no answer"),
    ],
)
def test_a_wrong_answer_to_who_accepts_is_found(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[StoredThread, Actor], bool], found: str
) -> None:
    monkeypatch.setattr(accepting, "check_acceptance", answer)
    assert _seeds_until(found) < SEEDS


def test_an_operation_without_who_suggested_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_suggestion", lambda committed: {})
    assert _seeds_until("as somebody else's") < SEEDS


def test_threads_are_counted_by_the_number_of_servers() -> None:
    tally = Tally(Counter({1: 2, 2: 1}), {1: Counter(suggestion=2, accept=1), 2: Counter(comment=3, stale=1)})
    tally.add(Tally(Counter({2: 1}), {2: Counter(comment=1, orphaned=2, kill=1, stop=1)}))
    assert str(tally) == (
        "4 runs in 0 s: 0 operations, 0 cuts, 2 restarts, 0 lost races, 0 unknown outcomes, 0 failed; "
        "on one server (2 runs) 2 threads, 1 accepted suggestions, 0 merged, 0 races of accepts, 0 stale, "
        "0 orphans, 0 came back; "
        "on two (2 runs) 4 threads, 0 accepted suggestions, 0 merged, 0 races of accepts, 1 stale, "
        "2 orphans, 0 came back"
    )


def _seeds_until(
    found: str, exchange: type[Exchange] = Exchange, store_of: type[DiskAccess] = DiskAccess
) -> int:
    """How many seeds pass before one fails by this very check."""
    for seed in range(SEEDS):
        outcome = simulate(seed, exchange, store_of)
        if any(re.search(found, failure) for failure in outcome.failures):
            return seed
    return SEEDS
