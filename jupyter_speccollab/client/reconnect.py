"""Reconnecting: how long to wait before the next try."""

from __future__ import annotations

from typing import Final

EAGER_TRIES: Final = 5
"""The number of tries whose distance doubles, from one second on."""

STEADY_SECONDS: Final = 30.0
"""Seconds between tries after those."""


def backoff(attempt: int, chance: float) -> float:
    """Seconds to wait before try number ``attempt`` (from 0): 1, 2, 4, 8, 16, then 30 for ever.

    ``chance`` in [0, 1) spreads each by a quarter to both sides, so that clients that lost their server at the
    same moment do not all come back at the same moment.
    """
    return (2.0**attempt if attempt < EAGER_TRIES else STEADY_SECONDS) * (0.75 + chance / 2)


class Countdown:
    """The wait for the next try. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.due: float | None = None
        """When the next try is due; ``None`` while none is waited for."""
        self._attempts = 0

    def start(self, chance: float, now: float) -> None:
        """Wait before the next try, longer than before the last one."""
        self.due = now + backoff(self._attempts, chance)
        self._attempts += 1

    def stop(self) -> None:
        """Wait no longer."""
        self.due = None

    def reset(self) -> None:
        """A connection was held: the next loss counts as the first."""
        self._attempts = 0
