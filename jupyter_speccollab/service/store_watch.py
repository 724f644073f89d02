"""The store watch: notices that the database can't be read or written, says so, and notices that it can again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.errors import StoreTrouble, StoreUnavailable
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.store.base import Store

LOOK: Final = 2.0
"""Seconds between two attempts to write while the database is in trouble."""

QUIET: Final = 5.0
"""Seconds without a failure after which a trouble is over, if an attempt to write succeeds then."""

STALLED: Final = 10.0
"""Seconds that a call may wait for the database before this counts as a trouble."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outage:
    """A time during which the database can't be read or written.

    ``began``: its first failure, in UTC. ``refused``: how many writes have failed since.
    """

    trouble: StoreTrouble
    began: datetime
    refused: int = 0


class StoreWatch:
    """Hears of every failure of the store, and logs the beginning and the end of each outage.

    During an outage it tries to write every few seconds, so that the end is noticed even if nobody else writes.
    ``try_to_write`` does that; it raises `StoreUnavailable`. Any other error of it counts as a failed attempt too.
    Law: an outage is logged once for each kind of trouble, however often the kinds alternate
    (``tests/service/test_store_watch.py::test_troubles_that_alternate_are_one_line_each``).
    """

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        clock: Callable[[], datetime],
        try_to_write: Callable[[], Awaitable[None]],
    ) -> None:
        self.outage: Outage | None = None
        """What is wrong now; ``None`` while all is well."""
        self._outages = store.outages
        self._refused = metrics.writes_refused
        self._clock = clock
        self._try_to_write = try_to_write
        self._last_failure = 0.0
        self._logged: set[StoreTrouble] = set()
        """The kinds of trouble of this outage that are in the log."""
        self._task: asyncio.Task[None] | None = None
        self._outages.listen(self._failed)
        metrics.add_gauge(
            "store_writable", "1 while the database takes writes.", lambda: float(self.outage is None)
        )

    def look(self) -> None:
        """Take note if a call has been waiting for the database for too long."""
        if self._outages.longest_wait() > STALLED:
            self._note(StoreTrouble.NO_ANSWER, f"no answer within {STALLED:.0f} s", 0)

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _failed(self, error: StoreUnavailable, is_write: bool) -> None:
        assert error.trouble is not None
        if is_write:
            self._refused.labels(error.trouble.value).inc()
        self._note(error.trouble, error.detail, is_write)

    def _note(self, trouble: StoreTrouble, detail: str, refused: int) -> None:
        self._last_failure = time.monotonic()
        before = self.outage or Outage(trouble, self._clock())
        if trouble not in self._logged:
            self._logged.add(trouble)
            logger.error(
                "edits are refused since %s: %s (%s: %s) Nothing that was acknowledged is lost; clients keep the "
                "rest and send it again.",
                before.began.isoformat(timespec="seconds"),
                trouble.sentence,
                trouble,
                detail,
            )
        self.outage = replace(before, trouble=trouble, refused=before.refused + refused)
        if self._task is None or self._task.done():
            self._task = in_background(self._wait_for_the_end(), "wait for the database")

    async def _wait_for_the_end(self) -> None:
        is_reported = False
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self._try_to_write()
            except StoreUnavailable:
                continue
            except Exception:
                if not is_reported:
                    logger.exception("an attempt to write failed for an unknown reason; it is repeated")
                    is_reported = True
                continue
            if time.monotonic() - self._last_failure >= QUIET:
                break
        outage, self.outage = self.outage, None
        self._logged.clear()
        if outage is not None:
            logger.warning(
                "the database takes edits again, after %.0f s; writes refused meanwhile: %d (%s)",
                (self._clock() - outage.began).total_seconds(),
                outage.refused,
                outage.trouble,
            )
