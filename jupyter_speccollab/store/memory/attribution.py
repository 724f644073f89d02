"""Attribution in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jupyter_speccollab.store.base import StoredAttribution
from jupyter_speccollab.text import Change, pack

from .state import MemoryState


class MemoryAttribution(MemoryState):
    """Implements `AttributionStore`."""

    async def attribution(self, spec_id: str, at: int | None = None) -> StoredAttribution | None:
        if spec_id not in self._specs:
            return None
        spec = self._specs[spec_id]
        found = (v for v in spec.attributions if v in spec.snapshots and (at is None or v <= at))
        newest = max(found, default=None)
        return None if newest is None else StoredAttribution(newest, spec.attributions[newest])

    async def set_attribution(self, spec_id: str, epoch: str, attribution: StoredAttribution) -> None:
        spec = self._specs.get(spec_id)
        if spec and spec.record.epoch == epoch and attribution.version in spec.snapshots:
            spec.attributions[attribution.version] = attribution.runs

    async def unattributed(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[int]:
        if spec_id not in self._specs:
            return ()
        spec = self._specs[spec_id]
        missing = sorted(spec.snapshots.keys() - spec.attributions.keys())
        return tuple(v for v in missing if after < v and (until is None or v <= until))[:limit]

    async def byline_pages(self, spec_id: str) -> Sequence[bytes]:
        return tuple(self._specs[spec_id].bylines) if spec_id in self._specs else ()

    async def add_byline_page(self, spec_id: str, epoch: str, number: int, page: bytes) -> None:
        spec = self._specs.get(spec_id)
        if spec and spec.record.epoch == epoch and number == len(spec.bylines):
            spec.bylines.append(page)

    async def changes(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[tuple[int, Sequence[Change] | None]]:
        spec = self._specs.get(spec_id)
        found: list[tuple[int, Sequence[Change] | None]] = []
        for committed in spec.log[after:until][:limit] if spec else ():
            changes = None if spec and committed.version <= spec.folded else pack(committed.components)
            characters -= sum(len(removed) + len(added) for _, removed, added in changes or ())
            if found and characters < 0:
                break
            found.append((committed.version, changes))
        return tuple(found)

    async def made_by(self, spec_id: str, after: int, until: int) -> Sequence[tuple[str, datetime]]:
        log = self._specs[spec_id].log[after:until] if spec_id in self._specs else ()
        return tuple((operation.author, operation.timestamp) for operation in log)
