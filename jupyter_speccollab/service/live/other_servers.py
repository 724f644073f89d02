"""Other servers: applies what they publish to a live document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jupyter_speccollab.bus.news import (
    ACCESS,
    OPERATIONS,
    SPEC,
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
from jupyter_speccollab.document.presence import Participant
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.live.committer import Committer
from jupyter_speccollab.service.live.entry import Entry
from jupyter_speccollab.service.presence.attendance import Attendance

MAX_EARLY_CURSORS: Final = 1_000
"""How many cursors are kept that hold at versions which are not here yet."""


class OtherServers:
    """Passes operations to the committer, and sessions and cursors to the attendance.

    A cursor of a later version is kept until the document has reached that version. `Changed` goes to whoever is
    registered for its ``what``; any other ``what`` is ignored, as a newer release may have added it.
    """

    def __init__(
        self,
        document: Document,
        attendance: Attendance,
        committer: Committer,
        grants: Grants,
        entry: Entry,
    ) -> None:
        self._document = document
        self._attendance = attendance
        self._committer = committer
        self._early_cursors: dict[str, Moved] = {}
        self._changed: dict[str, Callable[[int], object]] = {}
        self.register(
            SPEC,  # of version 0 if the spec was deleted
            lambda version: committer.request_catch_up() if not version or version != entry.version else None,
        )
        self.register(OPERATIONS, lambda _: committer.request_catch_up())
        self.register(
            ACCESS, lambda version: committer.request_catch_up() if version != grants.version else None
        )

    def register(self, what: str, changed: Callable[[int], object]) -> None:
        """Call ``changed`` with the new version when another server has changed ``what``, 0 if it is not known."""
        self._changed[what] = changed

    def receive(self, heard: Heard) -> None:
        """Apply what the bus delivers."""
        match heard:
            case Committed():
                self._committer.receive(heard.epoch, heard.operations())
            case Changed(what, version):
                if changed := self._changed.get(what):
                    changed(version)
            case Missed():
                for changed in self._changed.values():
                    changed(0)
            case Joined(attendee):
                self._enter(attendee)
            case Left(session_id):
                self._early_cursors.pop(session_id, None)
                self._attendance.leave_elsewhere(session_id)
                self._attendance.moved_away(session_id)
            case Moved():
                self._move(heard)
            case Roster(attendees):
                here = {attendee.session_id for attendee in attendees}
                for session_id in self._attendance.elsewhere - here:
                    self._attendance.leave_elsewhere(session_id)
                for attendee in attendees:
                    self._enter(attendee)

    def show_early_cursors(self) -> None:
        """Show the cursors that were kept until the document reached their version."""
        version = self._document.version
        for moved in [moved for moved in self._early_cursors.values() if moved.version <= version]:
            del self._early_cursors[moved.session_id]
            self._attendance.move_elsewhere(moved)

    def _enter(self, attendee: Attendee) -> None:
        if attendee.session_id in self._attendance.elsewhere:
            self._attendance.recolor_elsewhere(attendee.session_id, attendee.color)
            return
        self._attendance.enter_elsewhere(
            Participant(attendee.session_id, attendee.user, attendee.joined_at, attendee.color)
        )
        if attendee.cursor is not None:
            self._move(Moved(attendee.session_id, attendee.cursor, attendee.version))

    def _move(self, moved: Moved) -> None:
        self._early_cursors.pop(moved.session_id, None)
        if moved.version <= self._document.version:
            self._attendance.move_elsewhere(moved)
        elif len(self._early_cursors) < MAX_EARLY_CURSORS:
            self._early_cursors[moved.session_id] = moved
