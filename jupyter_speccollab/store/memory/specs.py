"""Specs in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.words import Term, key_of, terms_of
from jupyter_speccollab.store.base import (
    Choice,
    Facets,
    Grant,
    Quota,
    QuotaReached,
    Snapshot,
    SpecIdTaken,
    SpecOrder,
    SpecPage,
    SpecRecord,
    SpecState,
)
from jupyter_speccollab.store.base.specs import FACETS
from jupyter_speccollab.store.checks import check_fields
from jupyter_speccollab.store.paging import PLACES, page_of, place_of

from .read_marks import read_state
from .search import has
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
        choice: Choice = Choice(),  # noqa: B008 (frozen)
    ) -> SpecPage:
        after, place, terms = place_of(cursor, choice.order), PLACES[choice.order], terms_of(query)
        is_descending = choice.order is SpecOrder.CHANGED
        found = [
            self._named_spec(spec.record)
            for spec in self._seen(visible_to, only)
            if contains(spec, terms)
            and (notebooks is None or spec.record.notebook in notebooks)
            and choice.status in (None, spec.record.status)
            and choice.type in (None, spec.record.type)
            and (choice.owned_by is None or spec.is_owned_by(choice.owned_by))
            and (choice.unread_by is None or read_state(spec, choice.unread_by).unread > 0)
        ]
        found.sort(key=place, reverse=is_descending)
        behind = [
            each
            for each in found
            if after is None or (place(each) < after if is_descending else place(each) > after)
        ]
        return page_of(behind, limit, place)

    async def facets(self, *, visible_to: Collection[str] | None = None, only: str | None = None) -> Facets:
        seen = [spec.record for spec in self._seen(visible_to, only)]
        return Facets(_counted(each.status for each in seen), _counted(each.type for each in seen))

    def _seen(self, visible_to: Collection[str] | None, only: str | None) -> list[StoredSpec]:
        return [
            spec
            for spec_id, spec in self._specs.items()
            if spec.record.trashed_at is None
            and (visible_to is None or not spec.roles.keys().isdisjoint(visible_to))
            and only in (None, spec_id)
        ]

    async def states(self, spec_ids: Collection[str]) -> Mapping[str, SpecState]:
        named = [self._specs[spec_id].record for spec_id in spec_ids if spec_id in self._specs]
        found = [spec for spec in named if spec.trashed_at is None]
        return {
            spec.spec_id: SpecState(
                spec.version, spec.epoch, spec.access_version, spec.entry_version, spec.threads_version
            )
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


def contains(spec: StoredSpec, terms: Sequence[Term]) -> bool:
    """Whether title, description or text of the spec have every one of the terms."""
    keys = (key_of(spec.record.title), key_of(spec.record.description))
    return all(
        any(term.key in key for key in keys) or any(has(each, term) for each in spec.passages)
        for term in terms
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts = Counter(value for value in values if value)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:FACETS])
