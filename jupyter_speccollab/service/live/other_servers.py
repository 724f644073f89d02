"""OtherServers: what the other servers tell of a live document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jupyter_speccollab.bus.news import (
    Attendee,
    Changed,
    Committed,
    Heard,
    Joined,
    Left,
    Missed,
    Moved,
    Roster,
)
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.service.live.committer import Committer
from jupyter_speccollab.service.presence.attendance import Attendance

AHEAD: Final = 1_000
"""How many cursors of versions that are not here yet are kept."""


class Mailbox:
    """Takes what is heard of a document from before it is read until it is live; then passes it on at once."""

    def __init__(self) -> None:
        self._waiting: list[Heard] = []
        self._hear: Callable[[Heard], None] | None = None

    def __call__(self, heard: Heard) -> None:
        if self._hear is None:
            self._waiting.append(heard)
        else:
            self._hear(heard)

    def open(self, hear: Callable[[Heard], None]) -> None:
        """Pass on what has come, and what will."""
        self._hear = hear
        for heard in self._waiting:
            hear(heard)
        self._waiting.clear()


class OtherServers:
    """Brings news to where they belong: operations to the committer, people and cursors to the attendance.

    A cursor waits until the version at which it holds is here.
    """

    def __init__(self, document: Document, attendance: Attendance, committer: Committer) -> None:
        self._document = document
        self._attendance = attendance
        self._committer = committer
        self._ahead: dict[str, Moved] = {}

    def hear(self, heard: Heard) -> None:
        """Take what was heard."""
        match heard:
            case Committed():
                self._committer.hear(heard.epoch, heard.operations())
            case Changed():
                self._committer.look()
            case Missed():
                self._committer.look()
            case Joined(attendee):
                self._enter(attendee)
            case Left(session_id):
                self._ahead.pop(session_id, None)
                self._attendance.leave_elsewhere(session_id)
            case Moved():
                self._move(heard)
            case Roster(attendees):
                here = {attendee.session_id for attendee in attendees}
                for session_id in self._attendance.elsewhere - here:
                    self._attendance.leave_elsewhere(session_id)
                for attendee in attendees:
                    self._enter(attendee)

    def advanced(self) -> None:
        """The document is at another version: show the cursors that waited for it."""
        for moved in [moved for moved in self._ahead.values() if moved.version <= self._document.version]:
            del self._ahead[moved.session_id]
            self._attendance.move_elsewhere(moved.session_id, moved.cursor, moved.version)

    def _enter(self, attendee: Attendee) -> None:
        if attendee.session_id in self._attendance.elsewhere:
            return
        self._attendance.enter_elsewhere(attendee.session_id, attendee.user, attendee.joined_at)
        if attendee.cursor is not None:
            self._move(Moved(attendee.session_id, attendee.cursor, attendee.version))

    def _move(self, moved: Moved) -> None:
        self._ahead.pop(moved.session_id, None)
        if moved.version <= self._document.version:
            self._attendance.move_elsewhere(moved.session_id, moved.cursor, moved.version)
        elif len(self._ahead) < AHEAD:
            self._ahead[moved.session_id] = moved
