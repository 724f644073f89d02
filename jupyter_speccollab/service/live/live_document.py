"""A live document: one open spec, its sessions, and what is sent to them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from jupyter_speccollab.bus.news import THREADS, Committed, Moved
from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import (
    OperationOutgrown,
    OperationTooLarge,
    RateLimited,
    SpecCollabError,
    StoreUnavailable,
    VersionConflict,
)
from jupyter_speccollab.protocol import events
from jupyter_speccollab.protocol.messages import ATTACHMENTS, JoinSession, RequestSync, SendOperation
from jupyter_speccollab.service.access.grants import Grants
from jupyter_speccollab.service.access.roles import check, not_found
from jupyter_speccollab.service.live.catch_up import CatchUp
from jupyter_speccollab.service.live.committer import Committer
from jupyter_speccollab.service.live.cursors import Cursors
from jupyter_speccollab.service.live.entry import Entry
from jupyter_speccollab.service.live.live_threads import LiveThreads
from jupyter_speccollab.service.live.log_follower import Advance
from jupyter_speccollab.service.live.other_servers import OtherServers
from jupyter_speccollab.service.live.queued import Accepted, Outcome, QueuedSubmission
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.live.snapshots import Snapshots
from jupyter_speccollab.service.live.staging import Staging
from jupyter_speccollab.service.presence.attendance import Attendance
from jupyter_speccollab.service.presence.session import Event, Outbox, Session
from jupyter_speccollab.store.base import SpecMissing, SpecRecord, SpecState


class DocumentClosed(Exception):
    """The document was closed while a caller waited. Opening the spec again tells whether it still exists."""


class LiveDocument:
    """The sessions of a document: they join and leave, submit operations, and receive those of others.

    All events about a new version are sent before the event loop runs anything else, in order of versions, so that
    each session's stream has no gap (protocol, section 3, rule 1).
    """

    def __init__(
        self,
        document: Document,
        shared: Shared,
        record: SpecRecord,
        access_list: AccessList,
        snapshots: Snapshots,
    ) -> None:
        self.document = document
        self.snapshots = snapshots
        self.is_closed = False
        self._shared = shared
        self.entry = Entry(record, self._entry_changed)
        self.grants = Grants(shared.store, shared.access, access_list, self._access_changed)
        self.attendance = Attendance(
            document,
            limits=shared.limits,
            bus=shared.bus,
            connections=shared.connections,
            session_rows=shared.session_rows,
            audit=shared.access.audit,
            metrics=shared.metrics,
            clock=shared.clock,
            session_ended=self._session_ended,
            interrupted=self._interrupted,
            cursor_moved=self._cursor_moved,
        )
        self.cursors = Cursors(document, self.attendance, shared)
        self._catch_up = CatchUp(document, shared.store)
        self.committer = Committer(
            document,
            shared.store,
            self.grants,
            Staging(
                document,
                shared.store,
                self.grants,
                document_length=shared.limits.document_length,
                max_stale_versions=shared.limits.max_stale_versions,
                clock=shared.clock,
            ),
            metrics=shared.metrics,
            slices=shared.slices,
            advanced=self._advanced,
            ended=self.end,
            replaced=self.restart,
            record_read=self._record_read,
        )
        self.threads = LiveThreads(
            document,
            self.attendance,
            shared.store,
            shared.bus,
            self.grants,
            record.threads_version,
            self.committer.catch_up,
        )
        self.other_servers = OtherServers(document, self.attendance, self.committer, self.grants, self.entry)
        self.other_servers.register(THREADS, self.threads.see)

    # joining and leaving ----------------------------------------------------------------------------------

    async def join(
        self,
        caller: Caller,
        outbox: Outbox,
        request: JoinSession,
        current: Session | None,
        connected_elsewhere: int = 0,
    ) -> Session:
        """Let a connection join: as a new session, a resumed one, or (``current``) again in its own.

        ``connected_elsewhere``: how many sessions the user has in this spec on other servers. Raises
        `SpecNotFound`, `TooManySessions`, `SpecFull`, `StoreUnavailable`; `DocumentClosed` if the spec was deleted,
        or its history replaced, meanwhile.
        """
        await self.catch_up()
        log = await self._catch_up.read_log(self._resumes_from(request))
        if self.is_closed:
            raise DocumentClosed
        role = self.grants.role_of(caller)
        check(role, Role.VIEWER)
        session = self.attendance.join(caller, role, outbox, request, current, connected_elsewhere)
        self._send_joined(session, request, log)
        return session

    def end(self) -> None:
        """The spec was deleted: tell all sessions, and close their connections."""
        self.is_closed = True
        self.snapshots.abandon()
        event = Event.of("document_deleted", {"specId": self.document.spec_id})
        self.attendance.dismiss(4404, "This spec was deleted.", event)

    def restart(self) -> None:
        """The history was replaced: close all connections, so that the clients join again."""
        self.is_closed = True
        self.snapshots.abandon()
        self.attendance.dismiss(1001, "The history of this spec was replaced.")

    def stands_at(self, stand: SpecState | None) -> bool:
        """Whether the store has the same versions as this server; ``None`` if the spec is not in the store."""
        document = self.document
        versions = self.grants.version, self.entry.version, self.threads.version
        return stand == SpecState(document.version, document.epoch, *versions)

    async def catch_up(self) -> SpecRecord:
        """Read what other servers have committed and granted. Raises `SpecNotFound`, `StoreUnavailable`.

        Law: on return the document and the access list are no older than in the database at the time of the call
        (``tests/service/live/test_documents.py``).
        """
        try:
            record = await self._shared.store.spec(self.document.spec_id)
        except SpecMissing:
            raise not_found() from None
        self._record_read(record)
        is_other = record.epoch != self.document.epoch
        if is_other or record.version > self.document.version or record.access_version != self.grants.version:
            await self.committer.catch_up()
        if is_other or record.version > self.document.version or record.access_version > self.grants.version:
            raise StoreUnavailable("The latest edits of others can't be read now; try again.")
        return record

    def _record_read(self, record: SpecRecord) -> None:
        self.entry.see(record)
        if record.epoch == self.document.epoch:
            self.threads.see(record.threads_version)

    def _resumes_from(self, request: JoinSession) -> int | None:
        """The last version that a resuming client has of this history, or ``None``."""
        return request.last_known_version if request.epoch in (None, self.document.epoch) else None

    def _send_joined(self, session: Session, request: JoinSession, log: Sequence[CommittedOperation]) -> None:
        document = self.document
        session.sent_version = document.version
        stands = {"threadsVersion": self.threads.version, "verdictsVersion": 0}
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
                    "limits": self._shared.limits.to_wire(attachments=ATTACHMENTS in session.features),
                    **({} if request.features is UNSET else stands),
                    **self._catch_up.state(self._resumes_from(request), log),
                },
            )
        )

    def _entry_changed(self, record: SpecRecord) -> None:
        changed = Event.of("spec_changed", events.spec_changed(record.entry, record.modified_at))
        for session in self.attendance:
            session.send(changed)

    def _interrupted(self, session: Session) -> None:
        self.cursors.end_draft(session)

    def _cursor_moved(self, user: User, session_id: str, moved: Moved) -> None:
        self.cursors.show(user, session_id, moved)

    def _session_ended(self, session: Session) -> None:
        self.cursors.forget(session)
        if not self.attendance.sessions:
            self.snapshots.soon()

    # roles ------------------------------------------------------------------------------------------------

    def renew(self, session: Session, caller: Caller) -> None:
        """Continue a session with other credentials of its user."""
        session.caller = caller
        self.attendance.update_role(session, self.grants.role_of(caller))

    def _access_changed(self) -> None:
        for session in list(self.attendance):
            self.attendance.update_role(session, self.grants.role_of(session.caller))
            if session.role < Role.CONTRIBUTOR:
                self.cursors.end_draft(session)

    # operations -------------------------------------------------------------------------------------------

    def submit(self, session: Session, message: SendOperation) -> None:
        """Queue a session's operation. The session is sent the outcome as an event."""
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

        def on_outcome(outcome: Outcome) -> None:
            self._measure(outcome, arrived)
            self._answer(session, message, outcome, counted)
            if message.cursor is not None and not isinstance(outcome, Accepted):
                self.cursors.refused(session, drafts)

        drafts = session.drafts
        self.committer.submit(
            QueuedSubmission(submission, session.caller, on_outcome, refusal, drafts=drafts)
        )

    def _refusal(self, session: Session, message: SendOperation) -> SpecCollabError | None:
        """Why the operation is refused before it is transformed, unless it turns out to be a repeat."""
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
        return self._shared.quotas.refusal_of_edit(session.user, self.entry.created_by)

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
            whole = isinstance(outcome.error, OperationOutgrown)
            session.when_clear(lambda: self._send_conflict(session, named, base, whole))
        else:
            spec_id, audit = self.document.spec_id, self._shared.access.audit
            audit.refused(outcome.error, session.caller, spec_id, operationId=message.operation_id)
            refusal = events.refused(operation_id, outcome.error, self.document.version)
            session.send(Event.of("operation_ack", refusal))

    def _send_conflict(self, session: Session, operation_id: str, base: int, whole: bool) -> None:
        """Send the operations since ``base``, for the client to transform over; the text, if they are too many.

        ``whole``: always send the text.
        """
        current = self.document.version
        since = None if whole else self._catch_up.since(base, ())
        event = events.version_conflict(operation_id, base, current, since or ())
        session.send(Event.of("version_conflict", event))
        if since is None:
            self._send_sync(session, None, ())

    def _advanced(self, advances: Sequence[Advance]) -> None:
        """Send what was committed, in order: the ack to its session, the operation to all others.

        A session whose submission was refused while the database did not answer gets the operation as well.
        """
        for queued, reached in advances:
            committed = reached.committed
            broadcast = Event.of("remote_operation", events.remote_operation(committed))
            awaits_ack = queued is not None and queued.outcome is None
            author = queued.submission.session_id if queued is not None and awaits_ack else None
            for session in self.attendance:
                session.sent_version = committed.version
                if session.session_id != author:
                    session.send(broadcast)
            if queued is not None:
                queued.answer(Accepted(committed.version, queued.is_repeat))
            if queued is not None and reached.cursor is not None and author in self.attendance.sessions:
                session = self.attendance.sessions[author]
                self.cursors.committed(session, reached.cursor, committed.version, queued.drafts)
        self._catch_up.text_changed()
        self.attendance.presence.follow(self.document)
        self.other_servers.show_early_cursors()
        self._publish([reached.committed for queued, reached in advances if queued is not None])
        self.snapshots.advanced(self.document, [reached.committed for _, reached in advances])
        self.threads.advanced()

    def _publish(self, made_here: Sequence[CommittedOperation]) -> None:
        self._shared.metrics.operations.inc(len(made_here))
        if made_here and self._shared.bus.is_shared:
            self._shared.bus.publish(self.document.spec_id, Committed.of(self.document.epoch, made_here))

    # syncing ----------------------------------------------------------------------------------------------

    async def sync(self, session: Session, message: RequestSync) -> None:
        """Answer ``request_sync`` with a ``sync``, once the connection has room for it."""
        await self.catch_up()
        version = None if message.content else message.last_known_version
        log = await self._catch_up.read_log(version)
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
                    **self._catch_up.state(version, log),
                },
            )
        )
