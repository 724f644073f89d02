"""Pacing: when the next operation may be sent, so that the server need not refuse one for its rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

WINDOW: Final = 60.0
"""The server counts a user's operations over so many seconds."""

LONGEST: Final = 1.2
"""The longest time between two operations, in seconds, however few are left of the rate."""

SHORTEST: Final = 0.1
"""The shortest time between two operations, in seconds."""

AT_ONCE: Final = 0.18
"""The share of the limit that may be used without waiting. The rest is spread evenly."""

EVENLY: Final = 0.8
"""The share of the limit that is spread evenly."""

UNPACED: Final = 6_000
"""With a limit of so many operations a minute or more, only acknowledgements are waited for."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """A token bucket: some twenty turns at first, and one more each 0.75 s (at 100 operations a minute).

    In any minute it allows at most ``AT_ONCE + EVENLY`` of the limit. Acknowledgements show how much other
    sessions of the same user have used; turns then come back more slowly, at most `LONGEST` apart. Times are
    seconds of one monotonic clock.

    Law (``test_pacing.py``): half an hour of edits without a pause meets no refusal, and no wait above `LONGEST`.
    """

    limit: int
    turns: float
    at: float
    interval: float
    not_before: float
    sent_at: tuple[float, ...] = ()

    @classmethod
    def start(cls, limit: int, now: float) -> Pacing:
        """``limit`` is in operations a minute."""
        return cls(limit, _at_once(limit), now, _interval(limit, 0), now)

    def wait(self, now: float) -> float:
        """Seconds until the next operation may be sent."""
        held_back = max(0.0, self.not_before - now)
        if self.limit >= UNPACED:
            return held_back
        turns = self._turns(now)
        return max(held_back, 0.0 if turns >= 1 else (1 - turns) * self.interval)

    def sent(self, now: float) -> Pacing:
        """An operation is sent now."""
        if self.limit >= UNPACED:
            return self
        return replace(
            self,
            turns=self._turns(now) - 1,
            at=now,
            sent_at=(*self._recent(now), now),
            not_before=now + min(SHORTEST, self.interval),
        )

    def acknowledged(self, remaining: int, reset: float, now: float) -> Pacing:
        """The server said how many operations the user has left in all sessions; ``reset`` is in seconds."""
        if self.limit >= UNPACED:
            return self
        recent = self._recent(now)
        of_others = max(0, self.limit - remaining - len(recent))
        emptied = now + min(reset, LONGEST) if remaining == 0 else 0.0
        return replace(
            self,
            turns=min(self._turns(now), remaining),
            at=now,
            sent_at=recent,
            interval=_interval(self.limit, of_others),
            not_before=max(self.not_before, emptied),
        )

    def refused(self, retry_after: float, now: float) -> Pacing:
        """The server refused an operation for the rate: nothing is sent for ``retry_after`` seconds."""
        return replace(self, turns=1.0, at=now, not_before=max(self.not_before, now + retry_after))

    def _turns(self, now: float) -> float:
        return min(_at_once(self.limit), self.turns + (now - self.at) / self.interval)

    def _recent(self, now: float) -> tuple[float, ...]:
        return tuple(at for at in self.sent_at if at > now - WINDOW)


def _at_once(limit: int) -> float:
    return max(1.0, limit * AT_ONCE // 1)


def _interval(limit: int, of_others: int) -> float:
    alone = WINDOW / (limit * EVENLY)
    shared = WINDOW / max(1.0, limit * EVENLY - of_others)
    return min(shared, max(alone, LONGEST))
