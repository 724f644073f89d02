"""Anchor moves: brings the anchors of threads to the present version of an open document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.passage import SHOWN
from jupyter_speccollab.service.time_slice import OPERATION, TimeSlice
from jupyter_speccollab.store.base import AnchorState, OperationsFolded, SpecMissing, Store, StoredThread
from jupyter_speccollab.text.anchor import Anchor, Gaps

LOG_BYTES: Final = 1_048_576
"""How much of the log is read at a time, for anchors from before the document's window."""

AT_ONCE: Final = 500
"""How many anchors are moved, or components of an operation are read, without a look at the time."""

SEARCHED: Final = 1_000_000
"""How many inserted code points are searched for the letters of orphans, without a look at the time."""

KEPT: Final = 2_000
"""How many anchors are kept in memory, at the version to which they were moved last."""

ANCHORS_IN_COMPONENT: Final = 4
"""So many anchors are moved over an operation in the time in which one component is applied."""

SEARCHED_IN_COMPONENT: Final = 500
"""So many inserted code points are searched for the letters of an orphan in that time."""


class HeldAnchor:
    """The anchor of a thread at the ``version`` to which it has been moved; ``quote`` is its quote as shown."""

    __slots__ = ("anchor", "quote", "thread_id", "version")

    def __init__(self, thread_id: str, anchor: Anchor, version: int, quote: str) -> None:
        self.thread_id = thread_id
        self.anchor = anchor
        self.version = version
        self.quote = quote

    @classmethod
    def of(cls, thread: StoredThread) -> HeldAnchor:
        """The anchor as it was stored with its thread."""
        return cls(thread.thread_id, thread.anchor, thread.anchor_version, thread.quote[:SHOWN])

    @classmethod
    def stored(cls, state: AnchorState) -> HeldAnchor:
        """The anchor as it was stored."""
        return cls(state.thread_id, state.anchor, state.version, state.quote)


class AnchorMoves:
    """Moves anchors over what was committed since, in slices, by operations in memory or in the log.

    Nothing is done while people edit: anchors are moved when somebody reads them, from where they were moved to
    last. Each step moves only those that stand at the version before it. So several callers may move the same
    anchors at the same time.

    Law: the result is that of moving each anchor over each operation in turn
    (``tests/service/live/test_anchor_moves.py``).
    """

    def __init__(self, document: Document, store: Store) -> None:
        self._document = document
        self._store = store
        self._kept: dict[str, HeldAnchor] = {}

    async def present(self, threads: Iterable[StoredThread]) -> tuple[list[Anchor], int]:
        """The anchors of ``threads`` in the text of the present version, and that version.

        One whose stored anchor is ahead of the document stays as it is. Raises `StoreUnavailable`.
        """
        held = [self._of(thread) for thread in threads]
        version = await self.bring_on(held)
        return [one.anchor for one in held], version

    def forget(self, thread_id: str) -> None:
        """The thread was deleted, or could not be stored."""
        self._kept.pop(thread_id, None)

    def _of(self, thread: StoredThread) -> HeldAnchor:
        """The anchor that was moved farthest; it is kept from now on, and the one that was asked for first goes."""
        held = self._kept.pop(thread.thread_id, None)
        if held is None or held.version < thread.anchor_version:
            held = HeldAnchor.of(thread)
        self._kept[thread.thread_id] = held
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return held

    async def bring_on(self, held: Sequence[HeldAnchor]) -> int:
        """Bring all to the present version, and return it. Nothing else runs between that and the return.

        An anchor that is ahead of the document stays as it is. Raises `StoreUnavailable`, `SpecMissing`.
        """
        slice_ = TimeSlice()
        while True:
            start = min((one.version for one in held), default=self._document.version)
            if start >= self._document.version:
                return self._document.version
            for committed in await self._operations(start, held):
                await self._over(committed, held, slice_)

    async def _operations(self, start: int, held: Sequence[HeldAnchor]) -> Sequence[CommittedOperation]:
        """What follows ``start``: all that is in memory, or a part of the log."""
        recent = self._document.window.since(start)
        if recent is not None:
            return recent
        spec_id, present = self._document.spec_id, self._document.version
        try:
            log = await self._store.operations(spec_id, start, until=present, most_bytes=LOG_BYTES)
        except OperationsFolded as folded:
            await self._read_again(folded.until, held)
            return ()
        if not log:
            raise SpecMissing(spec_id)
        return log

    async def _read_again(self, folded: int, held: Iterable[HeldAnchor]) -> None:
        """Take those from before what was folded as they are stored: whoever folds moves the stored ones before.

        One that was not moved can't be moved any more. Its words count as gone.
        """
        for one in [one for one in held if one.version < folded]:
            stored = await self._store.thread(self._document.spec_id, one.thread_id)
            if isinstance(stored, StoredThread) and stored.anchor_version >= folded:
                one.anchor, one.version = stored.anchor, stored.anchor_version
            else:
                place = min(one.anchor.start, len(self._document.text))
                one.anchor, one.version = Anchor(place, place, one.quote or None), self._document.version

    async def _over(
        self, committed: CommittedOperation, held: Sequence[HeldAnchor], slice_: TimeSlice
    ) -> None:
        """Move those that stand at the version before ``committed``."""
        gaps = Gaps(committed.components)
        while not gaps.read(AT_ONCE):
            await slice_.spend(AT_ONCE)
        longest = gaps.longest_insert
        at_once = max(1, min(AT_ONCE, SEARCHED // max(1, longest)))
        for first in range(0, len(held), at_once):
            some = held[first : first + at_once]
            due = [one for one in some if one.version == committed.version - 1]
            moved = gaps.moved_all([(one.anchor, one.quote) for one in due])
            for one, anchor in zip(due, moved, strict=True):
                one.anchor, one.version = anchor, committed.version
            searched = len(due) * longest
            await slice_.spend(len(some) // ANCHORS_IN_COMPONENT + searched // SEARCHED_IN_COMPONENT)
        await slice_.spend(OPERATION // 3)
