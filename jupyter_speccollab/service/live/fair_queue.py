"""The fair queue: who is next among the entries that wait, so that nobody waits for somebody else's flood."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from jupyter_speccollab.service.live.queued import QueuedSubmission

NEAR: Final = 50
"""How many versions an entry may be behind to be committed with the others."""

GROUP: Final = 200
"""How many entries a group holds at the most."""

FULL: Final = 2_000
"""Steps of a group that holds one entry of each session. A step, one transform, takes some two microseconds."""

CHEAP: Final = 250
"""Steps of a group up to which it takes a second entry of a session, and a third."""


class FairQueue:
    """The entries that wait: those of a session in the order in which they came, the sessions in turns.

    ``distance`` says over how many versions an entry still has to be brought. One that is far off is not taken
    into a group, and holds back those of its session behind it, while nobody else has to wait for it.
    """

    def __init__(self, distance: Callable[[QueuedSubmission], int]) -> None:
        self._distance = distance
        self._lines: dict[str, deque[QueuedSubmission]] = {}

    def __bool__(self) -> bool:
        return bool(self._lines)

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def add(self, entry: QueuedSubmission) -> None:
        """Let an entry wait at the end of its session's line."""
        self._lines.setdefault(entry.author, deque()).append(entry)

    def take_group(self) -> list[QueuedSubmission]:
        """What is to be committed next; empty where all that wait are far off."""
        group: list[QueuedSubmission] = []
        steps, limit = 0, FULL
        while taken := self._round(group, steps, limit):
            steps, limit = steps + taken, CHEAP
        for author in {entry.author: None for entry in group}:
            if author in self._lines:
                self._lines[author] = self._lines.pop(author)  # behind all others
        return group

    def next_distant(self) -> QueuedSubmission | None:
        """The entry far off that waits at the head of its line, and whose turn it is to be brought on."""
        return next((line[0] for line in self._lines.values() if self._distance(line[0]) > NEAR), None)

    def clear(self) -> list[QueuedSubmission]:
        """Let nobody wait any more; returns those who did."""
        waited = [entry for line in self._lines.values() for entry in line]
        self._lines.clear()
        return waited

    def _round(self, group: list[QueuedSubmission], steps: int, limit: int) -> int:
        """Take one near entry of each session; returns how many steps they cost."""
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
