"""Attributions: who inserted which letter, stored with snapshots, so that reading it needs no replay of the log.

::

    stored     stored               asked for
       ▼          ▼                    ▼
       500 ────── 1000 ─────────────── 1340 ──▶ versions
                  │ operations that are │
                  │ read for the answer │
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, TypeVarTuple
from weakref import WeakValueDictionary

from jupyter_speccollab.document.bylines import PAGE_VERSIONS, Bylines
from jupyter_speccollab.errors import InvalidOperation, StoreUnavailable
from jupyter_speccollab.service.live.recent_parts import RecentParts
from jupyter_speccollab.service.time_slice import TimeSlice
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import (
    CorruptSnapshot,
    OperationsFolded,
    SpecMissing,
    Store,
    StoredAttribution,
)
from jupyter_speccollab.text import Attribution, Part, diff, parts_of, parts_of_changes, runs_in, total

NEAR: Final = 2_000
"""A snapshot gets its attribution when it is taken, if an earlier one is at most so many versions away. Else it
gets it when somebody asks."""

MISSING: Final = 50
"""Of how many snapshots without attribution the versions are read at once."""

PAGE_OPERATIONS: Final = 500
"""How many operations are read at once."""

PAGE_CHARACTERS: Final = 500_000
"""How many characters of operations are read at once, unless one has more."""

PARTS: Final = 30_000
"""After so many parts of operations, the attribution is brought on by them."""

COST_OF_A_PART: Final = 8
"""A part of an operation costs as much as so many code points do in a comparison of texts (`Workers`), when
hundreds of operations are merged."""

CHEAP: Final = 3
"""So many runs that are only copied cost as much as one code point."""

RUNS_IN_A_THREAD: Final = 60_000
"""Up to so many runs, a new snapshot's attribution is made in a thread, and delays the event loop by 3 ms."""

Arguments = TypeVarTuple("Arguments")

logger = logging.getLogger(__name__)

Step = Sequence[Part]
"""The parts of an operation, each with the version that it made."""


