"""The sittings of a spec as they are kept: brought up to date with the log when somebody asks for them."""

from __future__ import annotations

import asyncio
from typing import Final
from weakref import WeakValueDictionary

from jupyter_speccollab.document.sitting import sittings
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import Store

BATCH: Final = 2_000
"""The number of versions that are read at once."""

TRIES: Final = 3
"""How often in a row what was found may be refused, before what is known has to do."""


class SittingLog:
    """Finds where the sittings of a spec begin, from the version on up to which they were found before.

    A spec from before sittings were kept gets all of its own when it is first asked for, in batches of `BATCH`
    versions with a turn for others after each. A call that is cancelled leaves what it found until then.

    Law (``tests/service/history/test_sitting_log.py``): what is kept is what `sittings` finds in the whole log,
    however often it was brought up to date on the way, and whenever revisions were saved.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._busy: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def bring_up_to_date(self, spec_id: str, version: int) -> None:
        """Find the sittings up to ``version``, one caller at a time.

        While the database takes no writes, those have to do that are known; raises `StoreUnavailable` if none are.
        """
        lock = self._busy.get(spec_id) or self._busy.setdefault(spec_id, asyncio.Lock())
        async with lock:
            try:
                await self._find(spec_id, version)
            except StoreUnavailable:
                if not await self._store.sittings(spec_id, limit=1):
                    raise

    async def _find(self, spec_id: str, version: int) -> None:
        tries = 0
        while tries < TRIES:
            added = await self._go_on(spec_id, version)
            if added is None:
                return
            tries = 0 if added else tries + 1
            await asyncio.sleep(0)

    async def _go_on(self, spec_id: str, version: int) -> bool | None:
        """Find the sittings of the next versions.

        Returns whether they were stored; ``None`` if there are no more. They are not if another server, or a
        revision, came first.
        """
        newest = await self._store.sittings(spec_id, limit=1)
        last = newest[0].sitting if newest else None
        known = last.last if last else 0
        if known >= version:
            return None
        times = await self._store.commit_times(spec_id, known, BATCH)
        if not times:
            return None
        revisions = await self._store.kept_revisions(spec_id, known - 1, times[-1][0])
        ends = {revision.version for revision in revisions if revision.kind.is_asked_for}
        found = list(sittings(times, ends, last))
        return await self._store.add_sittings(spec_id, known, found[1:] if found[0] == last else found)
