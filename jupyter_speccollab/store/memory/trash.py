"""The trash in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.words import terms_of
from jupyter_speccollab.store.base import SpecMissing, SpecPage, SpecRecord, Usage
from jupyter_speccollab.store.paging import page_of, place_in_trash, place_of, time_of_deletion

from .specs import MemorySpecs, contains
from .state import StoredSpec


class MemoryTrash(MemorySpecs):
    """Implements `TrashStore`."""

    async def trash_spec(self, spec_id: str, by: str, at: datetime) -> None:
        spec = self._spec(spec_id)
        spec.record = replace(
            spec.record, trashed_at=at, trashed_by=by, access_version=spec.record.access_version + 1
        )

    async def trashed(self, spec_id: str) -> SpecRecord:
        return self._named_spec(self._trashed(spec_id).record)

    async def trashed_access(self, spec_id: str) -> AccessList:
        spec = self._trashed(spec_id)
        return AccessList(spec_id, spec.record.access_version, spec.roles)

    async def trashed_specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        owned_by: Collection[str] | None = None,
        only: str | None = None,
    ) -> SpecPage:
        place, terms = place_of(cursor), terms_of(query)
        found = [
            self._named_spec(spec.record)
            for spec in self._in_trash()
            if contains(spec, terms)
            and (owned_by is None or spec.is_owned_by(owned_by))
            and only in (None, spec.record.spec_id)
        ]
        found.sort(key=place_in_trash, reverse=True)
        rest = [record for record in found if place is None or place_in_trash(record) < place]
        return page_of(rest, limit, place_in_trash)

    async def undelete_spec(self, spec_id: str) -> SpecRecord:
        spec = self._trashed(spec_id)
        spec.record = replace(spec.record, trashed_at=None, trashed_by=None)
        return await self.spec(spec_id)

    async def end_trashed(self, spec_id: str, until: datetime) -> bool:
        if spec_id not in await self.expired(until, len(self._specs)):
            return False
        await self.delete_spec(spec_id)
        return True

    async def expired(self, until: datetime, limit: int) -> Sequence[str]:
        found = sorted((spec.record for spec in self._in_trash()), key=place_in_trash)
        return [record.spec_id for record in found if time_of_deletion(record) <= until][:limit]

    async def trash_usage(self) -> Usage:
        return self._sum(self._in_trash())

    def _in_trash(self) -> list[StoredSpec]:
        return [spec for spec in self._specs.values() if spec.record.trashed_at is not None]

    def _trashed(self, spec_id: str) -> StoredSpec:
        spec = self._specs.get(spec_id)
        if spec is None or spec.record.trashed_at is None:
            raise SpecMissing(spec_id)
        return spec
