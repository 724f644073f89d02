"""A limiter: so many in any minute, as fast as they come."""

from __future__ import annotations

from collections import deque
from typing import Final

MINUTE: Final = 60.0


class Limiter:
    """Counts what each user does in a sliding window of a minute.

    Times are seconds of a monotonic clock that the caller reads. ``limit`` 0 refuses everything.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken: dict[str, deque[float]] = {}

    def take(self, user_id: str, now: float) -> bool:
        """Count one; ``False``, and nothing counted, where the window is full."""
        taken = self._window(user_id, now)
        if len(taken) >= self.limit:
            return False
        taken.append(now)
        return True

    def give_back(self, user_id: str) -> None:
        """Uncount the last one: it turned out to be a repeat."""
        if taken := self._taken.get(user_id):
            taken.pop()

    def remaining(self, user_id: str, now: float) -> int:
        """How many are left at this moment."""
        return max(0, self.limit - len(self._window(user_id, now)))

    def reset_seconds(self, user_id: str, now: float) -> float:
        """Until the oldest counted one leaves the window; 0 where there is none."""
        taken = self._window(user_id, now)
        return max(0.0, taken[0] + MINUTE - now) if taken else 0.0

    def forget_idle(self, now: float) -> None:
        """Drop the windows that are empty by now."""
        for user_id in [user_id for user_id in self._taken if not self._window(user_id, now)]:
            del self._taken[user_id]

    def _window(self, user_id: str, now: float) -> deque[float]:
        taken = self._taken.setdefault(user_id, deque())
        while taken and taken[0] + MINUTE <= now:
            taken.popleft()
        return taken
