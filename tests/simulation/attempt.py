"""Attempts: requests to accept a suggestion, with what was durable when each was sent and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the run in seconds, the last version of the text on the disk, and that of the threads."""

    at: float
    version: int
    threads_version: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request of one user to accept a suggestion, sent and answered at these moments.

    ``code`` is that of the refusal; ``thread`` is the answer if it was accepted. Both are ``None`` where the
    request or its answer was lost.
    """

    thread_id: str
    user_id: str
    sent: Moment
    answered: Moment
    code: str | None = None
    details: Mapping[str, Any] | None = None
    thread: Mapping[str, Any] | None = None

    def races(self, other: Attempt) -> bool:
        """Whether both are for one suggestion, of two people, and under way at the same time."""
        return (
            self.thread_id == other.thread_id
            and self.user_id != other.user_id
            and self.sent.at < other.answered.at
            and other.sent.at < self.answered.at
        )


def raced(attempts: Sequence[Attempt]) -> list[str]:
    """The threadIds of the suggestions that two people tried to accept at the same time."""
    return sorted({one.thread_id for one, other in combinations(attempts, 2) if one.races(other)})
