"""The committer: brings the submissions of one document into the log, in groups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.document import Document, Staged
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import Internal, SpecCollabError, SpecNotFound, StoreUnavailable
from jupyter_speccollab.service.live.fair_queue import FairQueue
from jupyter_speccollab.service.live.queued import Accepted, Outcome, QueuedSubmission, Refused
from jupyter_speccollab.service.live.staging import Staging
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.store.base import (
    AccessChanged,
    Commit,
    FirstCommit,
    OperationIdsTaken,
    OperationsFolded,
    OutcomeUnknown,
    SpecMissing,
    Store,
    VersionTaken,
)
from jupyter_speccollab.text import Text

SLICE: Final = 100
"""Over how many versions an entry far off is brought between two commits: some quarter of a millisecond."""

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at a database whose last COMMIT has an unknown outcome."""

LOSSES: Final = 2
"""How many versions in a row may be lost to other servers before one is asked for alone."""

CLOSING: Final = "The server stops. Send this again when it is back: it is committed once."

FAULT: Final = "The server could not take this edit. It is kept in your browser; try again."

logger = logging.getLogger(__name__)


class HistoryReplaced(Exception):
    """The store holds another history of the spec than the one that is open, or has folded what comes next."""


class Advance(Struct, frozen=True):
    """A version that the document has just reached, and the entry that made it, if it was one of ours.

    ``is_repeat``: the entry was committed by another server, to which it had been sent before.
    """

    committed: CommittedOperation
    text: Text
    cursor: Cursor | None = None
    entry: QueuedSubmission | None = None
    is_repeat: bool = False


