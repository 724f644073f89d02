"""Acceptance: a suggestion becomes an operation, which is committed together with its thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.submission import Submission, Suggested
from jupyter_speccollab.document.suggestion import merged, still_there
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SuggestionStale, VersionConflict
from jupyter_speccollab.protocol.codec import fingerprint
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import Store, StoredThread, ThreadState
from jupyter_speccollab.text import Operation, normalise
from jupyter_speccollab.text.anchor import Anchor, moved

NAMESPACE: Final = UUID("a5f1c0de-6d7e-5b0a-9c3b-52a1f0b8e9d4")
"""The namespace of the operationIds of accepted suggestions, which are made of the threadId."""

VERSIONS: Final = 50
"""How many versions may be committed while an acceptance waits. Beyond, it is made anew from the present text."""

COMPONENTS: Final = 4_000
"""How many components these may have together."""

CHANGED: Final = "Others edit this passage at the same moment. Look at it, and try again."


async def operation_for(workers: Workers, thread: StoredThread, anchor: Anchor, present: str) -> Operation:
    """The operation that makes of ``present``, the text at ``anchor``, what the suggestion says.

    Raises `SuggestionStale` if others have changed the same words, or all of them are gone.
    """
    if thread.quote and anchor.is_orphaned:
        target = "" if not thread.replacement else None
    else:
        size = len(thread.quote) + len(present)
        target = await workers.run(size, merged, thread.quote, present, thread.replacement or "")
    if target is None:
        raise SuggestionStale(
            "Others have changed the words that this suggestion changes. Look at what stands there now.",
            present=present,
        )
    change = await workers.diff(present, target)
    return normalise(Operation.of(anchor.start, *change.components))


class Acceptance:
    """The write of an accepted suggestion, for the committer: its thread in the transaction of its operation.

    ``thread`` has its anchor at the base version of the operation, and ``base`` is the number of changes of threads
    on which the write depends. `done` is the thread as it was written.

    Law: the text at the anchor is the one from which the operation was made, until it is committed: what others
    commit elsewhere moves both, and what they commit there refuses the acceptance with `VersionConflict`
    (``tests/service/threads/test_acceptance.py``). So does what they insert right before it: that stays outside,
    and what the operation inserts there would come to stand before it.
    """

    def __init__(self, store: Store, thread: StoredThread, base: int, user: User) -> None:
        self.done: StoredThread | None = None
        self._store = store
        self._thread = thread
        self._base = base
        self._user = user
        self._anchor = thread.anchor

    def submission(self, operation: Operation) -> Submission:
        """The submission of ``operation``, by who accepts, and with who suggested as its author."""
        thread = self._thread
        return Submission(
            str(uuid5(NAMESPACE, thread.thread_id)),
            self._user,
            thread.anchor_version,
            operation,
            fingerprint(["accept", thread.thread_id]),
            suggested=Suggested(thread.thread_id, thread.created_by, thread.created_by_name),
        )

    def check(self, since: Sequence[CommittedOperation]) -> None:
        """Follow the passage over what was committed since. Raises `VersionConflict` if that changed it."""
        if len(since) > VERSIONS or sum(len(one.components) for one in since) > COMPONENTS:
            raise VersionConflict(CHANGED)
        anchor = self._thread.anchor
        start, end = anchor.start, anchor.end
        for committed in since:
            there = still_there(committed.operation, start, end)
            if there is None or (start < end and _inserts_at(committed.operation, start)):
                raise VersionConflict(CHANGED)
            start, end = there
            anchor = moved(anchor, committed.components, self._thread.quote)
        self._anchor = anchor

    async def commit(
        self, spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
    ) -> None:
        """Commit the operation, and write the thread as accepted by it. Raises what both raise."""
        (committed,) = operations
        thread = replace(
            self._thread,
            state=ThreadState.ACCEPTED,
            anchor=moved(self._anchor, committed.components, self._thread.quote),
            anchor_version=committed.version,
            changed=self._base + 1,
            resolved_by=self._user.user_id,
            resolved_by_name=self._user.name,
            resolved_at=committed.timestamp,
            accepted_version=committed.version,
        )
        await self._store.accept_suggestion(spec_id, self._base, thread, access_version, committed)
        self.done = thread


def _inserts_at(operation: Operation, place: int) -> bool:
    """Whether the operation inserts something at this place of the text before it."""
    position = 0
    for component in operation.components:
        if position > place:
            break
        if isinstance(component, str):
            if position == place:
                return True
        else:
            position += abs(component)
    return False
