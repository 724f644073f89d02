"""News: what one server tells the others about a spec.

News may be lost. Operations and everything else that is stored are then read from the database, and people come
with the next roster.

Servers of different releases share a bus during an upgrade. A release may add a kind of news, a ``what`` of
`Changed`, and fields with defaults; it must not change or remove a field. Older servers skip what they do not
know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

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
        )


class Committed(Struct, frozen=True, tag="committed"):
    """These operations are in the log of the history ``epoch``: in order of versions, without a gap."""

    epoch: str
    lines: list[NewsOperation]

    @classmethod
    def of(cls, epoch: str, operations: Iterable[CommittedOperation]) -> Committed:
        return cls(epoch, [NewsOperation.of(operation) for operation in operations])

    def operations(self) -> Sequence[CommittedOperation]:
        """The operations, as the document takes them."""
        return [line.committed() for line in self.lines]


SPEC: Final = "spec"
"""The `Changed.what` of a spec's entry, and of a spec that was deleted."""

OPERATIONS: Final = "operations"
"""The `Changed.what` of the log; `Committed` takes its place where the operations fit."""

ACCESS: Final = "access"
"""The `Changed.what` of the access list."""


class Changed(Struct, frozen=True, tag="changed"):
    """Something that belongs to the spec is now stored at ``version``: read it again unless you have that version.

    This is the only kind of news for all that hangs on a spec: another feature needs another ``what``, no kind of
    its own. ``what`` has this default because the first release sent neither field; such news say that anything
    may have changed. ``version`` is 0 where it is not known.
    """

    what: str = SPEC
    version: int = 0


class Attendee(Struct, frozen=True):
    """A session on another server; ``cursor`` holds at ``version``."""

    session_id: str
    user: User
    joined_at: datetime
    cursor: Cursor | None = None
    version: int = 0


class Joined(Struct, frozen=True, tag="joined"):
    """A session has joined."""

    attendee: Attendee


class Left(Struct, frozen=True, tag="left"):
    """A session has ended."""

    session_id: str


class Moved(Struct, frozen=True, tag="moved"):
    """A session's cursor has moved; ``cursor`` holds at ``version``."""

    session_id: str
    cursor: Cursor | None
    version: int


class Roster(Struct, frozen=True, tag="roster"):
    """All sessions of a spec on other servers, in order of joining. A session that is not in it has ended."""

    attendees: list[Attendee]


class Missed(Struct, frozen=True, tag="missed"):
    """Some news may have been lost: read the database. A bus makes this itself; it is never published."""


News = Committed | Changed | Joined | Left | Moved
"""What a server publishes."""

Heard = News | Roster | Missed
"""What a subscriber receives."""


def roster_of(attendees: Iterable[Attendee]) -> Roster:
    """A roster of ``attendees``, put in order of joining."""
    return Roster(sorted(attendees, key=lambda attendee: (attendee.joined_at, attendee.session_id)))


def apply_news(attendees: dict[str, Attendee], news: Heard) -> None:
    """Update ``attendees``, a dictionary by session id, by what ``news`` says about them."""
    match news:
        case Joined(attendee):
            attendees[attendee.session_id] = attendee
        case Left(session_id):
            attendees.pop(session_id, None)
        case Moved(session_id, cursor, version) if session_id in attendees:
            old = attendees[session_id]
            attendees[session_id] = Attendee(session_id, old.user, old.joined_at, cursor, version)
        case _:
            pass
