"""Compaction: folding old operations, that is dropping their changes and keeping the rest of the row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Size:
    """How much a spec stores, in rows and in bytes as they are stored.

    ``operations`` counts all versions, ``folded`` those without changes. ``operation_bytes`` is the size of the
    changes, ``snapshot_bytes`` that of the texts.
    """

    operations: int = 0
    folded: int = 0
    operation_bytes: int = 0
    snapshots: int = 0
    snapshot_bytes: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


class SnapshotMissing(Exception):
    """There is no snapshot at the version that operations were to be folded into."""


class CompactionStore(Protocol):
    """The part of a store that a compaction needs; see ``docs/adr/0012-compaction.md``."""

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        """Return the newest version such that it and all versions before it are older than ``moment``; 0: none."""

    async def folded(self, spec_id: str) -> int:
        """Return the newest folded version; 0: none."""

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        """Drop the changes of versions ``(after, until]`` for good, in one transaction; the rest of each row stays.

        The snapshot at ``base``, which must be ``until`` or later, can no longer be thinned (``auto`` becomes
        ``base``). Raises `SnapshotMissing` if there is none, and ValueError if version ``after`` is not folded or
        ``base`` comes before ``until``.
        """

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        """Return how much the spec stores (up to version ``until``); zeros if there is no such spec."""
