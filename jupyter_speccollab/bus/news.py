"""News: what one server tells the others of a spec.

News may be lost, and then is made good: operations from the database, people from the next roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.user import User
from jupyter_speccollab.text import Change, operation_of, pack, unpack


class NewsOperation(Struct, frozen=True, array_like=True):
    """A committed operation on its way, as it stands in the log."""

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
        """The operation again."""
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
    """These operations are in the log of the history ``epoch``, in order of versions, without a gap."""

    epoch: str
    lines: list[NewsOperation]

    @classmethod
    def of(cls, epoch: str, operations: Iterable[CommittedOperation]) -> Committed:
        return cls(epoch, [NewsOperation.of(operation) for operation in operations])

    def operations(self) -> Sequence[CommittedOperation]:
        """What was committed."""
        return [line.committed() for line in self.lines]


class Changed(Struct, frozen=True, tag="changed"):
    """Look at the database: there is a new access list, a deletion, or more than news can carry."""


class Attendee(Struct, frozen=True):
    """A session on another server; ``cursor`` holds at ``version``."""

    session_id: str
    user: User
    joined_at: datetime
    cursor: Cursor | None = None
    version: int = 0


class Joined(Struct, frozen=True, tag="joined"):
    """A session is there."""

    attendee: Attendee


class Left(Struct, frozen=True, tag="left"):
    """A session has ended."""

    session_id: str


class Moved(Struct, frozen=True, tag="moved"):
    """A session's cursor is here at ``version``."""

    session_id: str
    cursor: Cursor | None
    version: int


class Roster(Struct, frozen=True, tag="roster"):
    """All sessions of a spec on other servers, in order of joining: whoever is not named is gone."""

    attendees: list[Attendee]


class Missed(Struct, frozen=True, tag="missed"):
    """Some news may have been lost: look at the database. Made here, never sent."""


News = Committed | Changed | Joined | Left | Moved
"""What is published."""

Heard = News | Roster | Missed
"""What is heard."""


def roster_of(attendees: Iterable[Attendee]) -> Roster:
    """In order of joining."""
    return Roster(sorted(attendees, key=lambda attendee: (attendee.joined_at, attendee.session_id)))


def follow(attendees: dict[str, Attendee], news: Any) -> None:
    """Bring ``attendees``, by session id, up to what ``news`` says of them."""
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
