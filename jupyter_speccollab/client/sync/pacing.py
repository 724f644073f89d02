"""Pacing: when the next operation may go, so that the server never has to refuse one for its rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

WINDOW: Final = 60.0
"""Seconds in which the server counts a user's operations."""

LONGEST: Final = 1.2
"""Seconds that edits wait for each other at the most, however full the window is."""

SHORTEST: Final = 0.1
"""Seconds between two operations at the least."""

AT_ONCE: Final = 0.18
"""The share of the limit that may be used as fast as edits come; the rest is spent evenly."""

EVENLY: Final = 0.8
"""The share of the limit that even spending uses."""

UNPACED: Final = 6_000
"""From this many operations a minute on, waiting for each acknowledgement is pacing enough."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """A purse of turns: some twenty at first, and one more each 0.75 s (at 100 operations a minute).

    In any minute at most ``AT_ONCE + EVENLY`` of the limit can then be spent. What other sessions of the same
    user spend is seen in the acknowledgements; turns then come more slowly, down to one each `LONGEST`. Times
    are seconds of one monotonic clock.

    Law (``test_pace.py``): half an hour of edits without a pause meets no refusal, and no wait above `LONGEST`.
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
        """Seconds until the next operation may go."""
        held_back = max(0.0, self.not_before - now)
        if self.limit >= UNPACED:
            return held_back
        turns = self._turns(now)
        return max(held_back, 0.0 if turns >= 1 else (1 - turns) * self.interval)

    def sent(self, now: float) -> Pacing:
        """An operation goes now."""
        if self.limit >= UNPACED:
            return self
        return replace(
            self,
            turns=self._turns(now) - 1,
            at=now,
            sent_at=(*self._recent(now), now),
            not_before=now + min(SHORTEST, self.interval),
        )

    def told(self, remaining: int, reset: float, now: float) -> Pacing:
        """The server said what is left to this user, all sessions together; ``reset`` is in seconds."""
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
        """The server refused for the rate: nothing goes before it said, in seconds."""
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
