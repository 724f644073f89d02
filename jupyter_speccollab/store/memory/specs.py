"""Specs in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import (
    Grant,
    Quota,
    QuotaReached,
    Snapshot,
    SpecIdTaken,
    SpecPage,
    SpecRecord,
    SpecState,
)
from jupyter_speccollab.store.checks import check_fields
from jupyter_speccollab.store.paging import page_of, place_of

from .state import MemoryState, StoredSpec
from .usage import MemoryUsage


class MemorySpecs(MemoryUsage, MemoryState):
    """Implements `SpecStore`."""

    async def create_spec(
        self,
        spec: SpecRecord,
        first: CommittedOperation | None,
        snapshot: Snapshot,
        quota: Quota | None = None,
    ) -> None:
        if spec.spec_id in self._specs:
            raise SpecIdTaken(spec.spec_id)
        named = {spec.created_by, spec.modified_by, snapshot.created_by}
        self._require_users(named | {first.user_id} if first else named)
        stored = StoredSpec(spec, snapshots={snapshot.version: snapshot})
        stored.add_grant(Grant(spec.created_by, Role.OWNER, spec.created_by, spec.created_at))
        if first:
            stored.append([first])
        self._specs[spec.spec_id] = stored
        usage = self._usage_of(spec.created_by)
        if quota is not None and quota.is_exceeded_by(usage):
            del self._specs[spec.spec_id]
            raise QuotaReached(usage)

    async def spec(self, spec_id: str) -> SpecRecord:
        return self._named_spec(self._spec(spec_id).record)

    async def specs(
        self,
        query: str = "",
        cursor: str | None = None,
        limit: int = 50,
        *,
        visible_to: Collection[str] | None = None,
        only: str | None = None,
        notebooks: Collection[str] | None = None,
    ) -> SpecPage:
        place = place_of(cursor)
        found = [
            self._named_spec(spec.record)
            for spec_id, spec in self._specs.items()
            if spec.record.trashed_at is None
            and contains(spec.record, search_key(query))
            and (visible_to is None or not spec.roles.keys().isdisjoint(visible_to))
            and only in (None, spec_id)
            and (notebooks is None or spec.record.notebook in notebooks)
        ]
        found.sort(key=_place, reverse=True)
        return page_of([record for record in found if place is None or _place(record) < place], limit)

    async def states(self, spec_ids: Collection[str]) -> Mapping[str, SpecState]:
        named = [self._specs[spec_id].record for spec_id in spec_ids if spec_id in self._specs]
        found = [spec for spec in named if spec.trashed_at is None]
        return {
            spec.spec_id: SpecState(spec.version, spec.epoch, spec.access_version, spec.entry_version)
            for spec in found
        }

    async def update_spec(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        check_fields(fields)
        spec = self._spec(spec_id)
        changed = replace(spec.record, **dict[str, Any](fields))
        if changed != spec.record:
            spec.record = replace(changed, entry_version=changed.entry_version + 1)
        return self._named_spec(spec.record)

    async def delete_spec(self, spec_id: str) -> None:
        self._stored(spec_id)
        del self._specs[spec_id]
        self._sessions = {key: row for key, row in self._sessions.items() if row.spec_id != spec_id}

    def _named_spec(self, record: SpecRecord) -> SpecRecord:
        return replace(record, modified_by_name=self._users[record.modified_by].name)


def _place(record: SpecRecord) -> tuple[datetime, str]:
    return record.modified_at, record.spec_id


def contains(record: SpecRecord, query: str) -> bool:
    """Whether a search for ``query``, a `search_key`, finds the spec."""
    return query in search_key(record.title) or query in search_key(record.description)
