"""Snapshots: when the whole text of a document is kept, so that it need not be replayed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.markdown.front_matter import status_of
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.store.base import CorruptSnapshot, RevisionKind, Snapshot, SpecMissing, Store
from jupyter_speccollab.text import Text

OPERATIONS: Final = 500
"""After how many operations a snapshot is due, whatever the size."""

PAUSE: Final = 2.0
"""Seconds without an edit after which a small document gets one."""

SITTING: Final = 10.0
"""Seconds of going on after which a small document gets one."""

SMALL: Final = 100_000
"""Up to how many code points a document counts as small."""

APART: Final = timedelta(minutes=5)
"""How far apart automatic snapshots are kept, unless `OPERATIONS` lie between them."""

logger = logging.getLogger(__name__)


class Snapshots:
    """Keeps snapshots of one document, outside the commit path.

    By themselves: after `OPERATIONS`, when the log since the last outgrows half the document, when the last
    person leaves, and for small documents at each pause. Automatic ones are thinned as new ones come.
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        clock: Callable[[], datetime],
        last: Snapshot | None,
        author: CommittedOperation | None,
    ) -> None:
        """``last`` is the newest one, ``author`` the operation that made the present version, if it is later."""
        self._document = document
        self._store = store
        self._clock = clock
        self._last = last
        self._before_last: Snapshot | None = None
        self._operations = document.version - (last.version if last else 0)
        self._logged = 0
        self._author = author
        self._edited_at = 0.0
        self._pause: asyncio.TimerHandle | None = None
        self._sitting: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._abandoned = False

    @property
    def is_stale(self) -> bool:
        """Whether the present version has no snapshot."""
        return self._last is None or self._last.version < self._document.version

    def advanced(self, document: Document, committed: Sequence[CommittedOperation]) -> None:
        """The document went on; see whether a snapshot is due."""
        self._author = committed[-1]
        self._operations += len(committed)
        self._logged += sum(
            60 + len(component.get("content", "")) for one in committed for component in one.components
        )
        if self._operations >= OPERATIONS or self._logged > max(len(document.text) // 2, 20_000):
            self.soon()
        elif len(document.text) <= SMALL:
            self._wait()

    def soon(self) -> None:
        """Take one in the background, if the present version has none."""
        self._stop_waiting()
        if self.is_stale and (self._task is None or self._task.done()):
            self._operations = self._logged = 0
            self._task = asyncio.create_task(self._take())

    async def take_if_stale(self) -> None:
        """Take one now, if the present version has none."""
        if self.is_stale:
            await self._take()

    async def keep(
        self,
        version: int,
        text: Text,
        user: User,
        kind: RevisionKind,
        label: str | None = None,
        since: int | None = None,
    ) -> Snapshot:
        """Keep ``text``, which is that of ``version``, as a revision.

        Its summary tells the changes since the nearest one up to version ``since`` (``None``: before it). Raises
        `SpecMissing`.
        """
        content = str(text)
        async with self._lock:
            at = version - 1 if since is None else since
            before = await self._store.snapshot(self._document.spec_id, at=at) if version else None
            summary = await asyncio.to_thread(summarise, (before and before.content) or "", content)
            if self._abandoned:
                raise SpecMissing(self._document.spec_id)
            kept = await self._store.save_snapshot(
                self._document.spec_id,
                Snapshot(
                    version=version,
                    content=content,
                    content_hash=await asyncio.to_thread(content_hash, content),
                    created_by=user.user_id,
                    created_by_name=user.name,
                    created_at=self._clock(),
                    kind=kind,
                    label=label,
                    changes_summary=summary,
                ),
            )
            newest = self._last
            if newest is None or version >= newest.version:
                self._last, self._before_last = kept, None
                await self._note_status((newest and newest.content) or "", content)
        return kept

    def abandon(self) -> None:
        """The document is no more: from now on nothing of it is kept, also where another one takes its id."""
        self._abandoned = True
        self._stop_waiting()

    async def close(self) -> None:
        """Take a last one and stop."""
        self._stop_waiting()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        await self._take()

    async def _take(self) -> None:
        author, version, text = self._author, self._document.version, self._document.text
        if author is None or not self.is_stale or self._abandoned:
            return
        user = User(author.user_id, "", author.user_name)
        previous, earlier = self._last, self._before_last
        try:
            if previous is not None and earlier is not None and self._stands_for(earlier, previous):
                await self.keep(version, text, user, RevisionKind.AUTO, since=earlier.version)
                await self._store.thin_snapshots(self._document.spec_id, [previous.version])
                self._before_last = earlier
            else:
                await self.keep(version, text, user, RevisionKind.AUTO)
                self._before_last = previous
        except StoreUnavailable:
            logger.warning("the database is away: the snapshot of %s waits", self._document.spec_id)
        except SpecMissing:
            logger.info("spec %s is gone, and needs no snapshot", self._document.spec_id)
        except CorruptSnapshot:
            logger.exception("spec %s: the stored text does not match its hash", self._document.spec_id)

    def _stands_for(self, earlier: Snapshot, previous: Snapshot) -> bool:
        """Whether ``previous`` may go, since ``earlier`` is near enough to the one that is due."""
        return (
            previous.kind is RevisionKind.AUTO
            and self._clock() - earlier.created_at < APART
            and self._document.version - earlier.version < OPERATIONS
        )

    async def _note_status(self, before: str, content: str) -> None:
        """A status holds that the front matter has come to say; else the one that somebody set stays."""
        status = status_of(content)
        if status is not None and status != status_of(before):
            await self._store.update_spec(self._document.spec_id, {"status": status})

    def _wait(self) -> None:
        """Wait for a pause: one timer looks whether there was one, since edits come faster than timers are set."""
        loop = asyncio.get_running_loop()
        self._edited_at = loop.time()
        if self._pause is None:
            self._pause = loop.call_later(PAUSE, self._see_whether_paused)
            self._sitting = loop.call_later(SITTING, self.soon)

    def _see_whether_paused(self) -> None:
        loop = asyncio.get_running_loop()
        rest = self._edited_at + PAUSE - loop.time()
        if rest > 0:
            self._pause = loop.call_later(rest, self._see_whether_paused)
        else:
            self.soon()

    def _stop_waiting(self) -> None:
        for timer in (self._pause, self._sitting):
            if timer is not None:
                timer.cancel()
        self._pause = self._sitting = None
