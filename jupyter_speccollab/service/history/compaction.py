"""Compaction: old operations folded into the snapshots that stand for them.

::

    created      auto        auto      labelled    base       now
       1 ─────────┼───────────┼───────────┼─────────┼──────────▶ versions
       │ no steps; of the automatic texts one a day │  as it was
                                                   cut

Up to the cut the log keeps who made each version, when and under which id, but not what was changed
(``docs/adr/0012-compaction.md``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.errors import InvalidOperation
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.store.base import (
    OperationsFolded,
    RevisionKind,
    Snapshot,
    SnapshotMissing,
    SpecMissing,
    Store,
)
from jupyter_speccollab.text import Text

BATCH: Final = 1_000
"""How many versions are folded in one transaction, and replayed from one read."""

PAUSE: Final = 0.02
"""Seconds between two transactions, for whoever waits for a SQLite file."""

ALL: Final = 1 << 31
"""A limit that no spec reaches."""


class LogMismatch(Exception):
    """The log, replayed, does not give the text that is kept of ``version``: neither may be thrown away."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}")
        self.version = version


@dataclass(frozen=True, slots=True)
class Plan:
    """What a compaction does to a spec: the steps of ``(folded, cut]`` go, and the snapshots of ``thinned``.

    ``base`` is the snapshot to be made at the cut, where none stands there. ``summed_up`` are the automatic ones
    that stay while the one before them goes: their summary has to tell more.
    """

    spec_id: str
    folded: int
    cut: int
    base: Snapshot | None
    thinned: Sequence[int]
    summed_up: Sequence[int]


class Compaction:
    """Folds, in every spec, what was committed before ``moment``; servers may run meanwhile.

    Laws (``tests/service/history/test_compaction.py``): every version from the cut on can be rebuilt
    afterwards, also where the compaction was broken off, and every snapshot that stays can be read. Nothing is
    folded where the log, replayed, does not give every snapshot on the way.
    """

    def __init__(self, store: Store, moment: datetime) -> None:
        self._store = store
        self._moment = moment

    async def spec_ids(self) -> Sequence[str]:
        """All specs that there are."""
        found: dict[str, None] = {}
        cursor = None
        while True:
            page = await self._store.specs(cursor=cursor, limit=500)
            found |= dict.fromkeys(spec.spec_id for spec in page.specs)
            cursor = page.next_cursor
            if cursor is None:
                return list(found)

    async def plan(self, spec_id: str) -> Plan | None:
        """What there is to fold; ``None`` for nothing. Raises `LogMismatch`, `CorruptSnapshot`."""
        try:
            return await self._planned(spec_id)
        except LogMismatch:
            if await self._store.states([spec_id]):
                raise
            return None  # it was deleted meanwhile

    async def _planned(self, spec_id: str) -> Plan | None:
        folded = await self._store.folded(spec_id)
        cut = await self._store.version_before(spec_id, self._moment)
        if cut <= folded:
            return None
        listed = await self._store.revisions(spec_id, before=cut + 1, limit=ALL, content=False)
        kept = {snapshot.version: snapshot for snapshot in reversed(listed)}
        thinned = _thinned(kept.values(), cut)
        try:
            text = await self._replayed(spec_id, folded, cut, kept, thinned)
        except OperationsFolded:  # a compaction with a later cut is under way, or was broken off
            return None
        base = None if cut in kept else await self._base(spec_id, cut, str(text))
        stay = [each for each in (*kept.values(), *filter(None, [base])) if each.version not in thinned]
        summed_up = [
            after.version
            for before, after in pairwise(stay)
            if after.kind.is_automatic
            and (after is base or any(before.version < gone < after.version for gone in thinned))
        ]
        return Plan(spec_id, folded, cut, base, sorted(thinned), summed_up)

    async def carry_out(self, plan: Plan) -> bool:
        """Fold, a batch at a time, oldest first; ``False`` where somebody else has done so, or deleted the spec.

        Raises `CorruptSnapshot`.
        """
        spec_id = plan.spec_id
        try:
            if plan.base is not None:
                await self._store.save_snapshot(spec_id, plan.base)
            for after in range(plan.folded, plan.cut, BATCH):
                await self._store.fold(spec_id, after, min(after + BATCH, plan.cut), base=plan.cut)
                await asyncio.sleep(PAUSE)
        except (SnapshotMissing, SpecMissing):
            return False
        for start in range(0, len(plan.thinned), BATCH):
            await self._store.thin_snapshots(spec_id, plan.thinned[start : start + BATCH])
        for version in plan.summed_up:
            await self._sum_up(spec_id, version)
        return True

    async def _replayed(
        self, spec_id: str, folded: int, cut: int, kept: Mapping[int, Snapshot], thinned: Collection[int]
    ) -> Text:
        """The text at the cut, from the log; every snapshot on the way was compared with it.

        Raises `OperationsFolded` where there is none to begin with.
        """
        version = min((each for each in kept if each >= folded), default=None) if folded else 0
        if version is None:
            raise OperationsFolded(spec_id, folded)
        text = Text.of((await self._read(spec_id, version)) if version in kept else "")
        begun = version
        while version < cut:
            log = await self._store.operations(spec_id, version, until=min(version + BATCH, cut))
            for committed in log:
                if committed.version != version + 1:
                    raise LogMismatch(version + 1)
                version += 1
                text = _applied(text, committed)
                if version in kept and content_hash(str(text)) != kept[version].content_hash:
                    raise LogMismatch(version)
            if not log:
                raise LogMismatch(version + 1)
        for each in kept:
            if each > begun and each not in thinned:
                await self._read(spec_id, each)
        return text

    async def _read(self, spec_id: str, version: int) -> str:
        """The newest kept text up to ``version``, compared with its hash. Raises `CorruptSnapshot`."""
        snapshot = await self._store.snapshot(spec_id, at=version)
        return (snapshot and snapshot.content) or ""

    async def _base(self, spec_id: str, version: int, content: str) -> Snapshot:
        commits = await self._store.commits(spec_id, version - 1, until=version)
        if not commits:
            raise LogMismatch(version)
        made = commits[0]
        return Snapshot(
            version=version,
            content=content,
            content_hash=content_hash(content),
            created_by=made.user_id,
            created_by_name=made.user_name,
            created_at=made.timestamp,
            kind=RevisionKind.AUTO,
        )

    async def _sum_up(self, spec_id: str, version: int) -> None:
        old, new = await self._read(spec_id, version - 1), await self._read(spec_id, version)
        await self._store.set_summary(spec_id, version, summarise(old, new))


def _thinned(kept: Iterable[Snapshot], cut: int) -> set[int]:
    """The automatic ones before the cut, but the last of each day (UTC)."""
    last_of_day: dict[date, int] = {}
    thinned = set()
    for snapshot in sorted(kept, key=lambda each: each.version):
        if snapshot.kind.is_automatic and snapshot.version <= cut:
            day = snapshot.created_at.astimezone(UTC).date()
            if day in last_of_day:
                thinned.add(last_of_day[day])
            last_of_day[day] = snapshot.version
    return thinned


def _applied(text: Text, committed: CommittedOperation) -> Text:
    try:
        return text.apply(committed.operation)
    except InvalidOperation:
        raise LogMismatch(committed.version) from None
