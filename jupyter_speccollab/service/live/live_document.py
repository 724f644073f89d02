"""A live document: one spec that people have open, and everything they are told about it."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_speccollab.bus.news import Committed, Moved
from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import (
    OperationTooLarge,
    RateLimited,
    SpecCollabError,
    StoreUnavailable,
    VersionConflict,
)
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.messages import (
    CursorUpdate,
    JoinSession,
    RequestSync,
    SendOperation,
)
from jupyter_speccollab.service.access.roles import check, not_found
from jupyter_speccollab.service.history.snapshots import Snapshots
from jupyter_speccollab.service.live.catch_up import CatchUp
from jupyter_speccollab.service.live.committer import Advance, Committer
from jupyter_speccollab.service.live.other_servers import OtherServers
from jupyter_speccollab.service.live.queued import Accepted, Outcome, QueuedSubmission
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.live.staging import Staging
from jupyter_speccollab.service.presence.attendance import Attendance
from jupyter_speccollab.service.presence.cursor_relay import CursorRelay
from jupyter_speccollab.service.presence.session import Event, Outbox, Session
from jupyter_speccollab.store.base import SpecMissing, SpecRecord, Stand


class LiveDocument:
    """Sessions around a document: who joins and leaves, what each is sent, and when.

    Everything that a session is sent about versions goes out within one turn of the event loop, in order of
    versions, so that each session's stream has no gap (protocol, section 3, rule 1).
    """

    def __init__(self, document: Document, shared: Shared, granted: AccessList, snapshots: Snapshots) -> None:
        self.document = document
        self.attendance = Attendance(document, shared, self._gone, self._show_cursor)
        self.snapshots = snapshots
        self.over = False
        self._shared = shared
        self._catch_up = CatchUp(document, shared.store)
        self._relay = CursorRelay(
            shared.limits.cursor_updates_per_second, shared.monotonic, self._send_cursor
        )
        self.committer = Committer(
            document,
            shared.store,
            Staging(
                document,
                shared.store,
                document_length=shared.limits.document_length,
                max_stale_versions=shared.limits.max_stale_versions,
                clock=shared.clock,
                role_of=self.role_of,
            ),
            granted=granted,
            metrics=shared.metrics,
            advanced=self._advanced,
            ended=self.end,
            replaced=self.restart,
            access_changed=self._access_changed,
        )
        self.other_servers = OtherServers(document, self.attendance, self.committer)

    # joining and leaving ----------------------------------------------------------------------------------

    async def join(
        self,
        caller: Caller,
        outbox: Outbox,
        request: JoinSession,
        current: Session | None,
        connected_elsewhere: int = 0,
    ) -> Session:
        """Let a connection in: as a new session, a resumed one, or (``current``) a resync of its own.

        ``connected_elsewhere``: how many the user has in this spec on other servers. Raises `SpecNotFound`,
        `TooManySessions`, `SpecFull`, `StoreUnavailable`.
        """
        await self.up_to_date()
        log = await self._catch_up.log(self._resumes_from(request))
        role = self.role_of(caller)
        check(role, Role.VIEWER)
        session = self.attendance.join(caller, role, outbox, request, current, connected_elsewhere)
        return self._welcome(session, request, log)

    def end(self) -> None:
        """The spec was deleted: tell everybody and close their connections."""
        self.over = True
        self.snapshots.abandon()
        event = Event.of("document_deleted", {"specId": self.document.spec_id})
        self.attendance.dismiss(4404, "This spec was deleted.", event)

    def restart(self) -> None:
        """The history is another one now: close the connections, for everybody to join what is there."""
        self.over = True
        self.snapshots.abandon()
        self.attendance.dismiss(1001, "The history of this spec is another one now.")

    def stands_at(self, stand: Stand | None) -> bool:
        """Whether this is how the document is here; ``None`` for a spec that is not in the store."""
        document = self.document
        return stand == Stand(document.version, document.epoch, self.committer.granted.version)

    async def up_to_date(self) -> SpecRecord:
        """Take over what was committed and granted elsewhere by now. Raises `SpecNotFound`, `StoreUnavailable`.

        Law: on return nothing here is older than what the database had when it was called
        (``tests/service/live/test_documents.py``).
        """
        try:
            record = await self._shared.store.spec(self.document.spec_id)
        except SpecMissing:
            raise not_found() from None
        if record.version > self.document.version or record.access_version != self.committer.granted.version:
            await self.committer.caught_up()
        if record.version > self.document.version or record.access_version > self.committer.granted.version:
            raise StoreUnavailable("What others wrote can't be read now; try again.")
        return record

    async def _reach(self, version: int | None) -> None:
        """Whoever was told of ``version`` by another server is not told here that it is none."""
        if version is not None and version > self.document.version:
            await self.up_to_date()

    def _resumes_from(self, request: JoinSession) -> int | None:
        """The version that a resuming client knows of this history, or ``None``."""
        return request.last_known_version if request.epoch in (None, self.document.epoch) else None

    def _welcome(self, session: Session, request: JoinSession, log: Sequence[CommittedOperation]) -> Session:
        document = self.document
        session.sent_version = document.version
        session.send(
            Event.of(
                "session_joined",
                {
                    "specId": document.spec_id,
                    "sessionId": session.session_id,
                    "epoch": document.epoch,
                    "version": document.version,
                    "role": session.role.label,
                    "activeUsers": self.attendance.presence.active_users(document),
                    "limits": self._shared.limits.to_wire(),
                    **self._catch_up.sent(self._resumes_from(request), log),
                },
            )
        )
        return session

    def _gone(self, session: Session) -> None:
        self._relay.forget(session.session_id)
        if not self.attendance.sessions:
            self.snapshots.soon()

    # roles ------------------------------------------------------------------------------------------------

    def role_of(self, caller: Caller) -> Role:
        """What ``caller`` is here, as far as this server knows."""
        return self._shared.access.role(caller, self.committer.granted)

    def renew(self, session: Session, caller: Caller) -> None:
        """The session goes on with other credentials of its user."""
        session.caller = caller
        self.attendance.update_role(session, self.role_of(caller))

    def _access_changed(self) -> None:
        for session in list(self.attendance):
            self.attendance.update_role(session, self.role_of(session.caller))

    # operations -------------------------------------------------------------------------------------------

    def submit(self, session: Session, message: SendOperation) -> None:
        """Take a session's operation; its answer comes as an event."""
        submission = Submission(
            operation_id=message.operation_id,
            user=session.user,
            base_version=message.version,
            operations=message.operations,
            fingerprint=message.fingerprint,
            session_id=session.session_id,
            cursor=message.cursor,
        )
        known = self.document.window.find(message.operation_id) is not None
        refusal = None if known else self._refusal(session, message)
        counted = not known and not isinstance(refusal, RateLimited)

        arrived = self._shared.monotonic()

        def told(outcome: Outcome) -> None:
            self._measure(outcome, arrived)
            self._answer(session, message, outcome, counted)

        self.committer.submit(QueuedSubmission(submission, session.caller, told, refusal))

    def _refusal(self, session: Session, message: SendOperation) -> SpecCollabError | None:
        """Why the operation is refused, whatever it holds, unless it turns out to be a repeat."""
        limits, limiter, now = self._shared.limits, self._shared.limiter, self._shared.monotonic()
        user_id = session.user.user_id
        if not limiter.take(user_id, now):
            _, wait = limiter.remaining(user_id, now)
            return RateLimited(
                f"More than {limits.operations_per_minute} edits in a minute. Wait and send it again.",
                retryAfterMs=max(1, round(wait * 1000)),
            )
        if message.fault is not None:
            return message.fault
        if message.size > limits.operation_length:
            return OperationTooLarge(
                f"An operation may be {limits.operation_length:,} characters long; this one has "
                f"{message.size:,}. Send it in parts."
            )
        return None

    def _measure(self, outcome: Outcome, arrived: float) -> None:
        metrics = self._shared.metrics
        if isinstance(outcome, Accepted):
            metrics.answer_seconds.observe(self._shared.monotonic() - arrived)
        else:
            metrics.refusals.labels(outcome.error.code).inc()

    def _answer(self, session: Session, message: SendOperation, outcome: Outcome, counted: bool) -> None:
        limiter, user_id = self._shared.limiter, session.user.user_id
        operation_id = message.named
        if isinstance(outcome, Accepted):
            if outcome.repeat and counted:
                limiter.give_back(user_id)
            remaining, reset = limiter.remaining(user_id, self._shared.monotonic())
            session.send(
                Event.of(
                    "operation_ack", events.acknowledged(operation_id, outcome.version, remaining, reset)
                )
            )
        elif isinstance(outcome.error, VersionConflict):
            named, base = message.named, message.version
            session.when_clear(lambda: self._send_conflict(session, named, base))
        else:
            spec_id, audit = self.document.spec_id, self._shared.access.audit
            audit.refused(outcome.error, session.caller, spec_id, operationId=message.operation_id)
            refusal = events.refused(operation_id, outcome.error, self.document.version)
            session.send(Event.of("operation_ack", refusal))

    def _send_conflict(self, session: Session, operation_id: str, base: int) -> None:
        """What came since, for the client to transform over; where that is too much, the text follows."""
        current = self.document.version
        since = self._catch_up.since(base, ())
        event = events.version_conflict(operation_id, base, current, since or ())
        session.send(Event.of("version_conflict", event))
        if since is None:
            self._send_sync(session, None, ())

    def _advanced(self, advances: Sequence[Advance]) -> None:
        """Send what was committed, in order: the ack to its session, the operation to all others."""
        for advance in advances:
            committed, entry = advance.committed, advance.entry
            broadcast = Event.of("remote_operation", events.remote_operation(committed))
            author = entry.submission.session_id if entry is not None else None
            for session in self.attendance:
                session.sent_version = committed.version
                if session.session_id != author:
                    session.send(broadcast)
            if entry is not None:
                entry.answer(Accepted(committed.version, advance.is_repeat))
            if advance.cursor is not None and author in self.attendance.sessions:
                self._moved(self.attendance.sessions[author], advance.cursor, committed.version)
        self._catch_up.forget()
        self.attendance.presence.follow(self.document)
        self.other_servers.advanced()
        self._publish([advance.committed for advance in advances if advance.entry is not None])
        self.snapshots.advanced(self.document, [advance.committed for advance in advances])

    def _publish(self, made_here: Sequence[CommittedOperation]) -> None:
        self._shared.metrics.operations.inc(len(made_here))
        if made_here and self._shared.bus.is_shared:
            self._shared.bus.publish(self.document.spec_id, Committed.of(self.document.epoch, made_here))

    # cursors ----------------------------------------------------------------------------------------------

    def move_cursor(self, session: Session, message: CursorUpdate) -> None:
        """Take a session's cursor. Raises `VersionConflict` for a version that it can't know."""
        version = session.sent_version if message.version is None else message.version
        if version > session.sent_version:
            raise self._impossible(version)
        self._moved(session, message.cursor.cursor() if message.cursor else None, version)

    def _moved(self, session: Session, cursor: Cursor | None, version: int) -> None:
        self.attendance.presence.move(session.session_id, cursor, version, self.document)
        self._shared.session_rows.moved(session.session_id, cursor)
        self._relay.offer(session, cursor, version)

    def _send_cursor(self, session: Session, cursor: Cursor | None, version: int) -> None:
        self._show_cursor(session.user, session.session_id, cursor, version)
        self._shared.bus.publish(self.document.spec_id, Moved(session.session_id, cursor, version))

    def _show_cursor(self, user: User, session_id: str, cursor: Cursor | None, version: int) -> None:
        """Tell all sessions here but its own."""
        data = events.remote_cursor(user, session_id, cursor, version)
        by_name: dict[str, Event] = {}
        for other in self.attendance:
            if other.session_id == session_id:
                continue
            name = other.cursor_event
            if name not in by_name:
                by_name[name] = Event.of(name, data)
            other.send(by_name[name])

    # syncing ----------------------------------------------------------------------------------------------

    async def sync(self, session: Session, message: RequestSync) -> None:
        """Answer ``request_sync``."""
        await self._reach(message.last_known_version)
        version = None if message.content else message.last_known_version
        log = await self._catch_up.log(version)
        session.when_clear(lambda: self._send_sync(session, version, log))

    def _send_sync(self, session: Session, version: int | None, log: Sequence[CommittedOperation]) -> None:
        document = self.document
        session.sent_version = document.version
        session.send(
            Event.of(
                "sync",
                {
                    "version": document.version,
                    "epoch": document.epoch,
                    **self._catch_up.sent(version, log),
                },
            )
        )

    def _impossible(self, version: int) -> VersionConflict:
        current = self.document.version
        return VersionConflict(
            f"Version {version} was never sent to this session; the document is at {current}. Ask for a sync.",
            currentVersion=current,
        )
