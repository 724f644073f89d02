"""A stretch of the log: the operations between two versions without their texts, to be sent to another process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.service.history.steps import Steps
from jupyter_speccollab.store.base import Store
from jupyter_speccollab.text.parts import KEPT, NOBODY, Part, total

VERSIONS: Final = 20_000
"""The greatest number of versions of a stretch."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

PARTS: Final = 200_000
"""The greatest number of components of its operations."""


COST_OF_A_PART: Final = 10
"""A component costs as much as so many code points do in a comparison of two texts."""


class Stretch:
    """The operations of the versions after ``after``, with the author of each of them and when it was made.

    It is made of arrays, which are sent to another process at once.
    """

    def __init__(self, after: int) -> None:
        self.after = after
        self.steps = Steps()
        self.names: dict[str, str] = {}
        """The name of each author of one of the versions, by userId."""
        self._people: dict[str, int] = {}
        self._person = array("I")
        self._times = array("q")

    @property
    def until(self) -> int:
        """The last version."""
        return self.after + len(self._times)

    def add(self, committed: CommittedOperation) -> None:
        """Add the next version."""
        self.steps.add(committed)
        self.names[committed.author] = committed.author_shown
        self._person.append(self._people.setdefault(committed.author, len(self._people)))
        self._times.append((committed.timestamp - EPOCH) // MICROSECOND)

    @property
    def cost(self) -> int:
        """What `parts` costs, as `jupyter_speccollab.service.workers.Workers` counts it."""
        return COST_OF_A_PART * self.steps.size

    def parts(self) -> Sequence[Part]:
        """What all of them together kept, added and removed, with the version that did it."""
        return total(self._by_version())

    def made(self, version: int) -> tuple[str, datetime]:
        """The userId of the author of a version, and when it was made."""
        place = version - self.after - 1
        return list(self._people)[self._person[place]], EPOCH + self._times[place] * MICROSECOND

    def _by_version(self) -> Iterator[list[Part]]:
        for version, parts in enumerate(self.steps, start=self.after + 1):
            yield [(kind, length, NOBODY if kind == KEPT else version) for kind, length, _ in parts]


async def stretch_of(store: Store, spec_id: str, after: int, until: int) -> Stretch | None:
    """The stretch of ``(after, until]``; ``None`` if it would be too long. Raises `OperationsFolded`."""
    if until - after > VERSIONS:
        return None
    stretch = Stretch(after)
    async for committed in log(store, spec_id, after, until):
        stretch.add(committed)
        if stretch.steps.size > PARTS:
            return None
    return stretch
