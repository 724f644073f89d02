"""Recent parts: what was committed since the last snapshot, kept ready for the attribution of the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text import Part, RunningTotal, parts_of

MOST: Final = 2_000
"""With more parts nothing is kept: the attribution is made from the log then, in slices or by a worker."""


class RecentParts:
    """The parts of the operations after version ``after``, merged as they are committed.

    So a snapshot needs neither to read the log again nor to merge hundreds of operations at once.
    """

    def __init__(self, after: int) -> None:
        self.after = after
        self._until = after
        self._total: RunningTotal | None = RunningTotal()

    def add(self, committed: CommittedOperation) -> None:
        """Add the next operation."""
        total = self._total
        if total is None:
            return
        parts = parts_of(committed.operation, committed.version)
        if committed.version != self._until + 1 or total.size + len(parts) > MOST:
            self._total = None
            return
        total.add(parts)
        self._until = committed.version

    def until(self, version: int) -> Sequence[Part] | None:
        """The parts up to ``version``, as one list; ``None`` if they are not these, or too many."""
        return self._total.parts() if self._total is not None and self._until == version else None
