"""Compaction: deletes the changes of old operations, up to a version that has a snapshot.

::

    created      auto        auto      labelled    base       now
       1 ─────────┼───────────┼───────────┼─────────┼──────────▶ versions
       │ folded; one automatic snapshot a day stays │  unchanged
                                                   cut

Up to the cut, the log keeps the user, time and id of each operation, but not its components: the operation is
folded (``docs/adr/0012-compaction.md``).
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
from jupyter_speccollab.service.history.every_spec import every_spec
from jupyter_speccollab.service.history.measures import measure_all
from jupyter_speccollab.service.history.stored_anchors import bring_on_anchors
from jupyter_speccollab.service.live.attributions import Attributions
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
"""The number of versions that are folded in one transaction, and that are read at once for the replay."""

PAUSE: Final = 0.02
"""Seconds between two transactions, in which other writers can use a SQLite file."""

NO_LIMIT: Final = 1 << 31
"""A number of revisions that no spec reaches."""


class LogMismatch(Exception):
    """Replaying the log does not give the stored text of ``version``. Nothing may then be deleted."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version}")
        self.version = version


@dataclass(frozen=True, slots=True)
class Plan:
    """What a compaction does to a spec.

    The operations after version ``folded``, up to and including ``cut``, are folded. The snapshots of the versions
    ``thinned`` are deleted. ``base`` is the snapshot to create at the cut, if none exists there. ``resummarised``
    are the versions of automatic snapshots whose summary is renewed, because the snapshot before them is deleted.
    """

    spec_id: str
    folded: int
    cut: int
    base: Snapshot | None
    thinned: Sequence[int]
    resummarised: Sequence[int]


class Compaction:
    """Folds the operations that were committed before ``moment``, in every spec. Servers may run meanwhile.

    Laws (``tests/service/history/test_compaction.py``): afterwards, even after an interruption, every version from
    the cut on can be rebuilt, and every remaining snapshot can be read, with who wrote which letter of it, and
    every thread is still on its words. Nothing is folded in a spec whose log, when replayed, does not give the text
    of every snapshot on the way.
    """

    def __init__(self, store: Store, moment: datetime) -> None:
        self._store = store
        self._moment = moment

    async def spec_ids(self) -> Sequence[str]:
        """The ids of all specs."""
        return await every_spec(self._store)

    async def plan(self, spec_id: str) -> Plan | None:
        """Plan the compaction of a spec; ``None`` if there is none. Raises `LogMismatch`, `CorruptSnapshot`."""
        try:
            return await self._planned(spec_id)
        except LogMismatch:
            if await self._store.states([spec_id]):
                raise
            return None  # the spec was deleted meanwhile

    async def _planned(self, spec_id: str) -> Plan | None:
        folded = await self._store.folded(spec_id)
        cut = await self._store.version_before(spec_id, self._moment)
        if cut <= folded:
            return None
        listed = await self._store.revisions(spec_id, before=cut + 1, limit=NO_LIMIT, content=False)
        kept = {snapshot.version: snapshot for snapshot in reversed(listed)}
        thinned = _thinned(kept.values(), cut)
        try:
            text = await self._replayed(spec_id, folded, cut, kept, thinned)
        except OperationsFolded:  # a compaction with a later cut is running, or was interrupted
            return None
        base = None if cut in kept else await self._base(spec_id, cut, str(text))
        stay = [each for each in (*kept.values(), *filter(None, [base])) if each.version not in thinned]
        resummarised = [
            after.version
            for before, after in pairwise(stay)
            if after.kind.is_automatic
            and (after is base or any(before.version < gone < after.version for gone in thinned))
        ]
        return Plan(spec_id, folded, cut, base, sorted(thinned), resummarised)

    async def carry_out(self, plan: Plan) -> bool:
        """Fold in batches, oldest first. Raises `LogMismatch`, `CorruptSnapshot`.

        Before that, the attribution of each remaining snapshot is stored, what was done in each sitting, and where
        each thread is in the text at the cut: that could not be told afterwards.

        Returns ``False`` if the spec, or the snapshot at the cut, was deleted meanwhile.
        """
        spec_id = plan.spec_id
        try:
            if plan.base is not None:
                await self._store.save_snapshot(spec_id, plan.base)
            await measure_all(self._store, spec_id, plan.folded, plan.cut)
            async for _ in Attributions(self._store).fill(spec_id, plan.cut, without=plan.thinned):
                pass
            await bring_on_anchors(self._store, spec_id, plan.cut)
            for after in range(plan.folded, plan.cut, BATCH):
                await self._store.fold(spec_id, after, min(after + BATCH, plan.cut), base=plan.cut)
                await asyncio.sleep(PAUSE)
        except (SnapshotMissing, SpecMissing):
            return False
        except InvalidOperation:
            raise LogMismatch(plan.cut) from None
        for start in range(0, len(plan.thinned), BATCH):
            await self._store.thin_snapshots(spec_id, plan.thinned[start : start + BATCH])
        for version in plan.resummarised:
            await self._renew_summary(spec_id, version)
        return True

    async def _replayed(
        self, spec_id: str, folded: int, cut: int, kept: Mapping[int, Snapshot], thinned: Collection[int]
    ) -> Text:
        """Replay the log up to the cut; compare the text with every snapshot on the way, and return it.

        Raises `OperationsFolded` if no snapshot exists from which the replay can start.
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
        """The text of the newest snapshot up to ``version``. Raises `CorruptSnapshot` if its hash is wrong."""
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

    async def _renew_summary(self, spec_id: str, version: int) -> None:
        old, new = await self._read(spec_id, version - 1), await self._read(spec_id, version)
        await self._store.set_summary(spec_id, version, summarise(old, new))


def _thinned(kept: Iterable[Snapshot], cut: int) -> set[int]:
    """The versions of the automatic snapshots up to the cut, without the last one of each day (UTC)."""
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
