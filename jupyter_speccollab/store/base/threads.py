"""Threads: comments and suggestions, each on an anchor in the text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text.anchor import Anchor


class ThreadKind(StrEnum):
    COMMENT = "comment"
    SUGGESTION = "suggestion"


class ThreadState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of ``thread_messages``. A deleted message has an empty body and mentions nobody."""

    message_id: str
    user_id: str
    user_name: str
    body: str
    created_at: datetime
    fingerprint: str
    """Hex digest that tells a repeat of the call that made the message from another call with the same id."""
    edited_at: datetime | None = None
    deleted: bool = False
    mentions: Sequence[str] = ()
    """The ids of the users that the body mentions."""


@dataclass(frozen=True, slots=True)
class StoredThread:
    """A row of ``threads`` with its messages, oldest first.

    ``anchor`` lies in the text of ``anchor_version``; readers move it on over the operations since. ``quote`` is
    whole, also where only a part is shown (`jupyter_speccollab.document.passage.SHOWN`). ``changed`` is the spec's
    ``threads_version`` of the last change of the thread. ``fingerprint`` is a hex digest, as that of a message.
    """

    thread_id: str
    kind: ThreadKind
    state: ThreadState
    anchor: Anchor
    anchor_version: int
    quote: str
    prefix: str
    suffix: str
    replacement: str | None
    created_by: str
    created_by_name: str
    created_at: datetime
    fingerprint: str
    changed: int
    resolved_by: str | None = None
    resolved_by_name: str | None = None
    resolved_at: datetime | None = None
    accepted_version: int | None = None
    messages: Sequence[StoredMessage] = ()

    @property
    def unanswered(self) -> frozenset[str]:
        """The users whom an open thread mentions in a message after which they have written none; else nobody.

        Deleted messages neither mention nor answer.
        """
        waiting: set[str] = set()
        if self.state is ThreadState.OPEN:
            for message in self.messages:
                if not message.deleted:
                    waiting.discard(message.user_id)
                    waiting.update(message.mentions)
        return frozenset(waiting)


@dataclass(frozen=True, slots=True)
class DeletedThread:
    """What is kept of a deleted thread, so that its ids are never given again and clients learn that it is gone.

    ``message_ids`` are those of its messages except the one that has the id of the thread, sorted.
    """

    thread_id: str
    changed: int
    message_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AnchorState:
    """An anchor as it was stored last: in the text of ``version``. ``quote`` is its thread's, as shown."""

    thread_id: str
    anchor: Anchor
    version: int
    quote: str


class ThreadsChanged(Exception):
    """The threads are no longer at the version that the write is based on: somebody else wrote first."""


class ThreadStore(Protocol):
    """The tables of threads, and the column ``threads_version`` of ``specifications``.

    Every write is one change: on condition that ``threads_version`` is still ``base``, it makes it ``base + 1``. So
    two servers never write over each other, and a gap in the numbers shows what was missed.
    """

    async def write_thread(
        self, spec_id: str, base: int, thread: StoredThread, access_version: int | None = None
    ) -> None:
        """Insert the thread or replace it, with its messages (``thread.changed == base + 1``); durable on return.

        A thread that is there keeps its kind, quote, replacement and author, and the messages that it has: later
        ones may be added, and any may differ. Only the rows that differ are written. An anchor that is stored at a
        later version than ``thread.anchor_version`` stays, because a compaction may have moved it there. New ids
        must be new in the spec: nobody else can take them as long as the threads are at ``base``.

        ``access_version`` is that of the access list by which the write is allowed; ``None`` asks for none.

        Raises `ThreadsChanged`, `AccessChanged` and `SpecMissing` with nothing written, the last also for a spec in
        the trash, ValueError if ``changed`` is another number, and `OutcomeUnknown` if it may or may not have been
        written.
        """

    async def accept_suggestion(
        self,
        spec_id: str,
        base: int,
        thread: StoredThread,
        access_version: int,
        operation: CommittedOperation,
    ) -> None:
        """`write_thread` and `OperationStore.commit` of the one operation in one transaction, or nothing of both.

        The commit is based on ``operation.version - 1``. Raises what either of them raises.
        """

    async def delete_thread(
        self, spec_id: str, base: int, thread_id: str, access_version: int | None = None
    ) -> None:
        """Delete the thread with its messages and keep a `DeletedThread`.

        Raises as `write_thread` does; does nothing if there is no such thread at ``base``.
        """

    async def move_anchors(self, spec_id: str, version: int, anchors: Sequence[tuple[str, Anchor]]) -> None:
        """Store the anchors of these threads as of ``version``, unless a thread has a later one.

        That is no change of a thread. Compaction does it before it folds operations that an anchor would have to be
        moved over.
        """

    async def anchors_before(self, spec_id: str, version: int, limit: int) -> Sequence[AnchorState]:
        """Return at most ``limit`` anchors of threads, open or not, that are stored at a version below ``version``.

        The oldest come first.
        """

    async def threads(
        self,
        spec_id: str,
        *,
        states: Collection[ThreadState] | None = None,
        since: int = 0,
        before: int | None = None,
        limit: int = 200,
        most_bytes: int | None = None,
    ) -> Sequence[StoredThread]:
        """Return threads whose ``changed`` is above ``since`` and below ``before``, newest change first.

        At most ``limit``, and at most ``most_bytes`` of texts (`jupyter_speccollab.store.stored_bytes`), but at
        least one if there is any. A thread is whole: its messages are those of its ``changed``.
        """

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread | DeletedThread | None:
        """Return the thread, what is kept of a deleted one, or ``None``."""

    async def thread_of_message(self, spec_id: str, message_id: str) -> str | None:
        """Return the id of the thread that has a message of this id, or had one when it was deleted."""

    async def deletions(
        self, spec_id: str, *, since: int = 0, before: int | None = None, limit: int
    ) -> Mapping[int, str]:
        """Return the ids of deleted threads, each by the change that deleted it, newest change first.

        At most ``limit``, of changes above ``since`` and below ``before``.
        """

    async def deleted_threads(
        self, spec_id: str, since: int = 0, limit: int = 200
    ) -> Sequence[DeletedThread]:
        """Return those that were deleted after ``since``, oldest first, at most ``limit``."""

    async def thread_counts(self, spec_ids: Collection[str], user_id: str) -> Mapping[str, tuple[int, int]]:
        """Return for each spec how many threads are open, and how many of these mention the user unanswered.

        `StoredThread.unanswered` says what that is. Law: it reads no message, and of each spec the keys of its open
        threads (``contract/test_threads.py::test_counts_are_those_of_the_open_threads``).
        """
