"""The sittings of a spec as they are kept: found with each snapshot, or else when somebody asks, the newest first.

::

    versions   1 ······················ 7900 │ 7901 ··· 9200 │ 9201 ········· 9870 asked for
                  not looked at yet          │               │              │
                                 a pause, or a revision      a sitting goes on for
                                 that somebody asked for     two hours at the most

Where a sitting begins after two hours depends on where the one before began. After a pause, or a revision that
somebody asked for, one begins whatever came before. So it is enough to read back to the next such place, and from
there on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from weakref import WeakValueDictionary

from jupyter_speccollab.document.sitting import Sitting, first_break, sittings
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import Store, StoredSitting

BATCH: Final = 2_000
"""The number of versions that are read at once."""

BACK: Final = 20_000
"""How many versions are looked through for a pause, back from the one that is asked for. If there is none, they are
read from the last sitting that is known, or from the first version, and what was found is kept on the way."""

NEAR: Final = 2_000
"""With a snapshot the sittings up to it are found, if those up to so many versions before it are known."""

OPEN: Final = 500
"""A sitting that goes on is stored anew, with a snapshot, after so many versions."""

PAGE: Final = 500
"""How many sittings are read at once where all are looked for."""

TRIES: Final = 3
"""How often in a row what was found of the same versions may be refused, before what is known has to do."""

Times = Sequence[tuple[int, datetime]]
"""Versions that follow each other, and when they were made."""

OnEnd = Callable[[str, Sequence[Sitting]], Coroutine[Any, Any, None]]
"""Called with the id of a spec and sittings that have ended."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """The versions in ``(after, until]``, which are in no stored sitting; ``before`` is the one before, if any."""

    after: int
    until: int
    before: Sitting | None


class SittingLog:
    """Finds the sittings of specs, and keeps them.

    One caller at a time looks for those of a spec, in steps of `BATCH` versions with a turn for others after each.
    A call that is cancelled leaves what it has stored until then.

    Law (``tests/service/live/test_sitting_log.py``): what is kept, and what is returned, is what `sittings` finds
    in the whole log, in whatever order its parts were asked for, and whenever revisions were saved.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.on_end: OnEnd | None = None
        """What is done with sittings that ended, after a snapshot that shows it. It may take long."""
        self._busy: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def newest(
        self, spec_id: str, version: int, before: int | None = None, limit: int = 20
    ) -> Sequence[StoredSitting]:
        """The sittings whose last version is below ``before``, newest first; ``version`` is the present one.

        They follow each other without a gap. There are at most ``limit``, and at least one if there is one; there
        may be older ones also if there are fewer. While the database takes no writes, those have to do that are
        known; raises `StoreUnavailable` if none are.
        """
        return (await self._newest(spec_id, version, before, limit))[0]

    async def _newest(
        self, spec_id: str, version: int, before: int | None, limit: int
    ) -> tuple[Sequence[StoredSitting], bool]:
        """As `newest`, and whether some were found that were not known."""
        at = version if before is None else min(before - 1, version)
        if at < 1:
            return (), False
        found = False
        known = await self._store.sittings(spec_id, before, limit)
        if not known or known[0].sitting.last < version:
            try:
                found = await self._cover(spec_id, at, version)
                # Read again in any case: while this waited, another call may have found them.
                known = await self._store.sittings(spec_id, before, limit)
            except StoreUnavailable:
                if not known:
                    raise
        return known[: _joined(known)], found

    async def all_of(self, spec_id: str) -> AsyncIterator[int]:
        """Find all sittings of a spec, the newest first. Raises `SpecMissing`.

        Yields how many versions are looked through, whenever some were found that were not known. It may be broken
        off, and goes on where it was.
        """
        version = (await self._store.spec(spec_id)).version
        rows, found = await self._newest(spec_id, version, None, PAGE)
        while rows:
            before = rows[-1].sitting.first
            if found:
                yield version - before + 1
            rows, found = await self._newest(spec_id, version, before, PAGE)

    async def snapshot_taken(self, spec_id: str, version: int) -> Sequence[Sitting]:
        """Find the sittings up to a new snapshot, if those shortly before it are known; returns those that ended.

        While a sitting goes on, nothing is written for most snapshots. While the database is away nothing is found.
        """
        lock = self._lock(spec_id)
        with suppress(StoreUnavailable):
            async with lock:
                return await self._go_on(spec_id, version)
        return ()

    async def _go_on(self, spec_id: str, version: int) -> Sequence[Sitting]:
        newest = await self._store.sittings(spec_id, limit=1)
        last = newest[0].sitting if newest else None
        known = last.last if last else 0
        if not known < version <= known + NEAR:
            return ()
        times = await self._store.commit_times(spec_id, known, version - known)
        if not times:
            return ()
        found = await self._found(spec_id, times, last)
        if len(found) == 1 and found[0].last - known < OPEN:
            return ()
        return found[:-1] if await self._add(spec_id, last, found) else ()

    def _lock(self, spec_id: str) -> asyncio.Lock:
        return self._busy.get(spec_id) or self._busy.setdefault(spec_id, asyncio.Lock())

    async def _cover(self, spec_id: str, at: int, version: int) -> bool:
        """Find the last sitting that ends up to version ``at``; returns whether anything was stored."""
        changed = False
        lock = self._lock(spec_id)
        async with lock:
            tried: list[_Gap] = []
            while len(tried) < TRIES and (gap := await self._gap(spec_id, at, version)) is not None:
                if tried and tried[-1] != gap:
                    tried.clear()  # another server goes on with it
                if await self._fill(spec_id, gap, min(at, gap.until)):
                    changed = True
                    tried.clear()
                else:
                    tried.append(gap)
        return changed

    async def _gap(self, spec_id: str, at: int, version: int) -> _Gap | None:
        """The versions in no sitting after the last one that ends up to ``at``; ``None`` if there are none."""
        newest = await self._store.sittings(spec_id, at + 1, 1)
        before = newest[0].sitting if newest else None
        after = before.last if before else 0
        following = await self._store.next_sitting(spec_id, after)
        until = following.first - 1 if following else version
        return _Gap(after, until, before) if after < until else None

    async def _fill(self, spec_id: str, gap: _Gap, at: int) -> bool:
        """Find the sittings of a gap, from a place before ``at`` until the one in which that is has ended.

        Returns whether anything was stored. It is not if another server, or a revision, came first.
        """
        after, before = gap.after, gap.before
        times = await self._since_break(spec_id, gap, at) if at - after > BATCH else ()
        if times:
            before = None
        stored = False
        while times := times or await self._store.commit_times(spec_id, after, min(BATCH, gap.until - after)):
            found = await self._found(spec_id, times, before)
            if not await self._add(spec_id, before, found):
                break
            stored = True
            before, after, times = found[-1], found[-1].last, ()
            if before.first > at or after >= gap.until:
                break
            await asyncio.sleep(0)
        return stored

    async def _since_break(self, spec_id: str, gap: _Gap, at: int) -> Times:
        """Versions of a gap, from one on with which a sitting begins whatever came before; none if that is far."""
        until = at
        while until > max(gap.after, at - BACK):
            after = max(gap.after, until - BATCH)
            first = max(after - 1, 0)  # with the one before, for the pause between the two
            times = await self._store.commit_times(spec_id, first, until - first)
            place = first_break(times, await self._ends(spec_id, first, until))
            if place is not None:
                return [each for each in times if each[0] >= place]
            until = after
            await asyncio.sleep(0)
        return ()

    async def _found(self, spec_id: str, times: Times, before: Sitting | None) -> list[Sitting]:
        """The sittings of some versions; the first one is ``before``, the one before them, which may go on."""
        return list(sittings(times, await self._ends(spec_id, times[0][0] - 1, times[-1][0]), before))

    async def _ends(self, spec_id: str, first: int, last: int) -> set[int]:
        """Those of the versions from ``first`` to ``last`` that are revisions which somebody asked for."""
        revisions = await self._store.kept_revisions(spec_id, first - 1, last)
        return {revision.version for revision in revisions if revision.kind.is_asked_for}

    async def _add(self, spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
        return await self._store.add_sittings(spec_id, before, found[1:] if found[0] == before else found)


def _joined(rows: Sequence[StoredSitting]) -> int:
    """How many of the rows, newest first, follow each other without a gap."""
    for place, (later, earlier) in enumerate(pairwise(rows), start=1):
        if earlier.sitting.last != later.sitting.first - 1:
            return place
    return len(rows)
