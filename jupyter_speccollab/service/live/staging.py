"""Staging: transforms a group of submissions onto the document, before they are committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document, Stage, Staged
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.transformation import Transformation
from jupyter_speccollab.document.window import COMPONENTS_IN_STEP
from jupyter_speccollab.errors import Internal, SpecCollabError, VersionConflict
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.access.roles import check
from jupyter_speccollab.service.live.fair_queue import MAX_DISTANCE
from jupyter_speccollab.service.live.queued import FAULT, Measured, QueuedSubmission
from jupyter_speccollab.service.time_slice import TimeSlice
from jupyter_speccollab.store.base import FirstCommit, OperationsFolded, Store
from jupyter_speccollab.text import Operation

logger = logging.getLogger(__name__)

LONG: Final = 2_000
"""The number of components after which staging lets the event loop run; a longer submission goes to a thread."""

LOG_BYTES: Final = 1_048_576
"""How much of the log is read at a time to transform a submission from before the window."""


class Staging:
    """Transforms submissions onto a document. Operations from before its window are read from the log."""

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
        stage = Stage(self._document, self._document_length)
        staged: list[tuple[QueuedSubmission, Staged]] = []
        refused: list[tuple[QueuedSubmission, SpecCollabError]] = []
        stopped: set[str] = set()
        left_out: set[str] = set()
        now = self._clock()
        work = TimeSlice(LONG)
        for queued in group:
            if queued.author in left_out:
                continue
            try:
                self._check(queued)
                if queued.author in stopped:
                    left_out.add(queued.author)
                else:
                    if queued.together is not None:
                        queued.together.check(stage.since(queued.submission.base_version))
                    steps = self.distance(queued) + len(staged)
                    arrived = stage.transform(queued.submission, queued.transformation)
                    await work.spend(queued.components + 2 * steps)
                    if queued.components > LONG:
                        taken = await asyncio.to_thread(stage.take, arrived, now)
                    else:
                        taken = stage.take(arrived, now)
                    staged.append((queued, taken))
                    await work.spend(queued.components)
            except SpecCollabError as error:
                refused.append((queued, self._with_version(error)))
                stopped.add(queued.author)
        return staged, refused

    def split(
        self, group: Sequence[QueuedSubmission]
    ) -> tuple[list[QueuedSubmission], list[QueuedSubmission]]:
        """Those that can be staged, and those that have to go back to the queue.

        A submission may fall behind while its group waits, if another server commits much in between. Those of
        the same session that come after it go back too.
        """
        near: list[QueuedSubmission] = []
        back: list[QueuedSubmission] = []
        authors: set[str] = set()
        for queued in group:
            if queued.author in authors or self.is_distant(queued):
                authors.add(queued.author)
                back.append(queued)
            else:
                near.append(queued)
        return near, back

    def is_distant(self, queued: QueuedSubmission) -> bool:
        """Whether a submission has to be transformed in slices before it can be staged."""
        return self.distance(queued) > MAX_DISTANCE

    def distance(self, queued: QueuedSubmission) -> int:
        """How much a submission has yet to be transformed, in steps (see `FairQueue`); 0 if that is not needed.

        A submission with something `Together` is refused if it has fallen behind. For one that is too old this is
        `MAX_DISTANCE`, since its answer may hold the whole text.
        """
        is_repeat = self._document.window.find(queued.submission.operation_id) is not None
        if is_repeat or queued.refusal is not None or queued.together is not None:
            return 0
        if self._is_too_old(queued) or queued.submission.exact:
            return MAX_DISTANCE
        versions = self._document.version - queued.version
        if versions <= 0:
            return 0
        cost = self._document.window.cost_since(queued.version)
        if cost is None:
            return MAX_DISTANCE + versions
        return cost + versions * (queued.components // COMPONENTS_IN_STEP)

    async def advance_transform(self, queued: QueuedSubmission, pieces: int) -> None:
        """Transform a submission over the versions that follow, by ``pieces`` (see `Transformation`).

        For a base version from before the window, the length of its text follows from the log, of which each call
        reads one page. What `Stage.transform` raises becomes the submission's refusal.
        """
        try:
            await self._advance_transform(queued, pieces)
        except SpecCollabError as error:
            queued.refusal = self._with_version(error)
        except Exception:
            logger.exception("operation %s could not be transformed", queued.submission.operation_id)
            queued.refusal = Internal(FAULT)

    async def _advance_transform(self, queued: QueuedSubmission, pieces: int) -> None:
        window = self._document.window
        transformation = queued.transformation
        if transformation is None:
            parsed = await self._parsed(queued)
            if parsed is None:
                return
            transformation = queued.transformation = Transformation(parsed)
        if transformation.version >= window.start:
            queued.log = ()
            transformation.over(window.since(transformation.version) or (), pieces)
            return
        if not queued.log:
            queued.log = await self._read_log(transformation.version, window.start)
        transformation.over(queued.log, pieces)
        queued.log = [one for one in queued.log if one.version > transformation.version]

    async def _parsed(self, queued: QueuedSubmission) -> Submission | None:
        """The parsed submission; ``None`` if more of the log has to be read for that."""
        submission, window = queued.submission, self._document.window
        stage = Stage(self._document, self._document_length)
        if submission.base_version >= window.start:
            return stage.parse(submission)
        if isinstance(submission.operations, Operation):
            return stage.parse(submission, 0)
        measured = queued.measured or Measured(submission.base_version, 0)
        if measured.version < window.start:
            log = await self._read_log(measured.version, window.start)
            change = measured.change + sum([one.operation.length_change for one in log])
            queued.measured = Measured(log[-1].version, change)
            return None
        return stage.parse(submission, window.length_at(measured.version) - measured.change)

    def _with_version(self, error: SpecCollabError) -> SpecCollabError:
        """A conflict also says at which version the document is."""
        if isinstance(error, VersionConflict):
            error.details.setdefault("currentVersion", self._document.version)
        return error

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

    async def _read_log(self, after: int, until: int) -> Sequence[CommittedOperation]:
        """The next operations of the log. Raises `VersionConflict` if they were folded."""
        try:
            log = await self._store.operations(
                self._document.spec_id, after=after, until=until, most_bytes=LOG_BYTES
            )
        except OperationsFolded:
            log = ()
        if not log:
            current = self._document.version
            raise VersionConflict(
                f"Version {after} is too far behind the document. It is at version {current}: read it again, and "
                "save onto that.",
                currentVersion=current,
            )
        return log
