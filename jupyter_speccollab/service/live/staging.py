"""Staging: transforms a group of submissions onto the document, before they are committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document, Stage, Staged
from jupyter_speccollab.errors import SpecCollabError, VersionConflict
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.access.roles import check
from jupyter_speccollab.service.live.fair_queue import MAX_DISTANCE
from jupyter_speccollab.service.live.queued import QueuedSubmission
from jupyter_speccollab.store.base import FirstCommit, OperationsFolded, Store


class Staging:
    """Transforms groups onto a document. Operations from before its window are read from the log."""

    def __init__(
        self,
        document: Document,
        store: Store,
        grants: Grants,
        *,
        document_length: int,
        max_stale_versions: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._document = document
        self._store = store
        self._grants = grants
        self._document_length = document_length
        self._max_stale_versions = max_stale_versions
        self._clock = clock

    def sort_out(
        self, group: Sequence[QueuedSubmission]
    ) -> tuple[list[QueuedSubmission], list[QueuedSubmission]]:
        """Answer repeats of recent operations. Returns the others, and those whose id came earlier in the group."""
        fresh: dict[str, QueuedSubmission] = {}
        later: list[QueuedSubmission] = []
        for queued in group:
            operation_id = queued.submission.operation_id
            if operation_id in fresh:
                later.append(queued)
            elif (known := self._document.window.find(operation_id)) is not None:
                queued.answer_as_known(
                    FirstCommit(operation_id, known.version, known.user_id, known.fingerprint)
                )
            else:
                fresh[operation_id] = queued
        return list(fresh.values()), later

    async def stage(
        self, group: Sequence[QueuedSubmission]
    ) -> tuple[list[tuple[QueuedSubmission, Staged]], list[tuple[QueuedSubmission, SpecCollabError]]]:
        """Transform ``group`` onto the document. Returns what can be committed, and what is refused and why.

        A submission behind a refused one of the same session is in neither list: it has to be answered later.
        """
        stage = await self._stage(group)
        staged: list[tuple[QueuedSubmission, Staged]] = []
        refused: list[tuple[QueuedSubmission, SpecCollabError]] = []
        stopped: set[str] = set()
        left_out: set[str] = set()
        now = self._clock()
        for queued in group:
            if queued.author in left_out:
                continue
            try:
                self._check(queued)
                if queued.author in stopped:
                    left_out.add(queued.author)
                else:
                    staged.append((queued, stage.add(queued.submission, now, queued.transformed)))
            except SpecCollabError as error:
                refused.append((queued, error))
                stopped.add(queued.author)
        return staged, refused

    def distance(self, queued: QueuedSubmission) -> int:
        """Over how many versions a submission has yet to be transformed; 0 if its answer needs no transform.

        For one that is too old this is `MAX_DISTANCE`, since its answer may hold the whole text.
        """
        is_repeat = self._document.window.find(queued.submission.operation_id) is not None
        if is_repeat or queued.refusal is not None:
            return 0
        if self._is_too_old(queued):
            return MAX_DISTANCE
        return max(0, self._document.version - queued.version)

    async def advance_transform(self, queued: QueuedSubmission, steps: int) -> None:
        """Transform a submission over the next ``steps`` versions. Raises as `Stage.add`."""
        stage = await self._stage([queued])
        transformed = queued.transformed or stage.parse(queued.submission)
        queued.transformed = transformed.over(stage.since(transformed.base_version)[:steps])

    def _is_too_old(self, queued: QueuedSubmission) -> bool:
        """Whether the base version is too old; how far the submission was transformed does not count.

        A client that is told so sends its edit again under another id. Any other server must therefore refuse the
        old one too, however far it has transformed it.
        """
        behind = self._document.version - queued.submission.base_version
        return behind > self._max_stale_versions

    def _check(self, queued: QueuedSubmission) -> None:
        check(self._grants.role_of(queued.caller), queued.least)
        if queued.refusal is not None:
            raise queued.refusal
        if self._is_too_old(queued):
            behind = self._document.version - queued.submission.base_version
            raise VersionConflict(
                f"The edit was made {behind:,} versions ago, and at most {self._max_stale_versions:,} can be "
                "bridged. Read the document again, and make the edit there.",
                currentVersion=self._document.version,
            )

    async def _stage(self, group: Iterable[QueuedSubmission]) -> Stage:
        """A stage that reaches back to all of ``group``, with operations of the log where the window begins later.

        If part of the log was folded, the stage begins after that and refuses what was made earlier.
        """
        window = self._document.window
        versions = [queued.version for queued in group if not (queued.refusal or self._is_too_old(queued))]
        first = min(versions, default=window.start)
        if first >= window.start:
            return Stage(self._document, self._document_length)
        log = await self._read_log(first, window.start)
        window.extend(log)
        earlier = [committed for committed in log if committed.version <= window.start]
        return Stage(self._document, self._document_length, earlier)

    async def _read_log(self, after: int, until: int) -> Sequence[CommittedOperation]:
        while True:
            try:
                return await self._store.operations(self._document.spec_id, after=after, until=until)
            except OperationsFolded as folded:  # a compaction may fold more of it meanwhile
                after = folded.until
