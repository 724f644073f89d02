"""The fair queue: which submissions are committed next, so that a flood from one session delays no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from jupyter_speccollab.service.live.queued import QueuedSubmission

NEAR: Final = 50
"""How many versions a submission may be behind to be committed in a group with others."""

GROUP: Final = 200
"""How many submissions a group may hold."""

FULL: Final = 2_000
"""Steps (transforms, of about two microseconds) that a group with one submission of each session may cost."""

CHEAP: Final = 250
"""Steps that a group may cost if it takes a second submission of a session, a third, and so on."""


class FairQueue:
    """A line for each session, in order of arrival. The sessions take turns.

    ``distance`` says over how many versions a submission has yet to be transformed. A distant one, further than
    `NEAR`, joins no group: it waits at the head of its session's line until it was transformed in slices. Only its
    own session waits for that.
    """

    def __init__(self, distance: Callable[[QueuedSubmission], int]) -> None:
        self._distance = distance
        self._lines: dict[str, deque[QueuedSubmission]] = {}

    def __bool__(self) -> bool:
        return bool(self._lines)

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def add(self, queued: QueuedSubmission) -> None:
        """Add a submission at the end of its session's line."""
        self._lines.setdefault(queued.author, deque()).append(queued)

    def take_group(self) -> list[QueuedSubmission]:
        """Remove and return what is to be committed next; an empty list if every line starts with a distant one."""
        group: list[QueuedSubmission] = []
        steps, limit = 0, FULL
        while taken := self._take_round(group, steps, limit):
            steps, limit = steps + taken, CHEAP
        for author in {queued.author: None for queued in group}:
            if author in self._lines:
                self._lines[author] = self._lines.pop(author)  # behind all others
        return group

    def next_distant(self) -> QueuedSubmission | None:
        """The distant submission to transform next: the first at the head of a line."""
        return next((line[0] for line in self._lines.values() if self._distance(line[0]) > NEAR), None)

    def clear(self) -> list[QueuedSubmission]:
        """Empty the queue; returns what was in it."""
        waited = [queued for line in self._lines.values() for queued in line]
        self._lines.clear()
        return waited

    def _take_round(self, group: list[QueuedSubmission], steps: int, limit: int) -> int:
        """Move one near submission of each session into ``group``; returns how many steps they cost."""
        cost = 0
        for author, line in list(self._lines.items()):
            distance = self._distance(line[0])
            if distance > NEAR:
                continue
            more = 1 + distance + len(group)
            if len(group) >= GROUP or (group and steps + cost + more > limit):
                break
            cost += more
            group.append(line.popleft())
            if not line:
                del self._lines[author]
        return cost
