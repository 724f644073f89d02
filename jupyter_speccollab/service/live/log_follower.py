"""The log follower: advances a document over the operations that other servers have committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document, Staged
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.live.queued import QueuedSubmission
from jupyter_speccollab.service.live.staging import LONG
from jupyter_speccollab.service.time_slice import OPERATION
from jupyter_speccollab.store.base import OperationsFolded, SpecMissing, SpecRecord, Store

LOG_BYTES: Final = 4_194_304
"""How much of the log is read at a time to catch up with other servers."""

Advance = tuple[QueuedSubmission | None, Staged]
"""A version that the document has reached, and the submission of this server that made it, if one did."""


class HistoryReplaced(Exception):
    """The store holds another history of the spec than the open document, or has folded the operations after it."""


class LogFollower:
    """Applies what was received from other servers, and what the log in the store holds.

    ``advanced`` is called in order of versions, as soon as the document has them; ``record_read`` with each record
    of the spec that was read with the log. ``must_read`` is set if what was received does not follow the document.
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        grants: Grants,
        *,
        advanced: Callable[[Sequence[Advance]], None],
        record_read: Callable[[SpecRecord], None],
    ) -> None:
        self._document = document
        self._store = store
        self._grants = grants
        self._advanced = advanced
        self._record_read = record_read
        self._received: list[CommittedOperation] = []
        self.must_read = False

    @property
    def has_work(self) -> bool:
        """Whether something was received that is not applied, or the log has to be read."""
        return self.must_read or bool(self._received)

    def receive(self, epoch: str, operations: Sequence[CommittedOperation]) -> None:
        """Take operations that another server has committed. If they don't follow the document, read the log."""
        if epoch == self._document.epoch:
            self._received.extend(operations)
        else:
            self.must_read = True

    async def read_up_to(self, version: int) -> None:
        """Read the log if a client knows ``version`` from another server and the document is not there yet.

        An acknowledgement must not be sent before the operations of the versions below it either.
        """
        if version > self._document.version:
            await self.read(())

    async def read(self, group: Sequence[QueuedSubmission], ours: bool = False) -> list[QueuedSubmission]:
        """Apply the operations of the log after the document's version; returns those of ``group`` not among them.

        ``ours``: what is found of ``group`` was committed by this server, so that it is no repeat. Raises
        `HistoryReplaced`, `SpecMissing`, `StoreUnavailable`.
        """
        record = await self._store.spec(self._document.spec_id)
        if record.epoch != self._document.epoch or record.version < self._document.version:
            raise HistoryReplaced(self._document.spec_id)
        self._record_read(record)
        if record.access_version != self._grants.version:
            await self._grants.read()
        rest = [queued for queued in group if queued.outcome is None]
        while self._document.version < record.version:
            try:
                log = await self._store.operations(
                    self._document.spec_id, after=self._document.version, most_bytes=LOG_BYTES
                )
            except OperationsFolded:  # this server had no contact for longer than operations are kept
                raise HistoryReplaced(self._document.spec_id) from None
            if not log:
                raise SpecMissing(self._document.spec_id)
            rest = await self._apply(log, rest, ours)
        return rest

    async def apply_received(self, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Apply received operations, as far as they follow the document; returns as `read`."""
        received, self._received = self._received, []
        version = self._document.version
        following = []
        for committed in received:
            if committed.version > version + 1:
                self.must_read = True
                break
            if committed.version == version + 1:
                following.append(committed)
                version += 1
        return await self._apply(following, group)

    def advance(self, advances: Sequence[Advance]) -> None:
        """Advance the document, and report it."""
        for _, reached in advances:
            self._document.advance(reached.committed, reached.text)
        if advances:
            self._advanced(advances)

    async def _apply(
        self, log: Sequence[CommittedOperation], group: Sequence[QueuedSubmission], ours: bool = False
    ) -> list[QueuedSubmission]:
        """Advance the document over ``log``; returns the submissions of ``group`` that are not in it."""
        waiting = {queued.submission.operation_id: queued for queued in reversed(group)}
        advances: list[Advance] = []
        text, components = self._document.text, 0
        for committed in log:
            components += OPERATION + len(committed.operation.components)
            if components > LONG and advances:
                self.advance(advances)
                advances, components = [], 0
                await asyncio.sleep(0)
            text = text.apply(committed.operation)
            queued = waiting.get(committed.operation_id)
            if queued is not None and queued.repeats(committed):
                queued.is_repeat = not ours
            else:
                queued = None
            advances.append((queued, Staged(committed, text, None)))
        self.advance(advances)
        return [queued for queued in group if queued.outcome is None]
