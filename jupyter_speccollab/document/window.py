"""The window: the latest versions of a document, kept in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text import Operation, Text

OPERATIONS: Final = 1_000
"""The greatest number of operations kept."""

TEXTS: Final = 200
"""The number of latest versions whose texts are kept too; texts share all but their edited leaves."""

CHARACTERS: Final = 4_000_000
"""The greatest total of inserted and deleted text in the kept operations, in code points."""

TEXT_CHARACTERS: Final = 16_000_000
"""The greatest estimated total, in code points, of text that the kept texts do not share with the next one."""

TOUCHED: Final = 1_000
"""The estimated text, in code points, that a text does not share with the next for each component: one leaf."""


COMPONENTS_IN_STEP: Final = 16
"""The number of components whose transform takes about as long as that of two short operations."""


class _Step(NamedTuple):
    """An operation, the amount of text in it, and the length of the document before it.

    ``cost`` is the cost of transforming over all operations before it that were ever in the window.
    """

    committed: CommittedOperation
    size: int
    length: int
    cost: int


class Window:
    """The operations of the latest versions, and the texts of some of them.

    It is a cache of the log: older operations are read from the store.
    """

    def __init__(self, version: int, text: Text) -> None:
        self._operations: deque[_Step] = deque()
        self._texts: deque[tuple[Text, int]] = deque([(text, len(text))])
        self._by_id: dict[str, CommittedOperation] = {}
        self._characters = 0
        self._text_characters = self._length = len(text)
        self._cost = 0
        self.version = version

    @property
    def start(self) -> int:
        """The oldest version after which all operations are kept."""
        return self.version - len(self._operations)

    def append(self, committed: CommittedOperation, text: Text) -> None:
        """Add the next version and its text, and drop the oldest beyond the limits."""
        size = _characters(committed)
        self._operations.append(_Step(committed, size, self._length, self._cost))
        self._cost += cost_of(committed.operation)
        self._length = len(text)
        self._by_id[committed.operation_id] = committed
        own = min(len(text), TOUCHED * len(committed.components) + size)
        self._texts.append((text, own))
        self._characters += size
        self._text_characters += own
        self.version = committed.version
        while len(self._texts) > TEXTS or (self._text_characters > TEXT_CHARACTERS and len(self._texts) > 1):
            self._text_characters -= self._texts.popleft()[1]
        while len(self._operations) > OPERATIONS or (
            self._characters > CHARACTERS and len(self._operations) > 1
        ):
            oldest = self._operations.popleft()
            self._characters -= oldest.size
            del self._by_id[oldest.committed.operation_id]

    def cost_since(self, version: int) -> int | None:
        """What it costs to transform a short operation over those after ``version`` (see `cost_of`).

        ``None`` if the window begins later.
        """
        return None if version < self.start else self._cost - self._cost_before(version)

    def _cost_before(self, version: int) -> int:
        return self._cost if version == self.version else self._operations[version - self.start].cost

    def since(self, version: int) -> Sequence[CommittedOperation] | None:
        """The operations after ``version``, or ``None`` if the window begins later."""
        if version < self.start:
            return None
        count = self.version - version
        if count == 1:
            return (self._operations[-1].committed,)
        recent = [step.committed for step in islice(reversed(self._operations), count)]
        recent.reverse()  # from the end: a deque is slow in its middle
        return recent

    def length_at(self, version: int) -> int:
        """The length of the text of ``version``, which is `start` or later."""
        return self._length if version == self.version else self._operations[version - self.start].length

    def text_at(self, version: int) -> Text | None:
        """The text of ``version``, or ``None`` if it is no longer kept."""
        index = len(self._texts) - 1 - (self.version - version)
        return self._texts[index][0] if 0 <= index < len(self._texts) else None

    def find(self, operation_id: str) -> CommittedOperation | None:
        """The operation with this id, or ``None`` if it is not in the window."""
        return self._by_id.get(operation_id)


def cost_of(operation: Operation) -> int:
    """What it costs to transform a short operation over this one; 1 for a short one."""
    return 1 + len(operation.components) // COMPONENTS_IN_STEP


def _characters(committed: CommittedOperation) -> int:
    return sum(len(component.get("content", "")) for component in committed.components)
