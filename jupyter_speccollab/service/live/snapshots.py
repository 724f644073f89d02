"""Snapshots: copies of the whole text of a document, stored so that reading it needs no replay of the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.document.sitting import Sitting
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.markdown.front_matter import notebook_of, same_front_matter, status_of
from jupyter_speccollab.markdown.summary import summarise
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.service.live.recent_parts import RecentParts
from jupyter_speccollab.service.live.sitting_log import SittingLog
from jupyter_speccollab.service.live.text_index import index_text
from jupyter_speccollab.store.base import CorruptSnapshot, RevisionKind, Snapshot, SpecMissing, Store
from jupyter_speccollab.text import Text

OPERATIONS: Final = 500
"""A snapshot is taken after this many operations, however long the document is."""

IDLE_TIME: Final = 2.0
"""A snapshot of a small document is taken when nobody has edited it for this many seconds."""

EDITING_TIME: Final = 10.0
"""A snapshot of a small document is taken after this many seconds of editing, even without a pause."""

SMALL_DOCUMENT: Final = 100_000
"""The largest number of code points of a small document."""

AUTOMATIC_INTERVAL: Final = timedelta(minutes=5)
"""A new snapshot replaces an automatic one only if it is taken sooner than this after the snapshot before that one.

The two must also be less than `OPERATIONS` versions apart.
"""

ChangeEntry = Callable[[Mapping[str, str]], Awaitable[object]]

logger = logging.getLogger(__name__)


class Snapshots:
    """Takes and stores snapshots of one document. Commits do not wait for them.

    Automatic snapshots are taken after `OPERATIONS` operations, when the log since the last snapshot has grown
    larger than half of the document, when the last session leaves, and, of small documents, also after
    `IDLE_TIME` without an edit and after `EDITING_TIME`. A new one may replace the one before it.
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        clock: Callable[[], datetime],
        last: Snapshot | None,
        author: CommittedOperation | None,
        change_entry: ChangeEntry,
        attributions: Attributions,
        sitting_log: SittingLog,
    ) -> None:
        """``last`` is the newest snapshot; ``author`` is the last operation, if it is later than that snapshot.

        ``change_entry`` stores fields of the spec's entry.
        """
        self._document = document
        self._store = store
        self._clock = clock
        self._last = last
        self._before_last: Snapshot | None = None
        self._operations = document.version - (last.version if last else 0)
        self._logged = 0
        self._author = author
        self._change_entry = change_entry
        self._attributions = attributions
        self._sitting_log = sitting_log
        self._recent = RecentParts(document.version)
        self._deriving: asyncio.Task[None] | None = None
        self._unattributed: list[int] = []
        self._without_sittings: int | None = None
        self._measuring: asyncio.Task[None] | None = None
        self._edited_at = 0.0
        self._idle_timer: asyncio.TimerHandle | None = None
        self._editing_timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._abandoned = False

    @property
    def is_stale(self) -> bool:
        """Whether the current version has no snapshot."""
        return self._last is None or self._last.version < self._document.version

    def advanced(self, document: Document, committed: Sequence[CommittedOperation]) -> None:
        """Take a snapshot, or start the timers for one, after operations were committed."""
        self._author = committed[-1]
        self._operations += len(committed)
        for one in committed:
            self._recent.add(one)
        self._logged += sum(
            60 + len(component.get("content", "")) for one in committed for component in one.components
        )
        if self._operations >= OPERATIONS or self._logged > max(len(document.text) // 2, 20_000):
            self.soon()
        elif len(document.text) <= SMALL_DOCUMENT:
            self._start_timers()

    def soon(self) -> None:
        """Take a snapshot in the background if the current version has none."""
        self._stop_timers()
        if self.is_stale and (self._task is None or self._task.done()):
            self._operations = self._logged = 0
            self._task = in_background(self._take(), f"snapshot of {self._document.spec_id}")

    async def take_if_stale(self) -> None:
        """Take a snapshot now if the current version has none."""
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
        attribution: bytes | None = None,
    ) -> Snapshot:
        """Store ``text``, the text of ``version``, as a revision.

        The summary compares it with the newest snapshot at or before version ``since``; by default, with the newest
        one before ``version``. Without an ``attribution``, it is made and stored in the background. Raises
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
                attribution,
            )
            newest = self._last
            if newest is None or version >= newest.version:
                self._last, self._before_last = kept, None
                await self._note_front_matter((newest and newest.content) or "", content)
                await index_text(self._store, self._document.spec_id, version, content)
        self._derive_later(version, attribution)
        return kept

    def abandon(self) -> None:
        """Store nothing more: the spec was deleted, and another spec may be created under its id."""
        self._abandoned = True
        self._stop_timers()
        self._stop_measuring()

    async def close(self) -> None:
        """Take a last snapshot and stop."""
        self._stop_timers()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        await self._take()
        if self._deriving is not None:
            await asyncio.gather(self._deriving, return_exceptions=True)
        self._stop_measuring()
        if self._measuring is not None:
            await asyncio.gather(self._measuring, return_exceptions=True)

    def _derive_later(self, version: int, attribution: bytes | None) -> None:
        if attribution is None:
            self._unattributed.append(version)
        self._without_sittings = max(version, self._without_sittings or 0)
        if self._deriving is None or self._deriving.done():
            self._deriving = in_background(self._derive(), f"what follows from {self._document.spec_id}")

    async def _derive(self) -> None:
        """Store what follows from the snapshots: who wrote which letter, and where sittings begin."""
        spec_id = self._document.spec_id
        while not self._abandoned:
            if self._unattributed:
                version = self._unattributed.pop(0)
                await self._attributions.snapshot_taken(spec_id, self._document.epoch, version)
            elif self._without_sittings is not None:
                version, self._without_sittings = self._without_sittings, None
                self._measure(await self._sitting_log.snapshot_taken(spec_id, version))
            else:
                return

    def _measure(self, ended: Sequence[Sitting]) -> None:
        """Count what was done in sittings, unless that is under way for others: then it is done when asked for."""
        on_end = self._sitting_log.on_end
        if not ended or on_end is None or not (self._measuring is None or self._measuring.done()):
            return
        spec_id = self._document.spec_id
        self._measuring = in_background(on_end(spec_id, ended), f"measure sittings of {spec_id}")

    def _stop_measuring(self) -> None:
        if self._measuring is not None:
            self._measuring.cancel()

    async def _take(self) -> None:
        author, version, text = self._author, self._document.version, self._document.text
        if author is None or not self.is_stale or self._abandoned:
            return
        user = User(author.user_id, "", author.user_name)
        spec_id = self._document.spec_id
        recent, self._recent = self._recent, RecentParts(version)
        runs = await self._attributions.of_new(spec_id, self._document.epoch, version, recent)
        previous, earlier = self._last, self._before_last
        keep = partial(self.keep, version, text, user, RevisionKind.AUTO, attribution=runs)
        try:
            if previous is not None and earlier is not None and self._can_replace(earlier, previous):
                await keep(since=earlier.version)
                await self._store.thin_snapshots(spec_id, [previous.version])
                self._before_last = earlier
            else:
                await keep()
                self._before_last = previous
        except StoreUnavailable:
            logger.debug("the database is away: the snapshot of %s waits", self._document.spec_id)
        except SpecMissing:
            logger.info("spec %s is gone, and needs no snapshot", self._document.spec_id)
        except CorruptSnapshot:
            logger.exception("spec %s: the stored text does not match its hash", self._document.spec_id)

    def _can_replace(self, earlier: Snapshot, previous: Snapshot) -> bool:
        """Whether the next snapshot can replace ``previous``, because ``earlier`` is recent enough."""
        return (
            previous.kind is RevisionKind.AUTO
            and self._clock() - earlier.created_at < AUTOMATIC_INTERVAL
            and self._document.version - earlier.version < OPERATIONS
        )

    async def _note_front_matter(self, before: str, content: str) -> None:
        """Set the spec's status and notebook to those of the front matter, if they have changed there."""
        if same_front_matter(before, content):
            return
        changes: dict[str, str] = {}
        status, notebook = status_of(content), notebook_of(content)
        if status is not None and status != status_of(before):
            changes["status"] = cleaned_name(status, 40)
        if notebook != notebook_of(before):
            changes["notebook"] = notebook
        if changes:
            await self._change_entry(changes)

    def _start_timers(self) -> None:
        """Note the time of an edit, and start the timers unless they run.

        The idle timer is not restarted at each edit, which would be slow; it compares the time of the last edit.
        """
        loop = asyncio.get_running_loop()
        self._edited_at = loop.time()
        if self._idle_timer is None:
            self._idle_timer = loop.call_later(IDLE_TIME, self._check_idle)
            self._editing_timer = loop.call_later(EDITING_TIME, self.soon)

    def _check_idle(self) -> None:
        loop = asyncio.get_running_loop()
        rest = self._edited_at + IDLE_TIME - loop.time()
        if rest > 0:
            self._idle_timer = loop.call_later(rest, self._check_idle)
        else:
            self.soon()

    def _stop_timers(self) -> None:
        for timer in (self._idle_timer, self._editing_timer):
            if timer is not None:
                timer.cancel()
        self._idle_timer = self._editing_timer = None
