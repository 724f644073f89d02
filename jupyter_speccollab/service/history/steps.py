"""Steps: the operations between two versions without their texts, packed to be sent to another process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text.parts import ADDED, KEPT, NOBODY, REMOVED, Part


class Steps:
    """Consecutive operations. Each is stored as its author, the number of its parts, and the parts.

    ``size`` is the number of parts of all together, ``changed`` how many code points they add and remove.
    """

    def __init__(self) -> None:
        self.size = self.changed = 0
        self._packed = array("q")
        self._authors: dict[str, int] = {}
        self._names: dict[str, str] = {}

    def add(self, committed: CommittedOperation) -> None:
        """Add the next operation."""
        components = committed.operation.components
        author = self._authors.setdefault(committed.author, len(self._authors))
        self._names[committed.author] = committed.author_shown
        packed = [author, len(components)]
        for component in components:
            if isinstance(component, str):
                packed.append(len(component) << 2 | ADDED)
                self.changed += len(component)
            elif component > 0:
                packed.append(component << 2 | KEPT)
            else:
                packed.append(-component << 2 | REMOVED)
                self.changed -= component
        self._packed.extend(packed)
        self.size += len(components)

    @property
    def authors(self) -> list[tuple[str, str]]:
        """The userId and the name of each author, by number."""
        return [(user_id, self._names[user_id]) for user_id in self._authors]

    def __iter__(self) -> Iterator[list[Part]]:
        """The operations as lists of parts."""
        packed = iter(self._packed)
        for author in packed:
            parts: list[Part] = []
            for _ in range(next(packed)):
                part = next(packed)
                kind = part & 3
                parts.append((kind, part >> 2, NOBODY if kind == KEPT else author))
            yield parts
