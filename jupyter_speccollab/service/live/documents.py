"""The documents that are open on this server."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from jupyter_speccollab.background import in_background
from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.memory import MemoryBus
from jupyter_speccollab.bus.news import ACCESS, SPEC, Changed, Left
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecNotFound, StoreUnavailable, TooManySessions
from jupyter_speccollab.protocol.messages import JoinSession
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.service.live.document_reader import DocumentReader
from jupyter_speccollab.service.live.idle_documents import IdleDocuments
from jupyter_speccollab.service.live.live_document import DocumentClosed, LiveDocument
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.live.sitting_log import SittingLog
from jupyter_speccollab.service.long_texts import LongTexts
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.presence.connection_count import ConnectionCount
from jupyter_speccollab.service.presence.session import Outbox, Session
from jupyter_speccollab.service.presence.session_rows import SessionRows
from jupyter_speccollab.service.quotas import Quotas
from jupyter_speccollab.service.rate_limiter import (
    MARKS,
    REPEATS,
    TOO_MANY_MARKS,
    TOO_MANY_REPEATS,
    TOO_MANY_WRITES,
    Allowance,
    RateLimiter,
    share,
)
from jupyter_speccollab.service.store_watch import StoreWatch
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import (
    SessionRecord,
    SpecRecord,
    Store,
)

POLL: Final = 1.0
"""Seconds between two reads of what other servers committed, for what the bus has lost."""

SHARE: Final = 0.05
"""Seconds between two exchanges of used limits with the other servers."""

SHARE_ALL: Final = 20
"""Of so many exchanges, one is about all users who were active lately, and the others about those active since."""

JOIN_TRIES: Final = 3
"""How often a join opens the document, if it is closed again and again while the join waits."""

PATIENCE: Final = 5.0
"""Seconds that a shutdown waits for commits under way."""

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The clock: the present moment in UTC."""
    return datetime.now(UTC)


