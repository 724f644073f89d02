"""Progress: how much a client has still to send."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final, Self

from jupyter_speccollab.client.sync.pending import Pending
from jupyter_speccollab.text import Component, Operation

BESIDE_TEXT: Final = 50
"""About how many UTF-16 units of JSON a component takes in addition to its text."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The edits that the server has not acknowledged.

    ``inserted`` and ``deleted`` are the code points that they insert and delete. ``operations`` is about how many
    operations they still take, the one in flight included: one operation holds at most the server's limit, 10,000
    characters of JSON by default, and at most 100 of them go out in any minute.
    """

    inserted: int = 0
    deleted: int = 0
    operations: int = 0

    @classmethod
    def of(cls, pending: Pending, size_limit: int) -> Self:
        """The progress of what is ``pending``; ``size_limit`` is that of one operation, in UTF-16 units."""
        inserted = deleted = operations = 0
        if pending.outstanding is not None:
            inserted, deleted = _changed(pending.outstanding.operation)
            operations = 1
        if pending.buffer is not None:
            more, less = _changed(pending.buffer)
            inserted, deleted = inserted + more, deleted + less
            operations += max(1, ceil(sum(map(_size, pending.buffer.components)) / size_limit))
        return cls(inserted, deleted, operations)

    def __str__(self) -> str:
        return (
            f"{self.inserted:,} characters to insert and {self.deleted:,} to delete, in about "
            f"{self.operations:,} operations"
        )


def _changed(operation: Operation) -> tuple[int, int]:
    """How many code points an operation inserts and deletes."""
    inserts = sum(len(component) for component in operation.components if isinstance(component, str))
    deletes = sum(
        -component for component in operation.components if not isinstance(component, str) and component < 0
    )
    return inserts, deletes


def _size(component: Component) -> int:
    """About how many units of JSON the component takes. A retain is not sent."""
    if isinstance(component, str):
        return BESIDE_TEXT + len(component)
    return BESIDE_TEXT if component < 0 else 0
