"""News: the messages about a spec that one server sends to the others.

News may be lost. Servers then read operations and everything else that is stored from the database, and learn of
sessions from the next roster.

Servers of different releases share a bus during an upgrade. A release may add a kind of news, a ``what`` of
`Changed`, and fields with defaults; it must not change or remove a field. Older servers skip what they do not
know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import Change, operation_of, pack, unpack


class NewsOperation(Struct, frozen=True, array_like=True):
    """A committed operation in the form of the log."""

    version: int
    operation_id: str
    user_id: str
    user_name: str
    session_id: str | None
    changes: list[Change]
    timestamp: datetime
    fingerprint: str
    author_id: str | None = None
    author_name: str | None = None
    thread_id: str | None = None

    @classmethod
    def of(cls, committed: CommittedOperation) -> NewsOperation:
        return cls(
            committed.version,
            committed.operation_id,
            committed.user_id,
            committed.user_name,
            committed.session_id,
            pack(committed.components),
            committed.timestamp,
            committed.fingerprint,
            committed.author_id,
            committed.author_name,
            committed.thread_id,
        )

    def committed(self) -> CommittedOperation:
        """The committed operation, as the document takes it."""
        return CommittedOperation(
            self.version,
            self.operation_id,
            self.user_id,
            self.user_name,
            self.session_id,
            operation_of(self.changes),
            unpack(self.changes),
            self.timestamp,
            self.fingerprint,
            self.author_id,
            self.author_name,
            self.thread_id,
        )


class Committed(Struct, frozen=True, tag="committed"):
    """Operations that are in the log of the history ``epoch``, in order of versions and without a gap."""

    epoch: str
    lines: list[NewsOperation]

    @classmethod
    def of(cls, epoch: str, operations: Iterable[CommittedOperation]) -> Committed:
        return cls(epoch, [NewsOperation.of(operation) for operation in operations])

    def operations(self) -> Sequence[CommittedOperation]:
        """The operations, as the document takes them."""
        return [line.committed() for line in self.lines]


SPEC: Final = "spec"
"""The `Changed.what` for a spec's record, and for a spec that was deleted."""

OPERATIONS: Final = "operations"
"""The `Changed.what` for the log; used only if the operations are too large for `Committed`."""

ACCESS: Final = "access"
"""The `Changed.what` for the access list."""

THREADS: Final = "threads"
"""The `Changed.what` for the threads; `Changed.version` is the spec's ``threads_version``."""


class Changed(Struct, frozen=True, tag="changed"):
    """A stored part of the spec has changed and is now at ``version``. Servers with an older version read it again.

    This kind of news serves every part of a spec: a new feature adds a ``what``, and no kind of news. The first
    release sent neither field; the default of ``what`` then means that anything may have changed. ``version`` is 0
    if it is unknown.
    """

    what: str = SPEC
    version: int = 0


class Attendee(Struct, frozen=True):
    """A session on another server. ``cursor`` is a position in the text of ``version``.

    ``color`` is the one that its server has chosen for the user; servers of older releases choose none.
    """

    session_id: str
    user: User
    joined_at: datetime
    cursor: Cursor | None = None
    version: int = 0
    color: str = ""


class Joined(Struct, frozen=True, tag="joined"):
    """A session has joined; or, of one that is known already, its color is another one now."""

    attendee: Attendee


class Left(Struct, frozen=True, tag="left"):
    """A session has ended, or has moved to the server that says so, and has to end where it was."""

    session_id: str


class Moved(Struct, frozen=True, tag="moved"):
    """A session's cursor has moved. ``cursor`` is a position in the text of ``version``.

    ``draft`` is the protocol's draft object as JSON, empty where the session has none. ``summon``: its user asks
    everybody to come to the cursor.
    """

    session_id: str
    cursor: Cursor | None
    version: int
    draft: bytes = b""
    summon: bool = False


class Roster(Struct, frozen=True, tag="roster"):
    """All sessions of a spec on other servers, in order of joining. A session that is not in it has ended."""

    attendees: list[Attendee]


class Missed(Struct, frozen=True, tag="missed"):
    """Some news may have been lost, so the subscriber reads the database. Created by the bus, never published."""


News = Committed | Changed | Joined | Left | Moved
"""What a server publishes."""

Heard = News | Roster | Missed
"""What a subscriber receives."""


def roster_of(attendees: Iterable[Attendee]) -> Roster:
    """A roster of ``attendees``, sorted by the time of joining."""
    return Roster(sorted(attendees, key=lambda attendee: (attendee.joined_at, attendee.session_id)))


def apply_news(attendees: dict[str, Attendee], news: Heard) -> None:
    """Update ``attendees``, a dictionary by session id, with the news."""
    match news:
        case Joined(attendee):
            attendees[attendee.session_id] = attendee
        case Left(session_id):
            attendees.pop(session_id, None)
        case Moved(session_id, cursor, version) if session_id in attendees:
            attendees[session_id] = replace(attendees[session_id], cursor=cursor, version=version)
        case _:
            pass
