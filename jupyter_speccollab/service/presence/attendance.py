"""The attendance of one document: its sessions on all servers, and what others are told about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.news import Attendee, Joined, Left, Moved
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.presence import Participant, Presence
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecFull, TooManySessions
from jupyter_speccollab.protocol.messages import FEATURES, JoinSession
from jupyter_speccollab.service.access.audit import Audit, AuditedAction
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.presence.connection_count import ConnectionCount
from jupyter_speccollab.service.presence.session import Event, Outbox, Session
from jupyter_speccollab.service.presence.session_rows import SessionRows

GOES_ON: Final = "This session goes on in another connection."
"""Why the connection of a session that was resumed, here or on another server, is closed."""

LINGER: Final = 15.0
"""Seconds for which a session stays listed, and can be resumed, after its connection was lost."""


class Attendance:
    """Adds, resumes and removes sessions, and tells all others in the document about it.

    ``session_ended`` is called for each session of this server that has ended, ``interrupted`` for each that has
    lost its connection or continues in another one. ``cursor_moved`` is called with a user, a session and what it
    sent, when others on this server are to be shown that.
    """

    def __init__(
        self,
        document: Document,
        *,
        limits: Limits,
        bus: Bus,
        connections: ConnectionCount,
        session_rows: SessionRows,
        audit: Audit,
        metrics: Metrics,
        clock: Callable[[], datetime],
        session_ended: Callable[[Session], None],
        interrupted: Callable[[Session], None],
        cursor_moved: Callable[[User, str, Moved], None],
    ) -> None:
        self.presence = Presence()
        self.sessions: dict[str, Session] = {}
        """The sessions of this server."""
        self.elsewhere: set[str] = set()
        """The sessions of other servers, by id."""
        self._document = document
        self._limits = limits
        self._bus = bus
        self._connections = connections
        self._session_rows = session_rows
        self._audit = audit
        self._metrics = metrics
        self._clock = clock
        self._session_ended = session_ended
        self._interrupted = interrupted
        self._cursor_moved = cursor_moved
        self._expiries: dict[str, asyncio.TimerHandle] = {}

    def __iter__(self) -> Iterator[Session]:
        return iter(self.sessions.values())

    def join(
        self,
        caller: Caller,
        role: Role,
        outbox: Outbox,
        request: JoinSession,
        current: Session | None,
        connected_elsewhere: int = 0,
    ) -> Session:
        """Let a connection join: as a new session, a resumed one, or (``current``) again in its own.

        ``connected_elsewhere``: how many sessions the user has in this spec on other servers. Raises
        `TooManySessions`, `SpecFull`.
        """
        session = current or self._resumed(caller.user, request) or self._admit(caller, connected_elsewhere)
        is_new = session.session_id not in self.sessions
        self._attach(session, caller, role, outbox, request)
        if is_new:
            self._enter(session)
        return session

    def resumes(self, user: User, request: JoinSession) -> bool:
        """Whether the request names a session of this user on this server, so that none is added."""
        session = self.sessions.get(request.session_id or "")
        return session is not None and session.user.user_id == user.user_id

    def connected(self, user_id: str) -> int:
        """How many sessions with a connection the user has on this server."""
        return sum(session.user.user_id == user_id and session.outbox is not None for session in self)

    def drop(self, session: Session, outbox: Outbox) -> None:
        """The connection is lost. Unless another has taken the session over, it ends in `LINGER` seconds."""
        if session.outbox is not outbox or session.session_id not in self.sessions:
            return
        session.outbox = None
        self._interrupted(session)
        self._connections.ended(session.user.user_id, session.session_id)
        self._expiries[session.session_id] = asyncio.get_running_loop().call_later(
            LINGER, self.leave, session
        )

    def dismiss(self, code: int, reason: str, last: Event | None = None) -> None:
        """End every session of this server, with a ``last`` event and a close code."""
        for session in list(self):
            if last is not None:
                session.send(last)
            if session.outbox is not None:
                session.outbox.close(code, reason)
            self.leave(session)

    def update_role(self, session: Session, role: Role) -> None:
        """Tell a session its role if that has changed. The session ends if it has no role any more."""
        if role is session.role:
            return
        session.role = role
        session.send(Event.of("role_changed", {"role": role.label if role else None}))
        if role is Role.NONE:
            if session.outbox is not None:
                session.outbox.close(4403, "Your access to this spec was taken away. Ask one of its admins.")
            self.leave(session)

    def leave(self, session: Session) -> None:
        """End the session now."""
        if self.sessions.pop(session.session_id, None) is None:
            return
        if expiry := self._expiries.pop(session.session_id, None):
            expiry.cancel()
        self._session_rows.left(session.session_id)
        self._record("session-left", session)
        self._connections.ended(session.user.user_id, session.session_id)
        self._bus.publish(self._document.spec_id, Left(session.session_id))
        self._session_ended(session)
        self._remove(session.session_id)

    def moved_away(self, session_id: str) -> None:
        """A session, perhaps one of this server, goes on at another server."""
        if session := self.sessions.get(session_id):
            if session.outbox is not None:
                session.outbox.close(4409, GOES_ON)
            self.leave(session)

    # other servers' sessions ------------------------------------------------------------------------------

    def enter_elsewhere(self, participant: Participant) -> None:
        """A session has joined on another server."""
        self.elsewhere.add(participant.session_id)
        self._add(participant)

    def recolor_elsewhere(self, session_id: str, color: str) -> None:
        """The server of such a session has chosen another color for its user."""
        if self.presence.participant(session_id).color != color:
            before = self.presence.colors
            self.presence.recolor(session_id, color)
            self._settle_colors(before, is_told=False)

    def move_elsewhere(self, moved: Moved) -> None:
        """The cursor of such a session has moved; ignored if the session has left."""
        session_id = moved.session_id
        if session_id in self.elsewhere:
            self.presence.move(session_id, moved.cursor, moved.version, self._document)
            self._cursor_moved(self.presence.participant(session_id).user, session_id, moved)

    def leave_elsewhere(self, session_id: str) -> None:
        """Such a session has ended."""
        if session_id in self.elsewhere:
            self.elsewhere.discard(session_id)
            self._remove(session_id)

    def _add(self, participant: Participant) -> None:
        before = self.presence.colors
        user = participant.user
        name = self.presence.shown_name(user.user_id)
        self.presence.add(participant)
        is_told = self.presence.shown_name(user.user_id) != name
        self._settle_colors(before, is_told=is_told)
        if is_told:
            self._tell_joined(user)

    def _tell_joined(self, user: User) -> None:
        """Tell others that a user is here, or is here under another name than before."""
        name = self.presence.shown_name(user.user_id)
        self._tell_others(user, "user_joined", {"userName": name, "cursor": None})

    def _settle_colors(self, before: Mapping[str, str], *, is_told: bool) -> None:
        """Keep for this server's sessions the colors that their users have now.

        The colors of users who were there ``before`` change only if two servers have chosen the same one at the
        same moment. Everybody is told then, unless another event tells them anyway (``is_told``).
        """
        colors = self.presence.colors
        for session_id in self.sessions:
            participant = self.presence.participant(session_id)
            color = colors[participant.user.user_id]
            if participant.color != color:
                self._recolor(participant, color)
        changed = [user_id for user_id, color in before.items() if colors[user_id] != color]
        if changed and not is_told:
            user = self.presence.user(changed[0])
            name = self.presence.shown_name(user.user_id)
            self._tell(user, "user_joined", {"userName": name, "cursor": None}, self.sessions.values())

    def _recolor(self, participant: Participant, color: str) -> None:
        changed = self.presence.recolor(participant.session_id, color)
        self._session_rows.joined(self._document.spec_id, changed)
        self._bus.publish(self._document.spec_id, Joined(self._attendee(changed)))

    def _attendee(self, participant: Participant) -> Attendee:
        document, cursor = self._document, participant.cursor
        if cursor is not None:
            cursor = document.moved(cursor, participant.version)
        return Attendee(
            participant.session_id,
            participant.user,
            participant.joined_at,
            None if cursor is None else cursor.cursor(document.text),
            document.version,
            participant.color,
        )

    def _remove(self, session_id: str) -> None:
        user = self.presence.participant(session_id).user
        name = self.presence.shown_name(user.user_id)
        if self.presence.remove(session_id):
            self._tell_others(user, "user_left", {})
        else:
            self._cursor_moved(user, session_id, Moved(session_id, None, self._document.version))
            if self.presence.shown_name(user.user_id) != name:
                self._tell_joined(user)

    def _resumed(self, user: User, request: JoinSession) -> Session | None:
        """The session that the request names, if it is this user's. Its old connection is closed."""
        if not self.resumes(user, request):
            return None
        session = self.sessions[request.session_id or ""]
        self._metrics.resumed.inc()
        if session.outbox is not None:
            session.outbox.close(4409, GOES_ON)
        return session

    def _admit(self, caller: Caller, connected_elsewhere: int) -> Session:
        """A new session, which no one was told about yet."""
        limits, user = self._limits, caller.user
        if self.connected(user.user_id) + connected_elsewhere >= limits.sessions_per_user:
            raise TooManySessions(
                f"You have this spec open {limits.sessions_per_user} times already. Close one of its tabs."
            )
        users = self.presence.user_ids()
        if user.user_id not in users and len(users) >= limits.users_per_spec:
            raise SpecFull(
                f"{limits.users_per_spec} people are in this spec, as many as it takes. Try again later."
            )
        return Session(str(uuid4()), caller, Role.NONE, None, "", 0)

    def _enter(self, session: Session) -> None:
        self.sessions[session.session_id] = session
        color = self.presence.color_for(session.user.user_id)
        participant = Participant(session.session_id, session.user, self._clock(), color)
        self._session_rows.joined(self._document.spec_id, participant)
        self._record("session-joined", session, role=session.role.label)
        self._add(participant)
        self._bus.publish(self._document.spec_id, Joined(self._attendee(participant)))

    def _attach(
        self, session: Session, caller: Caller, role: Role, outbox: Outbox, request: JoinSession
    ) -> None:
        if expiry := self._expiries.pop(session.session_id, None):
            expiry.cancel()
        if session.session_id in self.sessions:
            self._interrupted(session)
        outbox.batch = request.batch
        session.outbox = outbox
        session.caller, session.role = caller, role
        session.features = FEATURES.intersection(request.features or ())
        session.cursor_event = request.cursor_event or "remote_cursor"
        self._connections.opened(session.user.user_id, session.session_id, self._document.spec_id)

    def _record(self, action: AuditedAction, session: Session, **more: str) -> None:
        spec_id, session_id = self._document.spec_id, session.session_id
        self._audit.record(action, session.caller, spec_id, sessionId=session_id, **more)

    def _tell_others(self, user: User, name: str, data: dict[str, Any]) -> None:
        others = [session for session in self if session.user.user_id != user.user_id]
        self._tell(user, name, data, others)

    def _tell(self, user: User, name: str, data: dict[str, Any], receivers: Iterable[Session]) -> None:
        event = Event.of(
            name,
            {
                "userId": user.user_id,
                **data,
                "activeUsers": self.presence.active_users(self._document),
                "version": self._document.version,
            },
        )
        for session in receivers:
            session.send(event)
