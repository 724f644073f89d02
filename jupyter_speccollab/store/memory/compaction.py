"""Compaction in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.store.base import RevisionKind, Size, SnapshotMissing
from jupyter_speccollab.store.checks import check_fold, not_folded
from jupyter_speccollab.text import pack

from .state import MemoryState


class MemoryCompaction(MemoryState):
    """Implements `CompactionStore`. The log keeps the changes of folded operations, but never returns them."""

    async def version_before(self, spec_id: str, moment: datetime) -> int:
        log = self._specs[spec_id].log if spec_id in self._specs else []
        return next((each.version - 1 for each in log if each.timestamp >= moment), len(log))

    async def folded(self, spec_id: str) -> int:
        return self._specs[spec_id].folded if spec_id in self._specs else 0

    async def fold(self, spec_id: str, after: int, until: int, base: int) -> None:
        check_fold(until, base)
        spec = self._specs.get(spec_id)
        if spec is None or base not in spec.snapshots:
            raise SnapshotMissing(f"{spec_id} at version {base}")
        if after > spec.folded:
            raise not_folded(after)
        stored = spec.snapshots[base]
        if stored.kind is RevisionKind.AUTO:
            spec.snapshots[base] = replace(stored, kind=RevisionKind.BASE)
        spec.folded = max(spec.folded, until)

    async def size(self, spec_id: str, until: int | None = None) -> Size:
        if spec_id not in self._specs:
            return Size()
        spec = self._specs[spec_id]
        log = spec.log[:until]
        texts = [
            each.content or "" for each in spec.snapshots.values() if until is None or each.version <= until
        ]
        return Size(
            operations=len(log),
            folded=min(spec.folded, len(log)),
            operation_bytes=sum(len(str(pack(each.components)).encode()) for each in log[spec.folded :]),
            snapshots=len(texts),
            snapshot_bytes=sum(len(text.encode()) for text in texts),
        )