class Documents:
    """Opens documents when they are needed, closes them when nobody uses them, and keeps them up to date."""

    def __init__(
        self,
        store: Store,
        limits: Limits,
        access: Access,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        bus: Bus | None = None,
    ) -> None:
        """``clock`` returns the time of day in UTC, ``monotonic`` seconds for limits.

        Without a ``bus``, edits of other servers come from the store alone.
        """
        self.store = store
        self.bus = bus or MemoryBus()
        self.limits = limits
        self.clock = clock
        self._monotonic = monotonic
        self.limiter = RateLimiter(limits.operations_per_minute)
        self.writes = Allowance(limits.writes_per_minute, monotonic, TOO_MANY_WRITES)
        self.repeats = Allowance(REPEATS, monotonic, TOO_MANY_REPEATS)
        self.marks = Allowance(MARKS, monotonic, TOO_MANY_MARKS)
        self.quotas = Quotas(store, limits, monotonic)
        self.long_texts = LongTexts(self.limiter, monotonic)
        self._session_rows = SessionRows(store, clock)
        self.connections = ConnectionCount(self.bus)
        self.workers = Workers()
        self.attributions = Attributions(store, self.workers)
        self.sitting_log = SittingLog(store)
        self.metrics = Metrics()
        self._add_gauges()
        self.store_watch = StoreWatch(store, self.metrics, clock, self._try_to_write)
        self._shared = Shared(
            store=store,
            bus=self.bus,
            access=access,
            limits=limits,
            limiter=self.limiter,
            quotas=self.quotas,
            connections=self.connections,
            session_rows=self._session_rows,
            metrics=self.metrics,
            attributions=self.attributions,
            sitting_log=self.sitting_log,
            clock=clock,
            monotonic=monotonic,
        )
        self._reader = DocumentReader(self._shared, self.change_entry)
        self._open: dict[str, LiveDocument] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._use_counts: dict[str, int] = {}
        self._idle = IdleDocuments(lambda spec_id: self._spawn(self._close_if_unused(spec_id)))
        self._saved_users: dict[str, User] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._started = False
        self._store_is_up = True
        self._starting = asyncio.Lock()

    async def ready(self) -> None:
        """Connect to the store and start the background tasks, unless that is done. Raises `StoreUnavailable`."""
        if self._started:
            return
        async with self._starting:
            if not self._started:
                await self.store.open()
                await self.bus.open()
                self._session_rows.start()
                self._spawn(self._poll())
                if self.bus.is_shared:
                    self._spawn(self._share_limits())
                self._started = True

    async def _try_to_write(self) -> None:
        await self.ready()
        await self.store.probe()

    async def close(self) -> None:
        """Close every connection with 1001, finish commits, take snapshots, and close the bus and the store."""
        await self.store_watch.close()
        if not self._started:
            await self.workers.close()
            return
        for task in self._tasks:
            task.cancel()
        self._idle.clear()
        for live in self._open.values():
            for session in list(live.attendance):
                if session.outbox is not None:
                    session.outbox.close(1001, "The server is shutting down.")
        await asyncio.gather(
            *self._closing, *(self._close_document(live) for live in list(self._open.values()))
        )
        await self.workers.close()
        await self.bus.close()
        with suppress(StoreUnavailable):
            await self._session_rows.close()
        await self.store.close()

    @property
    def open_count(self) -> int:
        """How many documents are open on this server."""
        return len(self._open)

    @property
    def session_count(self) -> int:
        """How many sessions this server has."""
        return sum(len(live.attendance.sessions) for live in self._open.values())

    def _add_gauges(self) -> None:
        def waiting() -> int:
            return sum(live.committer.queue_length() for live in self._open.values())

        gauge = self.metrics.add_gauge
        gauge("documents", "Documents that are open here.", lambda: self.open_count)
        gauge("sessions", "Sessions here.", lambda: self.session_count)
        gauge("waiting_operations", "Operations that wait for their commit.", waiting)
        gauge("specs", "Specs in the database.", lambda: self.quotas.total.specs)
        gauge("stored_bytes", "What all specs store, with their history.", lambda: self.quotas.total.bytes)
        gauge("store_up", "1 while the database answers.", lambda: float(self._store_is_up))
        gauge("bus_up", "1 while other servers are heard, or there are none.", lambda: float(self.bus.is_up))

    async def save_user(self, user: User) -> None:
        """Store a user, before anything that refers to them is stored."""
        await self.ready()
        if self._saved_users.get(user.user_id) != user:
            await self.store.save_user(user)
            self._saved_users[user.user_id] = user

    @asynccontextmanager
    async def use(self, spec_id: str) -> AsyncIterator[LiveDocument]:
        """The live document, which stays open at least as long as the context. Raises `SpecNotFound`."""
        live = await self._acquire(spec_id)
        try:
            yield live
        finally:
            self._release(spec_id)

    async def join(
        self,
        spec_id: str,
        caller: Caller,
        outbox: Outbox,
        request: JoinSession,
        current: Session | None = None,
        socket_id: str | None = None,
    ) -> tuple[LiveDocument, Session]:
        """Let a connection join a document. Raises `SpecNotFound`, `TooManySessions`, `SpecFull`.

        ``socket_id``: the connection is this WebSocket, which counts as one of the user's already.
        """
        for _ in range(JOIN_TRIES):
            async with self.use(spec_id) as live:
                with suppress(DocumentClosed):
                    return live, await self._join(live, caller, outbox, request, current, socket_id)
        raise StoreUnavailable("This spec can't be opened now. Try again.")

    async def _join(
        self,
        live: LiveDocument,
        caller: Caller,
        outbox: Outbox,
        request: JoinSession,
        current: Session | None,
        socket_id: str | None,
    ) -> Session:
        if current is not None or live.attendance.resumes(caller.user, request):
            return await live.join(caller, outbox, request, current)
        user_id, spec_id = caller.user.user_id, live.document.spec_id
        elsewhere = dict(await self.bus.connections_elsewhere(user_id))
        moves = elsewhere.pop(request.session_id or "", None) == spec_id
        if moves:
            self.bus.disconnected(user_id, request.session_id or "")
        others = self.connections.count(user_id, without=socket_id) + len(elsewhere)
        if others >= self.limits.sessions_per_user_in_all:
            raise TooManySessions(
                f"You have {self.limits.sessions_per_user_in_all} sessions open. Close some of them."
            )
        in_this_spec = sum(other == spec_id for other in elsewhere.values())
        session = await live.join(caller, outbox, request, current, in_this_spec)
        if moves:  # ends it where it was; not sooner, so that nobody sees the user leave
            self.bus.publish(spec_id, Left(request.session_id or ""))
        return session

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        """All sessions of these specs on all servers, in order of joining."""
        return await self._session_rows.sessions(spec_ids)

    def live(self, spec_id: str) -> LiveDocument | None:
        """The document, if it is open."""
        return self._open.get(spec_id)

    async def admit(self, caller: Caller, spec_id: str) -> None:
        """Check that the caller may view the spec; by the open document if there is one, as joining asks the store.

        Raises `SpecNotFound`, `StoreUnavailable`.
        """
        live = self._open.get(spec_id)
        if live is None or live.is_closed or live.grants.role_of(caller) < Role.VIEWER:
            await self._shared.access.require(caller, spec_id, Role.VIEWER)

    async def change_entry(self, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
        """Store fields of a spec's entry, and tell everybody who is in the spec. Raises `SpecMissing`."""
        record = await self.store.update_spec(spec_id, fields)
        self.bus.publish(spec_id, Changed(SPEC, record.entry_version))
        if live := self._open.get(spec_id):
            live.entry.see(record)
        return record

    def spec_deleted(self, spec_id: str) -> None:
        """The spec was deleted from the store: close it on all servers."""
        self.bus.publish(spec_id, Changed(SPEC))
        if live := self._open.get(spec_id):
            live.end()

    async def access_changed(self, spec_id: str, version: int) -> None:
        """The access list was stored with this version: apply it to the open sessions, on all servers."""
        self.bus.publish(spec_id, Changed(ACCESS, version))
        if live := self._open.get(spec_id):
            with suppress(SpecNotFound, StoreUnavailable):  # then the next poll applies it
                await live.catch_up()

    async def _acquire(self, spec_id: str) -> LiveDocument:
        self._use_counts[spec_id] = self._use_counts.get(spec_id, 0) + 1
        self._idle.remove(spec_id)
        try:
            async with self._opening.setdefault(spec_id, asyncio.Lock()):
                live = self._open.get(spec_id)
                if live is not None and live.is_closed:
                    await self._close_document(self._open.pop(spec_id))
                    live = None
                if live is None:
                    live = self._open[spec_id] = await self._reader.read(spec_id)
                return live
        except BaseException:
            self._release(spec_id)
            raise

    def _release(self, spec_id: str) -> None:
        self._use_counts[spec_id] -= 1
        if not self._use_counts[spec_id]:
            self._close_when_idle(spec_id)

    def _close_when_idle(self, spec_id: str) -> None:
        live = self._open.get(spec_id)
        held = 0 if live is None or live.attendance.sessions else len(live.document.text)
        self._idle.add(spec_id, held)

    async def _close_if_unused(self, spec_id: str) -> None:
        async with self._opening.setdefault(spec_id, asyncio.Lock()):
            live = self._open.get(spec_id)
            if self._use_counts.get(spec_id):
                return
            if live is not None and live.attendance.sessions:
                self._close_when_idle(spec_id)
                return
            if live is not None:
                del self._open[spec_id]
                await self._close_document(live)
            if not self._use_counts.get(spec_id):
                self._use_counts.pop(spec_id, None)
                self._opening.pop(spec_id, None)

    async def _close_document(self, live: LiveDocument) -> None:
        """Finish its commits and take its last snapshot; this goes on if the caller is cancelled by a shutdown."""
        closing = in_background(self._finish(live), f"close {live.document.spec_id}")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        await asyncio.shield(closing)

    async def _finish(self, live: LiveDocument) -> None:
        self.bus.unsubscribe(live.document.spec_id)
        await live.committer.settle(PATIENCE)
        await live.committer.close()
        await live.threads.close()
        try:
            await live.snapshots.close()
        except Exception:
            logger.exception("spec %s: its last snapshot could not be taken", live.document.spec_id)

    async def _poll(self) -> None:
        changed = False
        while True:
            await asyncio.sleep(POLL)
            self.store_watch.look()
            for limiter in (self.limiter, self.writes.limiter, self.repeats.limiter, self.marks.limiter):
                limiter.forget_idle(self._monotonic())
            try:
                await self.quotas.refresh({live.entry.created_by for live in self._open.values()})
                # The store reports a change once; keep it until the documents have been compared.
                changed = changed or bool(self._open and await self.store.changed_elsewhere())
                if changed:
                    await self._catch_up_documents()
                    changed = False
                self._store_is_up = True
            except StoreUnavailable:
                self._store_is_up = False
            except Exception:
                logger.exception("could not read what other servers committed")

    async def _catch_up_documents(self) -> None:
        """Let each document that differs from the store read the log."""
        stands = await self.store.states(list(self._open))
        for spec_id, live in self._open.items():
            if not live.stands_at(stands.get(spec_id)):
                live.committer.request_catch_up()

    async def _share_limits(self) -> None:
        limits = {"operations": self.limiter, "writes": self.writes.limiter}
        for round_number in itertools.count():
            await asyncio.sleep(SHARE)
            try:
                await share(limits, self.bus, self._monotonic, everybody=round_number % SHARE_ALL == 0)
            except Exception:
                logger.exception("could not exchange used limits with other servers")

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = in_background(work, "work for open documents")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
