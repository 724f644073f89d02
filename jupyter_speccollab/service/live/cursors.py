"""The cursors and drafts of a live document: takes those of its sessions, and shows them to the others."""

from __future__ import annotations

from typing import Any

from msgspec import Raw

from jupyter_speccollab.bus.news import Moved
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.draft import Draft
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import VersionConflict
from jupyter_speccollab.protocol import codec, events
from jupyter_speccollab.protocol.messages import DRAFTS, SUMMON, CursorUpdate
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.presence.attendance import Attendance
from jupyter_speccollab.service.presence.cursor_relay import CursorRelay, SentCursor
from jupyter_speccollab.service.presence.session import Event, Session

NO_DRAFT = b"null"
"""The JSON of a draft that is none."""


class Cursors:
    """A draft goes along with a cursor, and nothing of it is kept.

    Where a draft does not fit (its form, size or version, or the right to edit), its cursor goes on without it. It
    is looked at when it is sent on, so that one that is replaced before costs nothing.
    """

    def __init__(self, document: Document, attendance: Attendance, shared: Shared) -> None:
        self._document = document
        self._attendance = attendance
        self._shared = shared
        self._relay = CursorRelay(shared.limits.cursor_updates_per_second, shared.monotonic, self._send)

    def update(self, session: Session, message: CursorUpdate) -> None:
        """Move a session's cursor. Raises `VersionConflict` for a version that the session was not sent."""
        version = session.sent_version if message.version is None else message.version
        if version > session.sent_version:
            raise self._never_sent(version)
        may_edit = session.role >= Role.CONTRIBUTOR
        draft = message.draft if may_edit and bytes(message.draft) != NO_DRAFT else None
        if draft is not None:
            session.drafts += 1
        cursor = message.cursor.cursor() if message.cursor else None
        self._move(session, SentCursor(cursor, version, draft, summon=may_edit and message.summon is True))

    def committed(self, session: Session, cursor: Cursor, version: int, drafts: int) -> None:
        """Move the cursor with an operation that was committed as ``version``, which ends the session's draft.

        ``drafts`` is the session's count when the operation came. A draft that came later stands, with its cursor.
        """
        if drafts == session.drafts:
            self._move(session, SentCursor(cursor, version))

    def refused(self, session: Session, drafts: int) -> None:
        """An operation with a cursor was refused; it ends the session's draft as well."""
        if drafts == session.drafts:
            self.end_draft(session)

    def end_draft(self, session: Session) -> None:
        """Tell others that the session has no draft any more, if it has one."""
        self._relay.end_draft(session)

    def forget(self, session: Session) -> None:
        """The session has ended."""
        self._relay.forget(session.session_id)

    def show(self, user: User, session_id: str, moved: Moved) -> None:
        """Send a cursor to all sessions on this server but its own; to each with what it takes of the rest."""
        data = events.remote_cursor(user, session_id, moved.cursor, moved.version)
        rest: dict[str, tuple[str, object]] = {}
        if moved.draft:
            rest[DRAFTS] = "draft", Raw(moved.draft)
        if moved.summon:
            rest[SUMMON] = "summon", True
        by_form: dict[tuple[str, frozenset[str]], Event] = {}
        for other in self._attendance:
            if other.session_id == session_id:
                continue
            form = other.cursor_event, other.features.intersection(rest)
            if form not in by_form:
                more: dict[str, Any] = dict(rest[feature] for feature in form[1])
                by_form[form] = Event.of(other.cursor_event, {**data, **more})
            other.send(by_form[form])

    def _move(self, session: Session, sent: SentCursor) -> None:
        self._attendance.presence.move(session.session_id, sent.cursor, sent.version, self._document)
        self._shared.session_rows.moved(session.session_id, sent.cursor)
        self._relay.offer(session, sent)

    def _send(self, session: Session, sent: SentCursor) -> int:
        """Show a session's cursor to everybody else; returns the size of the draft that went with it, else 0."""
        draft = None if sent.draft is None else self._draft(session, sent.draft)
        encoded = b"" if draft is None else codec.encode_body(draft.to_wire())
        moved = Moved(session.session_id, sent.cursor, sent.version, encoded, sent.summon)
        self.show(session.user, session.session_id, moved)
        self._shared.bus.publish(self._document.spec_id, moved)
        return 0 if draft is None else draft.size

    def _draft(self, session: Session, content: Raw) -> Draft | None:
        """The draft of a session that may still edit, if it can be shown; nothing is read if nobody takes it."""
        takes = any(DRAFTS in other.features for other in self._attendance if other is not session)
        if session.role < Role.CONTRIBUTOR or not (takes or self._shared.bus.is_shared):
            return None
        draft = codec.draft(content)
        return draft if draft is not None and draft.fits(self._document) else None

    def _never_sent(self, version: int) -> VersionConflict:
        current = self._document.version
        return VersionConflict(
            f"Version {version} was never sent to this session; the document is at {current}. Ask for a sync.",
            currentVersion=current,
        )