class Attributions:
    """Stores attributions with snapshots, and reads what is needed to bring one on to any version.

    Laws (``tests/service/history/test_attribution.py``): what is stored is what replaying the log letter by letter
    gives, whenever and in whatever order it was made. Making all of them may be broken off, and goes on later.
    """

    def __init__(self, store: Store, workers: Workers | None = None) -> None:
        """Without ``workers``, long computations run in a thread, for a program that does nothing else."""
        self._store = store
        self._workers = workers
        self._filling: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of_new(
        self, spec_id: str, epoch: str, version: int, recent: RecentParts | None = None
    ) -> bytes | None:
        """The attribution of a new snapshot, unless there is one, or the last one that is stored is far away.

        ``recent`` saves reading the log from where it begins; with it, one that is there is made again, the same.
        """
        parts = None if recent is None else recent.until(version)
        begins = version if recent is None or parts is None else recent.after
        try:
            begun = await self.begun(spec_id, begins)
            if not begun.version < version <= begun.version + NEAR:
                return None
            if begun.version // PAGE_VERSIONS < version // PAGE_VERSIONS:
                await self.bylines(spec_id, epoch, version)
            if begun.version < begins:
                begun = await self._made(spec_id, begun, begins)
            if parts is None:
                return begun.runs
            if runs_in(begun.runs) <= RUNS_IN_A_THREAD:
                return await asyncio.to_thread(_after_parts, begun.runs, parts)
            return await self._run(runs_in(begun.runs), _after_parts, begun.runs, parts)
        except (StoreUnavailable, SpecMissing, CorruptSnapshot, InvalidOperation) as error:
            logger.debug("the attribution of spec %s is made later: %s", spec_id, type(error).__name__)
            return None

    async def snapshot_taken(self, spec_id: str, epoch: str, version: int) -> None:
        """Store the attribution of a new snapshot, as `of_new`."""
        runs = await self.of_new(spec_id, epoch, version)
        if runs is not None:
            with suppress(StoreUnavailable):
                await self._store.set_attribution(spec_id, epoch, StoredAttribution(version, runs))

    async def fill(
        self, spec_id: str, until: int | None = None, without: Collection[int] = ()
    ) -> AsyncIterator[int]:
        """Store the attribution of every snapshot up to version ``until`` that has none; yields their versions.

        The bylines are stored as well, up to that version or the present one.
        Those of the versions ``without`` are left out. Raises `SpecMissing`, `CorruptSnapshot`, and
        `InvalidOperation` if an operation of the log does not fit the text before it.
        """
        lock = self._filling.setdefault(spec_id, asyncio.Lock())
        async with lock:
            spec = await self._store.spec(spec_id)
            epoch, after = spec.epoch, -1
            while missing := await self._store.unattributed(spec_id, after, until, MISSING):
                for version in missing:
                    if version not in without:
                        made = await self._made(spec_id, await self.begun(spec_id, version), version)
                        await self._store.set_attribution(spec_id, epoch, made)
                        yield version
                after = missing[-1]
            await self.bylines(spec_id, epoch, spec.version if until is None else until)

    async def begun(self, spec_id: str, version: int) -> StoredAttribution:
        """The newest stored attribution up to ``version``, else that of version 0. Raises `CorruptSnapshot`."""
        stored = await self._store.attribution(spec_id, version)
        if stored is not None:
            return stored
        first = await self._store.snapshot(spec_id, at=0)
        length = len((first and first.content) or "")
        return StoredAttribution(0, Attribution.of([(length, 0)]).to_bytes())

    async def near(self, spec_id: str, begun: StoredAttribution, version: int) -> tuple[bytes, list[Step]]:
        """A stored form from which ``version`` is one portion of operations away, and these.

        Raises `OperationsFolded`.
        """
        runs = begun.runs
        last: list[Step] = []
        async for portion in self.steps(spec_id, begun.version, version):
            if last:
                runs = await self._run(cost_of(runs, last), _brought_on, runs, last)
            last = portion
        return runs, last

    async def steps(self, spec_id: str, after: int, until: int) -> AsyncIterator[list[Step]]:
        """The operations of the versions in ``(after, until]`` in portions. Raises `OperationsFolded`."""
        slice_ = TimeSlice()
        portion: list[Step] = []
        size = 0
        while after < until:
            rows = await self._store.changes(spec_id, after, until, PAGE_OPERATIONS, PAGE_CHARACTERS)
            if not rows:
                break
            for version, changes in rows:
                if changes is None:
                    raise OperationsFolded(spec_id, version)
                parts = parts_of_changes(changes, version)
                portion.append(parts)
                size += len(parts)
                await slice_.spend(1 + len(parts))
            after = rows[-1][0]
            if size > PARTS:
                yield portion
                portion, size = [], 0
        yield portion

    async def bylines(
        self, spec_id: str, epoch: str, until: int
    ) -> tuple[Sequence[bytes], Sequence[tuple[str, datetime]]]:
        """Who made the versions up to ``until`` and when: full pages, and the rest from the log.

        Pages that are missing are stored.
        """
        pages = list(await self._store.byline_pages(spec_id))[: -(-until // PAGE_VERSIONS)]
        done = len(pages) * PAGE_VERSIONS
        while until - done >= PAGE_VERSIONS:
            made = await self._store.made_by(spec_id, done, done + PAGE_VERSIONS)
            if len(made) < PAGE_VERSIONS:
                break
            page = await asyncio.to_thread(_page, made)
            await self._store.add_byline_page(spec_id, epoch, len(pages), page)
            pages.append(page)
            done += PAGE_VERSIONS
        return pages, await self._store.made_by(spec_id, done, until)

    async def _made(self, spec_id: str, begun: StoredAttribution, version: int) -> StoredAttribution:
        """The attribution of the snapshot at ``version``, from an earlier one.

        Where operations between the two are folded and nobody has stored an attribution before, the letters that
        the text of ``version`` has and the one before it had not count as inserted by ``version``.
        """
        try:
            return await self._brought_on(spec_id, begun, version)
        except OperationsFolded:
            again = await self.begun(spec_id, version)  # a compaction stores one before it folds
            if again.version > begun.version:
                return await self._made(spec_id, again, version)
            old, new = await self._text(spec_id, begun.version), await self._text(spec_id, version)
            runs = await self._run(len(old) + len(new), _compared, begun.runs, old, new, version)
            return StoredAttribution(version, runs)

    async def _brought_on(self, spec_id: str, begun: StoredAttribution, version: int) -> StoredAttribution:
        runs, last = await self.near(spec_id, begun, version)
        return StoredAttribution(version, await self._run(cost_of(runs, last), _brought_on, runs, last))

    async def _run(self, cost: int, function: Callable[[*Arguments], bytes], *arguments: *Arguments) -> bytes:
        if self._workers is None:
            return await asyncio.to_thread(function, *arguments)
        return await self._workers.run(cost, function, *arguments)

    async def _text(self, spec_id: str, version: int) -> str:
        snapshot = await self._store.snapshot(spec_id, at=version)
        return (snapshot and snapshot.content) or ""


def cost_of(runs: bytes, steps: Sequence[Step]) -> int:
    """What bringing a stored attribution on costs, as `Workers` counts it."""
    return COST_OF_A_PART * sum(map(len, steps)) + runs_in(runs) // CHEAP


def _page(made: Sequence[tuple[str, datetime]]) -> bytes:
    return Bylines.of(made).to_bytes()


def _brought_on(runs: bytes, steps: Sequence[Step]) -> bytes:
    return _after_parts(runs, total(steps))


def _after_parts(runs: bytes, parts: Sequence[Part]) -> bytes:
    return Attribution.from_bytes(runs).after(parts).to_bytes()


def _compared(runs: bytes, old: str, new: str, version: int) -> bytes:
    return Attribution.from_bytes(runs).after(parts_of(diff(old, new), version)).to_bytes()
