"""The fair queue: chooses the submissions to commit next, so that many from one session do not delay the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from jupyter_speccollab.document.window import COMPONENTS_IN_STEP
from jupyter_speccollab.service.live.queued import QueuedSubmission

MAX_DISTANCE: Final = 50
"""The largest distance, in steps, at which a submission is committed in a group with others."""

GROUP_SIZE: Final = 200
"""The largest number of submissions in a group."""

FIRST_ROUND_STEPS: Final = 2_000
"""Limit on the cost of a group during the first round, which takes one submission of each session.

A step is one transform and takes about two microseconds.
"""

LATER_ROUND_STEPS: Final = 250
"""Limit on the cost of the whole group from the second round on, when sessions add further submissions."""


class FairQueue:
    """A queue for each session, in order of arrival.

    A group is filled in rounds. Each round takes the first submission of every session, until the group reaches
    `GROUP_SIZE` or the round's limit on the group's cost (`FIRST_ROUND_STEPS`, then `LATER_ROUND_STEPS`).

    ``distance`` returns how much a submission still has to be transformed, in steps: one for each version, and
    one more for every 16 components of the operations. A submission is distant if that is more than
    `MAX_DISTANCE`. It is added to no group: it stays at the head of its session's queue until it has been
    transformed in slices. Meanwhile no other session waits.
    """

    def __init__(self, distance: Callable[[QueuedSubmission], int]) -> None:
        self._distance = distance
        self._queues: dict[str, deque[QueuedSubmission]] = {}

    def __bool__(self) -> bool:
        return bool(self._queues)

    def __len__(self) -> int:
        return sum(map(len, self._queues.values()))

    def add(self, queued: QueuedSubmission) -> None:
        """Add a submission at the end of its session's queue."""
        self._queues.setdefault(queued.author, deque()).append(queued)

    def take_group(self) -> list[QueuedSubmission]:
        """Remove and return the submissions to commit next; none if every queue starts with a distant one."""
        self._drop_answered()
        group: list[QueuedSubmission] = []
        steps, limit = 0, FIRST_ROUND_STEPS
        while taken := self._take_round(group, steps, limit):
            steps, limit = steps + taken, LATER_ROUND_STEPS
        for author in {queued.author: None for queued in group}:
            if author in self._queues:
                self._queues[author] = self._queues.pop(author)  # behind all others
        return group

    def put_back(self, group: Sequence[QueuedSubmission]) -> None:
        """Put submissions back to the head of their sessions' queues, in the order in which they were taken."""
        for queued in reversed(group):
            self._queues.setdefault(queued.author, deque()).appendleft(queued)

    def _drop_answered(self) -> None:
        """Remove what was put back and then refused, because the commit of its group failed."""
        for author, queue in list(self._queues.items()):
            while queue and queue[0].outcome is not None:
                queue.popleft()
            if not queue:
                del self._queues[author]

    def next_distant(self) -> QueuedSubmission | None:
        """The distant submission to transform next. Those of several sessions take turns."""
        for author, queue in self._queues.items():
            if self.is_distant(queue[0]):
                self._queues[author] = self._queues.pop(author)  # behind all others
                return queue[0]
        return None

    def is_distant(self, queued: QueuedSubmission) -> bool:
        """Whether it has to be transformed in slices before it can be committed."""
        return self._distance(queued) > MAX_DISTANCE

    def clear(self) -> list[QueuedSubmission]:
        """Remove and return all submissions."""
        waited = [queued for queue in self._queues.values() for queued in queue]
        self._queues.clear()
        return waited

    def _take_round(self, group: list[QueuedSubmission], steps: int, limit: int) -> int:
        """Move each session's first submission into ``group``, unless it is distant; returns the cost in steps."""
        cost = 0
        in_group = len(group) + sum([queued.components for queued in group]) // COMPONENTS_IN_STEP
        for author, queue in list(self._queues.items()):
            distance = self._distance(queue[0])
            if distance > MAX_DISTANCE:
                continue
            components = queue[0].components // COMPONENTS_IN_STEP
            more = 1 + distance + in_group + len(group) * components
            if len(group) >= GROUP_SIZE or (group and steps + cost + more > limit):
                break
            cost += more
            in_group += 1 + components
            group.append(queue.popleft())
            if not queue:
                del self._queues[author]
        return cost
