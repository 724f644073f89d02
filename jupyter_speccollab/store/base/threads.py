"""Threads: comments and suggestions, each on an anchor in the text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from jupyter_speccollab.text.anchor import Anchor

from .operations import CommittedOperation


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
    """Tells a repeat of the call that made the message from another call with the same id."""
    edited_at: datetime | None = None
    deleted: bool = False
    mentions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StoredThread:
    """A row of ``threads`` with its messages, oldest first.

    ``anchor`` lies in the text of ``anchor_version``; readers move it on over the operations since. ``quote`` is
    whole; the protocol shows 1,000 code points of it. ``changed`` is the spec's ``threads_version`` of the last
    change of the thread.
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


@dataclass(frozen=True, slots=True)
class DeletedThread:
    """What is kept of a deleted thread, so that its id is never given again and clients learn that it is gone."""

    thread_id: str
    changed: int


class ThreadsChanged(Exception):
    """The threads of the spec are no longer at the version that the write is based on: somebody else wrote first."""


class ThreadStore(Protocol):
    """The tables ``threads`` and ``thread_messages``, and the column ``threads_version`` of ``specifications``.

    Every write is one change: on condition that ``threads_version`` is still ``base``, it makes it ``base + 1``. So
    two servers never write over each other, and a gap in the numbers shows what was missed.
    """

    async def write_thread(self, spec_id: str, base: int, thread: StoredThread) -> None:
        """Insert the thread or replace it, with its messages (``thread.changed == base + 1``); durable on return.

        Writes only the rows that differ. Raises `ThreadsChanged` and `SpecMissing` with nothing written, also for a
        spec in the trash, and `OutcomeUnknown` if it may or may not have been written.
        """

    async def accept_suggestion(
        self, spec_id: str, base: int, thread: StoredThread, access_version: int, operation: CommittedOperation
    ) -> None:
        """`write_thread` and `OperationStore.commit` of the one operation in one transaction, or nothing of both.

        Raises what either of them raises.
        """

    async def delete_thread(self, spec_id: str, base: int, thread_id: str) -> None:
        """Delete the thread with its messages and keep a `DeletedThread`. Raises as `write_thread` does."""

    async def move_anchors(self, spec_id: str, version: int, anchors: Sequence[tuple[str, Anchor]]) -> None:
        """Store the anchors of these threads as of ``version``, unless a thread has a later one. No change of a thread.

        Compaction does so before it folds operations that an anchor would have to be moved over.
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

        At most ``limit``, and at most ``most_bytes`` of texts, but at least one if there is any.
        """

    async def thread(self, spec_id: str, thread_id: str) -> StoredThread | DeletedThread | None:
        """Return the thread, what is kept of a deleted one, or ``None``."""

    async def deleted_threads(self, spec_id: str, since: int) -> Sequence[DeletedThread]:
        """Return those that were deleted after ``since``, oldest first."""

    async def thread_counts(self, spec_ids: Collection[str], user_id: str) -> dict[str, tuple[int, int]]:
        """Return for each spec how many threads are open, and how many of these mention the user unanswered.

        A thread mentions somebody unanswered if a message mentions the user, and no later one is the user's own.
        """