class Committer:
    """Takes submissions as they come, commits what has gathered, and tells of every new version.

    One transaction is under way at a time; what comes meanwhile forms the next group. Each group is
    transformed in memory, committed under the version that it was made on, and, where another server was
    first, brought over what that one committed and tried again. ``advanced`` is called in order of versions,
    right after the document has taken them over; ``ended`` when the spec is found to be deleted, ``replaced``
    when its history is found to be another one (a backup was restored), ``access_changed`` when ``granted`` is
    another access list than before.

    Law: what is committed, its author was allowed to do by the access list of that moment: the store commits
    only at the version of the list that the group was checked against
    (``tests/service/access/test_roles.py::test_a_role_taken_away_holds_for_what_is_under_way``).
    """

    def __init__(
        self,
        document: Document,
        store: Store,
        staging: Staging,
        *,
        granted: AccessList,
        metrics: Metrics,
        advanced: Callable[[Sequence[Advance]], None],
        ended: Callable[[], None],
        replaced: Callable[[], None],
        access_changed: Callable[[], None],
    ) -> None:
        self._document = document
        self._store = store
        self._staging = staging
        self.granted = granted
        self._metrics = metrics
        self._advanced = advanced
        self._ended = ended
        self._replaced = replaced
        self._access_changed = access_changed
        self._turns = FairQueue(staging.distance)
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._behind = False
        self._lost = 0
        self._news: list[CommittedOperation] = []
        self._looks: list[asyncio.Future[None]] = []
        self._task = asyncio.create_task(self._run(), name=f"commit {document.spec_id}")

    def submit(self, entry: QueuedSubmission) -> None:
        """Queue an entry for the next group."""
        self._turns.add(entry)
        self._signal()

    async def write(self, submission: Submission, caller: Caller, least: Role) -> Accepted:
        """Commit what comes from no session (PUT, restore). Raises what it is refused for."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

        def told(outcome: Outcome) -> None:
            if not done.cancelled():
                done.set_result(outcome)

        self.submit(QueuedSubmission(submission, caller, told, least=least))
        outcome = await done
        if isinstance(outcome, Accepted):
            return outcome
        raise outcome.error

    def waiting(self) -> int:
        """How many entries wait for their group."""
        return len(self._turns)

    def look(self) -> None:
        """Read the log for what other servers committed, soon."""
        self._behind = True
        self._signal()

    def hear(self, epoch: str, operations: Sequence[CommittedOperation]) -> None:
        """Another server says that it committed these, in order; where that does not fit, the log is read."""
        if epoch == self._document.epoch:
            self._news.extend(operations)
        else:
            self._behind = True
        self._signal()

    async def caught_up(self) -> None:
        """Read the log now, as `look`, and wait for it; where the store is away, things stay as they are."""
        look = asyncio.get_running_loop().create_future()
        self._looks.append(look)
        self.look()
        await look

    async def settle(self, patience: float) -> None:
        """Wait until everything queued so far has its outcome, at most ``patience`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()

    async def close(self) -> None:
        """Stop; for what has no outcome yet nobody knows whether it was committed."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        _refuse(self._turns.clear(), StoreUnavailable(CLOSING))
        _done(self._looks)
        self._idle.set()

    def _signal(self) -> None:
        self._idle.clear()
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._turns or self._behind or self._news:
                await self._turn()
            self._idle.set()

    async def _turn(self) -> None:
        await asyncio.sleep(0)  # what comes in this turn of the loop goes into the group too
        group = self._turns.take_group()
        behind, self._behind = self._behind, False
        looks, self._looks = self._looks, []
        try:
            group = self._take_news(group)
            if behind:
                group = await self._catch_up(group)
                _done(looks)
            while group:
                group = await self._commit(group)
            await self._advance_transform()
        except SpecMissing:
            _refuse(group, SpecNotFound("This spec was deleted. Your text is kept for you to copy."))
            self._ended()
        except HistoryReplaced:
            logger.warning(
                "the history of %s is another one now; everybody joins again", self._document.spec_id
            )
            _refuse(group, StoreUnavailable("The history of this spec is another one now. Join it again."))
            self._replaced()
        except asyncio.CancelledError:
            _refuse(group, StoreUnavailable(CLOSING))
            raise
        except StoreUnavailable as error:
            self._behind = self._behind or behind
            _refuse(group, error)
            if self._behind:
                await asyncio.sleep(LOOK_AGAIN)
        except Exception:
            logger.exception("a group of %d operations on %s failed", len(group), self._document.spec_id)
            self._staging.sort_out(group)
            _refuse(group, Internal(FAULT))
        finally:
            _done(looks)

    async def _advance_transform(self) -> None:
        """Work a little on what is far off, and let everybody else go on."""
        entry = self._turns.next_distant()
        if entry is None:
            return
        try:
            await self._staging.advance_transform(entry, SLICE)
            await asyncio.sleep(0)
        except SpecCollabError as error:
            entry.refusal = error
        except Exception:
            logger.exception("operation %s could not be brought on", entry.submission.operation_id)
            entry.refusal = Internal(FAULT)

    async def _commit(self, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Commit what can be; returns the entries that have no outcome yet.

        Whoever lost several versions in a row to others gets the next one to themselves.
        """
        if self._lost < LOSSES:
            return await self._commit_by(self._store.commit, group)
        async with self._store.alone(self._document.spec_id) as commit:
            return await self._commit_by(commit, await self._catch_up(group))

    async def _commit_by(self, commit: Commit, group: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        await self._reach(
            max((entry.submission.base_version for entry in group if entry.refusal is None), default=0)
        )
        fresh, later = self._staging.sort_out(group)
        staged, refused = await self._staging.stage(fresh)
        rest = await self._commit_staged(commit, staged) if staged else []
        if not rest:  # for a look at what somebody is refused nobody else's commit waits
            await self._refuse_unless_repeated(refused)
        return [*(entry for entry in fresh if entry.outcome is None), *later]

    async def _commit_staged(
        self, commit: Commit, staged: Sequence[tuple[QueuedSubmission, Staged]]
    ) -> list[QueuedSubmission]:
        """Commit what was staged on the present version; returns the entries that have no outcome yet."""
        base, entries = self._document.version, [entry for entry, _ in staged]
        try:
            with self._metrics.commit_seconds.time():
                await commit(
                    self._document.spec_id,
                    base,
                    self.granted.version,
                    [made.committed for _, made in staged],
                )
        except VersionTaken:
            self._lost += 1
            self._metrics.lost_versions.inc()
            rest = self._take_news(entries)
            return await self._catch_up(rest) if self._document.version == base else rest
        except AccessChanged:
            await self._read_access()
            return entries
        except OperationIdsTaken as taken:
            return _answer_known(await self._catch_up(entries), taken.first_commits)
        except OutcomeUnknown:
            return await self._look_up(entries)
        self._lost = 0
        self._advance([Advance(made.committed, made.text, made.cursor, entry) for entry, made in staged])
        return []

    async def _refuse_unless_repeated(
        self, refused: Sequence[tuple[QueuedSubmission, SpecCollabError]]
    ) -> None:
        """Only what is about to be refused is looked up: a repeat gets the ack of the first instead."""
        if not refused:
            return
        ids = [entry.submission.operation_id for entry, _ in refused]
        known = await self._store.first_commits(self._document.spec_id, ids)
        await self._reach(max((first.version for first in known.values()), default=0))
        for entry, error in refused:
            first = known.get(entry.submission.operation_id)
            if first is None:
                entry.answer(Refused(error))
            else:
                entry.answer_as_known(first)

    async def _look_up(self, entries: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Find out what a COMMIT of unknown outcome did, before anything else is committed."""
        while True:
            try:
                return await self._catch_up(entries, ours=True)
            except StoreUnavailable:
                logger.warning("the outcome of a commit on %s is not known yet", self._document.spec_id)
                await asyncio.sleep(LOOK_AGAIN)

    async def _reach(self, version: int) -> None:
        """Another server may be ahead: whoever was told of ``version`` there is not told here that it is none.

        Nor may an ack overtake the versions below it.
        """
        if version > self._document.version:
            await self._catch_up(())

    async def _catch_up(
        self, entries: Sequence[QueuedSubmission], ours: bool = False
    ) -> list[QueuedSubmission]:
        """Take over what the log has beyond the document; returns the entries that were not among it.

        Unless this server is known to have sent them to the store (``ours``), those that are repeat another's.
        """
        record = await self._store.spec(self._document.spec_id)
        if record.epoch != self._document.epoch or record.version < self._document.version:
            raise HistoryReplaced(self._document.spec_id)
        if record.access_version != self.granted.version:
            await self._read_access()
        try:
            missed = await self._store.operations(self._document.spec_id, after=self._document.version)
        except OperationsFolded:  # this server was cut off for longer than the policy's days
            raise HistoryReplaced(self._document.spec_id) from None
        return self._take_over(missed, entries, ours)

    def _take_news(self, entries: Sequence[QueuedSubmission]) -> list[QueuedSubmission]:
        """Take over what was heard, as far as it follows on the document; returns as `_catch_up`."""
        news, self._news = self._news, []
        version = self._document.version
        fitting = []
        for committed in news:
            if committed.version > version + 1:
                self._behind = True
                break
            if committed.version == version + 1:
                fitting.append(committed)
                version += 1
        return self._take_over(fitting, entries)

    def _take_over(
        self, missed: Sequence[CommittedOperation], entries: Sequence[QueuedSubmission], ours: bool = False
    ) -> list[QueuedSubmission]:
        """Advance the document; returns the entries that were not among what was ``missed``."""
        waiting = {entry.submission.operation_id: entry for entry in reversed(entries)}
        advances: list[Advance] = []
        text = self._document.text
        for committed in missed:
            text = text.apply(committed.operation)
            entry = waiting.get(committed.operation_id)
            if entry is not None and not entry.repeats(committed):
                entry = None
            advances.append(Advance(committed, text, entry=entry, is_repeat=not ours))
        self._advance(advances)
        return [entry for entry in entries if entry.outcome is None]

    async def _read_access(self) -> None:
        self.granted = await self._store.access(self._document.spec_id)
        self._access_changed()

    def _advance(self, advances: Sequence[Advance]) -> None:
        for advance in advances:
            self._document.advance(advance.committed, advance.text)
        if advances:
            self._advanced(advances)


def _done(looks: Iterable[asyncio.Future[None]]) -> None:
    for look in looks:
        if not look.done():
            look.set_result(None)


def _answer_known(
    entries: Sequence[QueuedSubmission], known: Mapping[str, FirstCommit]
) -> list[QueuedSubmission]:
    """Answer the entries whose ids are known to be taken; returns the others."""
    rest = []
    for entry in entries:
        first = known.get(entry.submission.operation_id)
        if first is None:
            rest.append(entry)
        else:
            entry.answer_as_known(first)
    return rest


def _refuse(entries: Iterable[QueuedSubmission], error: SpecCollabError) -> None:
    for entry in entries:
        entry.answer(Refused(error))
