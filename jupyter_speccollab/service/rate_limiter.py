"""The rate limiter: bounds what a user may do within any minute."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import RateLimited

MINUTE: Final = 60.0

REPEATS: Final = 60
"""How many repeats of saves and of new specs one user may send to one server in a minute."""

MARKS: Final = 120
"""How many read marks one user may set on one server in a minute."""


class RateLimiter:
    """Counts what each user does in a sliding window of a minute, on this server and, once shared, on others.

    Times are seconds of a monotonic clock that the caller reads. ``limit`` 0 refuses everything.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken: dict[str, deque[float]] = {}
        self._elsewhere: dict[str, list[tuple[float, int]]] = {}
        self._unshared: Counter[str] = Counter()

    def take(self, user_id: str, now: float) -> bool:
        """Count one; returns ``False``, and counts nothing, if the window is full."""
        taken = self._window(user_id, now)
        if len(taken) + self._count_elsewhere(user_id, now) >= self.limit:
            return False
        taken.append(now)
        self._unshared[user_id] += 1
        return True

    def give_back(self, user_id: str) -> None:
        """Undo the last count, as it turned out to be a repeat."""
        if taken := self._taken.get(user_id):
            taken.pop()
            self._unshared[user_id] -= 1

    def remaining(self, user_id: str, now: float) -> tuple[int, float]:
        """How many are left, and in how many seconds the oldest one stops counting; 0 if there is none."""
        mine = self._window(user_id, now)
        left = max(0, self.limit - len(mine) - self._count_elsewhere(user_id, now))
        counted = [at for at, _ in self._elsewhere.get(user_id, ()) if at + MINUTE > now]
        if mine:
            counted.append(mine[0])
        return left, max(0.0, min(counted) + MINUTE - now) if counted else 0.0

    def take_unshared(self) -> dict[str, int]:
        """What was counted or undone since the last call, by user, to be shared with other servers."""
        unshared, self._unshared = dict(self._unshared), Counter()
        return unshared

    def users(self) -> Iterable[str]:
        """The users who were counted lately."""
        return self._taken.keys()

    def others_since(self, user_id: str, since: float) -> bool:
        """Whether anybody but this user was counted on this server after ``since``."""
        return any(taken and taken[-1] > since for user, taken in self._taken.items() if user != user_id)

    def set_elsewhere(self, user_id: str, spent: Sequence[tuple[float, int]], now: float) -> None:
        """Set what the user has taken on other servers, as pairs of an age in seconds and a count."""
        self._elsewhere[user_id] = [(now - age, count) for age, count in spent]

    def forget_idle(self, now: float) -> None:
        """Drop windows that are empty."""
        for user_id in [user_id for user_id in self._taken if not self._window(user_id, now)]:
            del self._taken[user_id]
            self._elsewhere.pop(user_id, None)
            self._unshared.pop(user_id, None)

    def _count_elsewhere(self, user_id: str, now: float) -> int:
        spent = self._elsewhere.get(user_id)
        return sum(count for at, count in spent if at + MINUTE > now) if spent else 0

    def _window(self, user_id: str, now: float) -> deque[float]:
        taken = self._taken.setdefault(user_id, deque())
        while taken and taken[0] + MINUTE <= now:
            taken.popleft()
        return taken


TOO_MANY_WRITES: Final = (
    "You have made more than {limit} saves, new specs, labels and other changes in a minute. Nothing was changed "
    "by this one."
)

TOO_MANY_MARKS: Final = "You have set more than {limit} read marks in a minute. The last one stays as it is."

TOO_MANY_REPEATS: Final = (
    "You have repeated saves more than {limit} times in a minute. What you repeat is stored already."
)


class Allowance:
    """Counts one kind of request of each user, and refuses what is too much in a minute.

    ``refusal`` is the sentence for that; it holds ``{limit}``.
    """

    def __init__(self, limit: int, monotonic: Callable[[], float], refusal: str) -> None:
        self.limiter = RateLimiter(limit)
        self._monotonic = monotonic
        self._refusal = refusal.format(limit=limit)

    def count(self, user: User) -> None:
        """Count one. Raises `RateLimited`, and counts nothing, if the user has made too many in the last minute."""
        now = self._monotonic()
        if not self.limiter.take(user.user_id, now):
            _, wait = self.limiter.remaining(user.user_id, now)
            raise RateLimited(
                f"{self._refusal} Wait {wait:.0f} s and try again.", retryAfterMs=max(1, round(wait * 1000))
            )

    def give_back(self, user: User) -> None:
        """Undo the last count, as it turned out to be a repeat."""
        self.limiter.give_back(user.user_id)


async def share(
    limiters: Mapping[str, RateLimiter], bus: Bus, monotonic: Callable[[], float], everybody: bool = True
) -> None:
    """Tell the other servers what was counted here, and read what they counted for the same users.

    ``everybody``: also read it for all users who were active in the last minute. Law: once two servers have shared,
    neither lets a user take more than the limit on both together (``tests/service/test_rate_limiter.py``).
    """
    spent: dict[str, int] = {}
    for name, limiter in limiters.items():
        if everybody:
            spent.update({f"{name}:{user_id}": 0 for user_id in limiter.users()})
        spent.update({f"{name}:{user_id}": count for user_id, count in limiter.take_unshared().items()})
    if not spent:
        return
    for key, others in (await bus.spend(spent)).items():
        name, _, user_id = key.partition(":")
        limiters[name].set_elsewhere(user_id, others, monotonic())
