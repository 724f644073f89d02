"""Checking the threads of an archive while they are read or written, and putting them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.archive.records import Assembled, Row
from jupyter_speccollab.document.thread_limits import MESSAGES, OPEN_THREADS
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    DeletedThread,
    SpecRecord,
    StoredMessage,
    StoredThread,
    ThreadKind,
    ThreadState,
)

IDS: Final = 200_000
"""How many threads and messages a file may hold, deleted ones included."""


_STATES: Final = {
    ThreadKind.COMMENT: (ThreadState.OPEN, ThreadState.RESOLVED),
    ThreadKind.SUGGESTION: (ThreadState.OPEN, ThreadState.ACCEPTED, ThreadState.REJECTED),
}


class ThreadCheck:
    """Takes threads, their messages and deleted threads in order, and raises `Flaw` at the first wrong one.

    Law: in an archive that passes, no id and no change of the threads occurs twice, every thread has the form of
    its kind and names no version that the spec does not have, and there are not more than a server takes
    (``tests/archive/test_threads.py``). Whether an anchor lies in its text is checked by the replay.
    """

    def __init__(self, *, bounded: bool = True) -> None:
        """If not ``bounded``, any number of threads and messages passes."""
        self._bounded = bounded
        self._threads: set[bytes] = set()
        self._messages: set[bytes] = set()
        self._changes: set[int] = set()
        self._open = 0
        self._last: StoredThread | None = None
        self._count = 0

    def begin(self, thread: StoredThread, spec: SpecRecord) -> None:
        """Take a thread, whose messages follow."""
        self.end()
        self._add(self._threads, thread.thread_id)
        self._change(thread.changed, spec)
        _check_form(thread)
        if max(thread.anchor_version, thread.accepted_version or 0) > spec.version:
            raise Flaw("a comment or suggestion names a version that the spec does not have")
        self._open += thread.state is ThreadState.OPEN
        if self._bounded and self._open > OPEN_THREADS:
            raise Flaw(f"more than {OPEN_THREADS:,} comments and suggestions are open")
        self._last, self._count = thread, 0

    def add(self, message: StoredMessage) -> None:
        """Take the next message of the thread."""
        if self._last is None:
            raise Flaw("a message follows no comment or suggestion")
        self._add(self._messages, message.message_id)
        self._count += 1
        if self._bounded and self._count > MESSAGES:
            raise Flaw(f"a comment or suggestion has more than {MESSAGES:,} messages")
        if message.deleted and (message.body or message.mentions):
            raise Flaw("a deleted message has a text")

    def delete(self, gone: DeletedThread, spec: SpecRecord) -> None:
        """Take what is kept of a deleted thread."""
        self.end()
        self._change(gone.changed, spec)
        self._add(self._threads, gone.thread_id)
        for message_id in gone.message_ids:
            self._add(self._messages, message_id)

    def end(self) -> None:
        """Check that the last thread is complete."""
        thread, self._last = self._last, None
        if thread is not None and thread.kind is ThreadKind.COMMENT and not self._count:
            raise Flaw("a comment has no message")

    def _add(self, ids: set[bytes], key: str) -> None:
        number = UUID(key).bytes
        if number in ids:
            raise Flaw("an id of a comment, a suggestion or a message occurs twice")
        ids.add(number)
        if self._bounded and len(self._threads) + len(self._messages) > IDS:
            raise Flaw(f"there are more than {IDS:,} comments, suggestions and messages")

    def _change(self, changed: int, spec: SpecRecord) -> None:
        if not 0 < changed <= spec.threads_version or changed in self._changes:
            raise Flaw("the changes of comments and suggestions are not numbered")
        self._changes.add(changed)


def _check_form(thread: StoredThread) -> None:
    """Raises `Flaw` unless the thread has the form of its kind, and its anchor that of an anchor."""
    anchor, is_comment = thread.anchor, thread.kind is ThreadKind.COMMENT
    if anchor.start > anchor.end or (anchor.letters is not None and anchor.start < anchor.end):
        raise Flaw("a comment or suggestion is on no range of a text")
    if is_comment is (thread.replacement is not None) or (is_comment and not thread.quote):
        raise Flaw("a comment or suggestion is not of its kind")
    if thread.state not in _STATES[thread.kind]:
        raise Flaw("a comment or suggestion has a state of the other kind")
    if (thread.state is ThreadState.ACCEPTED) is (thread.accepted_version is None):
        raise Flaw("an accepted suggestion names no version, or another one does")


def assembled(rows: Iterable[Row]) -> Iterator[Assembled]:
    """The rows, with the messages of each thread in it. Users that they introduce come before the thread."""
    thread: StoredThread | None = None
    messages: list[StoredMessage] = []
    for row in rows:
        if isinstance(row, StoredMessage):
            messages.append(row)
        elif isinstance(row, User):
            yield row
        else:
            if thread is not None:
                yield replace(thread, messages=tuple(messages))
                thread, messages = None, []
            if isinstance(row, StoredThread):
                thread = row
            else:
                yield row
    if thread is not None:
        yield replace(thread, messages=tuple(messages))
