"""Staging: what a group of entries would make of the document, before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document, Stage, Staged
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import SpecCollabError, VersionConflict
from jupyter_speccollab.service.access.roles import check
from jupyter_speccollab.service.live.fair_queue import NEAR
from jupyter_speccollab.service.live.queued import QueuedSubmission
from jupyter_speccollab.store.base import FirstCommit, OperationsFolded, Store


class Staging:
    """Transforms groups of entries onto a document; what lies before its window is read from the log.

    ``role_of`` says what somebody is at the moment.
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        *,
        document_length: int,
        max_stale_versions: int,
        clock: Callable[[], datetime],
        role_of: Callable[[Caller], Role],
    ) -> None:
        self._document = document
        self._store = store
        self._document_length = document_length
        self._max_stale_versions = max_stale_versions
        self._clock = clock
        self._role_of = role_of

    def sort_out(
        self, group: Sequence[QueuedSubmission]
    ) -> tuple[list[QueuedSubmission], list[QueuedSubmission]]:
        """Answer the repeats of recent operations; put the second of two equal ids off to the next round."""
        fresh: dict[str, QueuedSubmission] = {}
        later: list[QueuedSubmission] = []
        for entry in group:
            operation_id = entry.submission.operation_id
            if operation_id in fresh:
                later.append(entry)
            elif (known := self._document.window.find(operation_id)) is not None:
                entry.answer_as_known(
                    FirstCommit(operation_id, known.version, known.user_id, known.fingerprint)
                )
            else:
                fresh[operation_id] = entry
        return list(fresh.values()), later

    async def stage(
        self, entries: Sequence[QueuedSubmission]
    ) -> tuple[list[tuple[QueuedSubmission, Staged]], list[tuple[QueuedSubmission, SpecCollabError]]]:
        """Transform ``entries`` onto the document, and say which can't be.

        What could be, but stands behind one of its session that can't, is left out: it is answered after that.
        """
        stage = await self._stage(entries)
        staged: list[tuple[QueuedSubmission, Staged]] = []
        refused: list[tuple[QueuedSubmission, SpecCollabError]] = []
        stopped: set[str] = set()
        left_out: set[str] = set()
        now = self._clock()
        for entry in entries:
            if entry.author in left_out:
                continue
            try:
                self._check(entry)
                if entry.author in stopped:
                    left_out.add(entry.author)
                else:
                    staged.append((entry, stage.add(entry.submission, now, entry.approach)))
            except SpecCollabError as error:
                refused.append((entry, error))
                stopped.add(entry.author)
        return staged, refused

    def distance(self, entry: QueuedSubmission) -> int:
        """Over how many versions the entry has to be brought: 0 where it can be answered without.

        One that is too old counts as much as one that is just near, since its answer may hold the whole text.
        """
        is_repeat = self._document.window.find(entry.submission.operation_id) is not None
        if is_repeat or entry.refusal is not None:
            return 0
        if self._is_too_old(entry):
            return NEAR
        return max(0, self._document.version - entry.version)

    async def advance_transform(self, entry: QueuedSubmission, steps: int) -> None:
        """Bring an entry over so many of the versions between it and the document. Raises as `Stage.add`."""
        stage = await self._stage([entry])
        approach = entry.approach or stage.approach(entry.submission)
        entry.approach = approach.over(stage.since(approach.version)[:steps])

    def _is_too_old(self, entry: QueuedSubmission) -> bool:
        """However far it was brought: who was told that an operation is too old makes it anew.

        No other copy of it, which another server may have brought on meanwhile, is committed after that.
        """
        behind = self._document.version - entry.submission.base_version
        return behind > self._max_stale_versions

    def _check(self, entry: QueuedSubmission) -> None:
        check(self._role_of(entry.caller), entry.least)
        if entry.refusal is not None:
            raise entry.refusal
        if self._is_too_old(entry):
            behind = self._document.version - entry.submission.base_version
            raise VersionConflict(
                f"The edit was made {behind:,} versions ago, and at most {self._max_stale_versions:,} can be "
                "bridged. Read the document again, and make the edit there.",
                currentVersion=self._document.version,
            )

    async def _stage(self, entries: Iterable[QueuedSubmission]) -> Stage:
        """A stage that reaches back to all of ``entries``, by the log where the window begins later.

        Where the log was folded it begins after that, and the stage refuses what was made further back.
        """
        window = self._document.window
        versions = [entry.version for entry in entries if not (entry.refusal or self._is_too_old(entry))]
        first = min(versions, default=window.start)
        if first >= window.start:
            return Stage(self._document, self._document_length)
        log = await self._log(first, window.start)
        window.extend(log)
        earlier = [committed for committed in log if committed.version <= window.start]
        return Stage(self._document, self._document_length, earlier)

    async def _log(self, after: int, until: int) -> Sequence[CommittedOperation]:
        while True:
            try:
                return await self._store.operations(self._document.spec_id, after=after, until=until)
            except OperationsFolded as folded:  # more of it may be folded meanwhile
                after = folded.until
