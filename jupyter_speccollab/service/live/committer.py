"""The committer: brings the submissions of one document into the log, in groups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document, Staged
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import (
    Internal,
    SpecCollabError,
    SpecNotFound,
    StoreTrouble,
    StoreUnavailable,
    VersionConflict,
)
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.live.fair_queue import FairQueue
from jupyter_speccollab.service.live.log_follower import Advance, HistoryReplaced, LogFollower
from jupyter_speccollab.service.live.patience import Patience
from jupyter_speccollab.service.live.queued import (
    FAULT,
    Accepted,
    QueuedSubmission,
    Refused,
    Together,
    accepted,
    answer_known,
    refuse,
)
from jupyter_speccollab.service.live.staging import Staging
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.time_slice import BackgroundSlices
from jupyter_speccollab.store.base import (
    AccessChanged,
    Commit,
    OperationIdsTaken,
    OutcomeUnknown,
    SpecMissing,
    SpecRecord,
    Store,
    ThreadsChanged,
    VersionTaken,
)

SLICE: Final = 1_500
"""How many pieces of operations are read to transform a distant submission between two commits: 2 ms of work."""

RETRY: Final = 0.5
"""Seconds between two attempts to read the log while the store is away."""

ANSWER_WITHIN: Final = 10.0
"""Seconds that submissions wait for the database before they are refused. What is under way then goes on."""

LOSSES: Final = 2
"""How many versions in a row may be lost to other servers before the committer asks for a version of its own."""

CLOSING: Final = "The server is shutting down. Send this again when it is back; it is committed only once."

OVERTAKEN: Final = "Others change the comments here at the same moment. Try again."

logger = logging.getLogger(__name__)


class Committer:
    """Queues submissions, commits them in groups, and reports every new version.

    One transaction runs at a time; submissions that arrive meanwhile form the next group. Each group is
    transformed in memory and committed on condition that the version is still the one it was transformed onto. If
    another server was first, its operations are read, and the group is transformed over them and committed again.

    ``advanced`` is called in order of versions, as soon as the document has them; ``ended`` when the spec turns
    out to be deleted; ``replaced`` when its history turns out to be another one (a backup was restored);
    ``record_read`` with each record of the spec that was read with the log.

    Law: at the moment of its commit, the author of an operation was allowed to make it. The store commits only if
    the access list still has the version by which the group was checked
    (``tests/service/access/test_roles.py::test_a_role_taken_away_holds_for_what_is_under_way``).
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        grants: Grants,
        staging: Staging,
        *,
        metrics: Metrics,
        slices: BackgroundSlices,
        advanced: Callable[[Sequence[Advance]], None],
        ended: Callable[[], None],
        replaced: Callable[[], None],
        record_read: Callable[[SpecRecord], None],
    ) -> None:
        self._document = document
        self._store = store
        self._grants = grants
        self._staging = staging
        self._metrics = metrics
        self._slices = slices
        self._log = LogFollower(document, store, grants, advanced=advanced, record_read=record_read)
        self._ended = ended
        self._replaced = replaced
        self._queue = FairQueue(staging.distance)
        self._has_work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._waiting: Sequence[QueuedSubmission] = ()
        self._patience = Patience(self._give_up, RETRY)
        self._lost = 0
        self._catch_up_waiters: list[asyncio.Future[None]] = []
        self._task = in_background(self._run(), f"commit {document.spec_id}")

    def submit(self, queued: QueuedSubmission) -> None:
        """Queue a submission for the next group. After `close` it is refused."""
        if self._task.done():
            refuse([queued], StoreUnavailable(CLOSING))
        else:
            self._queue.add(queued)
            self._wake()

    async def write(
        self, submission: Submission, caller: Caller, least: Role, together: Together | None = None
    ) -> Accepted:
        """Commit a submission that comes from no session (PUT, restore, acceptance), with what belongs to it.

        Raises the reason of a refusal.
        """
        return await accepted(self.submit, submission, caller, least, together)

    def queue_length(self) -> int:
        """How many submissions wait for their group."""
        return len(self._queue)

    def request_catch_up(self) -> None:
        """Read soon what other servers have committed and granted; does not wait."""
        self._log.must_read = True
        self._wake()

    def receive(self, epoch: str, operations: Sequence[CommittedOperation]) -> None:
        """Take operations that another server has committed. If they don't follow the document, read the log."""
        self._log.receive(epoch, operations)
        self._wake()

    async def catch_up(self) -> None:
        """As `request_catch_up`, and wait until it was tried; while the store is away nothing changes."""
        if not self._task.done():
            self._catch_up_waiters.append(tried := asyncio.get_running_loop().create_future())
            self.request_catch_up()
            await tried

    async def settle(self, patience: float) -> None:
        """Wait until everything queued so far has its outcome, at most ``patience`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()

    async def close(self) -> None:
        """Stop. What has no outcome yet is refused, as it is not known whether it was committed."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._patience.close()
        refuse(self._queue.clear(), StoreUnavailable(CLOSING))
        _finish(self._catch_up_waiters)
        self._idle.set()

    def _wake(self) -> None:
        self._idle.clear()
        self._has_work.set()

    async def _run(self) -> None:
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self._queue or self._log.has_work:
                await self._commit_next()
            self._idle.set()

    async def _commit_next(self) -> None:
        """Apply what other servers have committed, commit the next group, and answer all of it."""
        await asyncio.sleep(0)  # what arrives before the event loop gets here joins the group too
        group = self._queue.take_group()
        self._waiting = group
        self._patience.begin(ANSWER_WITHIN)
        must_read_log, self._log.must_read = self._log.must_read, False
        waiters, self._catch_up_waiters = self._catch_up_waiters, []
        try:
            group = await self._log.apply_received(group)
            if must_read_log:
                group = await self._log.read(group)
                _finish(waiters)
            while group:
                group = await self._commit(group)
            await self._transform_distant()
        except SpecMissing:
            refuse(group, SpecNotFound("This spec was deleted. Your text is kept for you to copy."))
            self._ended()
        except HistoryReplaced:
            logger.warning("the history of %s was replaced; all sessions join again", self._document.spec_id)
            refuse(group, StoreUnavailable("The history of this spec was replaced. Join it again."))
            self._replaced()
        except asyncio.CancelledError:
            refuse(group, StoreUnavailable(CLOSING))
            raise
        except StoreUnavailable as error:
            self._log.must_read = self._log.must_read or must_read_log
            refuse(group, error)
            if self._log.must_read:
                await asyncio.sleep(RETRY)
        except Exception:
            logger.exception("a group of %d operations on %s failed", len(group), self._document.spec_id)
            self._staging.sort_out(group)
            refuse(group, Internal(FAULT))
        finally:
            self._patience.end()
            _finish(waiters)

    def _give_up(self) -> None:
        """Refuse what waits, as the database does not answer. What it may yet commit of it is announced."""
        group, self._waiting = self._waiting, ()
        refuse((*group, *self._queue.clear()), StoreUnavailable.by(StoreTrouble.NO_ANSWER))

    async def _transform_distant(self) -> None:
        """Transform a distant submission over one slice, when it is this document's turn."""
        queued = self._queue.next_distant()
        if queued is not None:
            async with self._slices.next():
                await self._staging.advance_transform(queued, SLICE)

    async def _commit(self, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Commit what can be committed; returns the submissions that have no outcome yet.

        Those with something `Together` are committed after the others, each by itself.
        """
        alone = [queued for queued in group if queued.together is not None]
        others = [queued for queued in group if queued.together is None]
        if others:
            return [*await self._commit_group(others), *alone]
        first, *later = alone
        assert first.together is not None
        return [*await self._commit_by(first.together.commit, [first]), *later]

    async def _commit_group(self, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Commit what can be committed in one transaction; returns as `_commit`.

        After `LOSSES` lost versions the store lets this server commit the next one alone.
        """
        if self._lost < LOSSES:
            return await self._commit_by(self._store.commit, group)
        async with self._store.exclusive(self._document.spec_id) as commit:
            group = await self._log.read(group)
            for queued in group:
                # No other server can commit now, so even a long one reaches the present version.
                while self._staging.is_distant(queued):
                    await self._staging.advance_transform(queued, SLICE)
                    await asyncio.sleep(0)
            return await self._commit_by(commit, group)

    async def _commit_by(self, commit: Commit, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        await self._log.read_up_to(
            max((queued.submission.base_version for queued in group if queued.refusal is None), default=0)
        )
        group, back = self._staging.split(group)
        if back:
            self._lost += 1  # other servers have committed more than can be bridged at once
            self._queue.put_back(back)
        fresh, later = self._staging.sort_out(group)
        staged, refused = await self._staging.stage(fresh)
        rest = await self._commit_staged(commit, staged) if staged else []
        if not rest:  # looking up refused submissions must not delay the commit of others
            await self._refuse_unless_repeated(refused)
        return [*(queued for queued in fresh if queued.outcome is None), *later]

    async def _commit_staged(
        self, commit: Commit, staged: Sequence[tuple[QueuedSubmission, Staged]]
    ) -> list[QueuedSubmission]:
        """Commit what was staged on the present version; returns the submissions that have no outcome yet."""
        base, group = self._document.version, [queued for queued, _ in staged]
        operations = [made.committed for _, made in staged]
        try:
            with self._metrics.commit_seconds.time():
                await commit(self._document.spec_id, base, self._grants.version, operations)
        except VersionTaken:
            self._lost += 1
            self._metrics.lost_versions.inc()
            rest = await self._log.apply_received(group)
            return await self._log.read(rest) if self._document.version == base else rest
        except AccessChanged:
            await self._grants.read()
            return group
        except OperationIdsTaken as taken:
            return answer_known(await self._log.read(group), taken.first_commits)
        except OutcomeUnknown:
            return await self._read_outcome(group)
        except ThreadsChanged:
            refuse(group, VersionConflict(OVERTAKEN))
            return []
        self._lost = 0
        self._log.advance(staged)
        return []

    async def _refuse_unless_repeated(
        self, refused: Sequence[tuple[QueuedSubmission, SpecCollabError]]
    ) -> None:
        """Look up in the store whether any of ``refused`` is a repeat, which is acknowledged like the first."""
        if not refused:
            return
        ids = [queued.submission.operation_id for queued, _ in refused]
        known = await self._store.first_commits(self._document.spec_id, ids)
        await self._log.read_up_to(max((first.version for first in known.values()), default=0))
        for queued, error in refused:
            first = known.get(queued.submission.operation_id)
            if first is None:
                queued.answer(Refused(error))
            else:
                queued.answer_as_known(first)

    async def _read_outcome(self, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Find out from the log what a COMMIT of unknown outcome did, before anything else is committed."""
        while True:
            try:
                return await self._log.read(group, ours=True)
            except StoreUnavailable as error:
                refuse((*group, *self._queue.clear()), error)
                await asyncio.sleep(RETRY)


def _finish(waiters: Iterable[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
