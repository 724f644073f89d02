"""Sittings in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.document.sitting import Sitting
from jupyter_speccollab.store.base import Measure, Snapshot, StoredSitting

from .state import MemoryState


class MemorySittings(MemoryState):
    """Implements `SittingStore`."""

    async def sittings(
        self, spec_id: str, before: int | None = None, limit: int = 20
    ) -> Sequence[StoredSitting]:
        rows = self._specs[spec_id].sittings.values() if spec_id in self._specs else ()
        found = [row for row in rows if before is None or row.sitting.last < before]
        found.sort(key=lambda row: row.sitting.first, reverse=True)
        return tuple(found[:limit])

    async def next_sitting(self, spec_id: str, after: int) -> Sitting | None:
        rows = self._specs[spec_id].sittings.values() if spec_id in self._specs else ()
        later = (row.sitting for row in rows if row.sitting.first > after)
        return min(later, key=lambda each: each.first, default=None)

    async def add_sittings(self, spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
        spec = self._specs.get(spec_id)
        if spec is None or spec.record.trashed_at is not None or not found:
            return False
        first, last = (before or found[0]).first, found[-1].last
        there = [
            row.sitting
            for row in spec.sittings.values()
            if row.sitting.last >= first and row.sitting.first <= last
        ]
        if there != ([] if before is None else [before]):
            return False
        asked_for = [version for version, kept in spec.snapshots.items() if kept.kind.is_asked_for]
        if any(each.first <= version < each.last for each in found for version in asked_for):
            return False
        spec.sittings |= {each.first: StoredSitting(each) for each in found}
        return True

    async def set_measure(self, spec_id: str, sitting: Sitting, measure: Measure) -> None:
        if row := self._row(spec_id, sitting):
            self._specs[spec_id].sittings[sitting.first] = replace(row, measure=measure)

    async def set_subjects(self, spec_id: str, sitting: Sitting, subjects: Sequence[str]) -> None:
        if row := self._row(spec_id, sitting):
            self._specs[spec_id].sittings[sitting.first] = replace(row, subjects=tuple(subjects))

    async def commit_times(self, spec_id: str, after: int, limit: int) -> Sequence[tuple[int, datetime]]:
        log = self._specs[spec_id].log[after:][:limit] if spec_id in self._specs else ()
        return tuple((operation.version, operation.timestamp) for operation in log)

    async def kept_revisions(self, spec_id: str, after: int, until: int) -> Sequence[Snapshot]:
        snapshots = self._specs[spec_id].snapshots if spec_id in self._specs else {}
        return tuple(
            replace(snapshot, content=None, created_by_name=self._users[snapshot.created_by].name)
            for version, snapshot in sorted(snapshots.items())
            if after < version <= until and not snapshot.kind.is_automatic
        )

    async def contributions(self, spec_id: str, after: int, until: int) -> Mapping[str, int]:
        log = self._specs[spec_id].log[after:until] if spec_id in self._specs else ()
        accepted = [each.user_id for each in log if each.author != each.user_id]
        return Counter([*(operation.author for operation in log), *accepted])

    def _row(self, spec_id: str, sitting: Sitting) -> StoredSitting | None:
        spec = self._specs.get(spec_id)
        row = spec.sittings.get(sitting.first) if spec else None
        return row if row is not None and row.sitting == sitting else None
