"""Snapshots in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from jupyter_speccollab.document.sitting import changed_by
from jupyter_speccollab.store.base import RevisionKind, Snapshot
from jupyter_speccollab.store.checks import check_hash
from jupyter_speccollab.store.paging import fitting

from .state import MemoryState


class MemorySnapshots(MemoryState):
    """Implements `SnapshotStore`."""

    async def save_snapshot(
        self, spec_id: str, snapshot: Snapshot, attribution: bytes | None = None
    ) -> Snapshot:
        spec = self._stored(spec_id)
        self._require_users({snapshot.created_by})
        stored = spec.snapshots.get(snapshot.version)
        if stored is None and attribution is not None:
            spec.attributions[snapshot.version] = attribution
        saved = spec.snapshots[snapshot.version] = stored.raised_by(snapshot) if stored else snapshot
        if saved.kind.is_asked_for and not (stored and stored.kind.is_asked_for):
            rows = (row.sitting for _, row in sorted(spec.sittings.items()))
            later = (sitting for sitting in rows if sitting.last > snapshot.version)
            ends = {version for version, kept in spec.snapshots.items() if kept.kind.is_asked_for}
            for sitting in list(changed_by(snapshot.version, later, ends)):
                del spec.sittings[sitting.first]
        return self._named_snapshot(spec.snapshots[snapshot.version])

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        before = None if at is None else at + 1
        newest = await self.revisions(spec_id, before, limit=1)
        return check_hash(newest[0]) if newest else None

    async def revisions(
        self,
        spec_id: str,
        before: int | None = None,
        limit: int = 20,
        content: bool = True,
        most_bytes: int | None = None,
    ) -> Sequence[Snapshot]:
        if spec_id not in self._specs:
            return ()
        snapshots = self._specs[spec_id].snapshots
        versions = sorted((v for v in snapshots if before is None or v < before), reverse=True)
        versions = versions[:limit]
        if content and most_bytes is not None:
            versions = fitting(((version, _size(snapshots[version])) for version in versions), most_bytes)
        found = [self._named_snapshot(snapshots[version]) for version in versions]
        return tuple(found if content else (replace(snapshot, content=None) for snapshot in found))

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        if spec_id not in self._specs:
            return 0
        spec = self._specs[spec_id]
        thinned = [
            v
            for v in set(versions)
            if v in spec.snapshots
            and (
                spec.snapshots[v].kind is RevisionKind.AUTO
                or (spec.snapshots[v].kind is RevisionKind.BASE and v < spec.folded)
            )
        ]
        for version in thinned:
            del spec.snapshots[version]
        return len(thinned)

    async def remove_label(self, spec_id: str, version: int) -> None:
        snapshots = self._specs[spec_id].snapshots if spec_id in self._specs else {}
        if version in snapshots and snapshots[version].label is not None:
            snapshots[version] = replace(snapshots[version], label=None, kind=RevisionKind.SAVED)

    async def set_summary(self, spec_id: str, version: int, summary: str) -> None:
        snapshots = self._specs[spec_id].snapshots if spec_id in self._specs else {}
        if version in snapshots and snapshots[version].kind.is_automatic:
            snapshots[version] = replace(snapshots[version], changes_summary=summary)

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        if spec_id not in self._specs:
            return None
        latest_first = sorted(self._specs[spec_id].snapshots, reverse=True)
        return min(latest_first, key=lambda each: abs(each - version), default=None)

    def _named_snapshot(self, snapshot: Snapshot) -> Snapshot:
        return replace(snapshot, created_by_name=self._users[snapshot.created_by].name)


def _size(snapshot: Snapshot) -> int:
    return len((snapshot.content or "").encode())
