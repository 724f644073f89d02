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

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.bus.memory import MemoryBus
from jupyter_speccollab.bus.news import Changed
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import Internal, RateLimited, StoreUnavailable, TooManySessions
from jupyter_speccollab.protocol.messages import JoinSession
from jupyter_speccollab.service.access.roles import Access, not_found
from jupyter_speccollab.service.history.snapshots import Snapshots
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.live.other_servers import Mailbox
from jupyter_speccollab.service.live.shared import Shared
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.presence.connection_count import ConnectionCount
from jupyter_speccollab.service.presence.session import Outbox, Session
from jupyter_speccollab.service.presence.session_rows import SessionRows
from jupyter_speccollab.service.rate_limiter import RateLimiter, share
from jupyter_speccollab.store.base import CorruptSnapshot, OperationsFolded, SessionRecord, SpecMissing, Store
from jupyter_speccollab.text import Text

POLL: Final = 1.0
"""Seconds between two looks for what other servers committed."""

SHARE: Final = 0.05
"""Seconds between two exchanges, with the other servers, of what users have spent of their limits."""

SHARE_ALL: Final = 20
"""In each so many of these, of whoever was active lately."""

IDLE: Final = 30.0
"""Seconds after which a document that nobody uses is let go."""

PATIENCE: Final = 5.0
"""Seconds that a shutdown waits for commits under way."""

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The clock: the present moment in UTC."""
    return datetime.now(UTC)


class Documents:
    """Opens documents when they are needed, lets them go when nobody needs them, keeps them up to date."""

    def __init__(
        self,
        store: Store,
        limits: Limits,
        access: Access,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        bus: Bus | None = None,
    ) -> None:
        """``clock`` tells the time of day, ``monotonic`` seconds for limits and paces.

        Without a ``bus`` other servers are heard of from the store alone.
        """
        self.store = store
        self.bus = bus or MemoryBus()
        self.limits = limits
        self.clock = clock
        self._monotonic = monotonic
        self.limiter = RateLimiter(limits.operations_per_minute)
        self._writes = RateLimiter(limits.writes_per_minute)
        self._session_rows = SessionRows(store, clock)
        self._connections = ConnectionCount(self.bus)
        self.metrics = Metrics()
        self._watch()
        self._surroundings = Shared(
            store=store,
            bus=self.bus,
            access=access,
            limits=limits,
            limiter=self.limiter,
            connections=self._connections,
            session_rows=self._session_rows,
            metrics=self.metrics,
            clock=clock,
            monotonic=monotonic,
        )
        self._open: dict[str, LiveDocument] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}
        self._idle: dict[str, asyncio.TimerHandle] = {}
        self._known: dict[str, User] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = False
        self._store_is_up = True
        self._starting = asyncio.Lock()

    async def ready(self) -> None:
        """Connect to the store and begin the rounds, unless that is done; raises `StoreUnavailable`."""
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

    async def close(self) -> None:
        """Close every connection with 1001, finish commits, keep snapshots, let the store go."""
        if not self._started:
            return
        for task in self._tasks:
            task.cancel()
        for timer in self._idle.values():
            timer.cancel()
        for live in self._open.values():
            for session in list(live.attendance):
                if session.outbox is not None:
                    session.outbox.close(1001, "The server is shutting down.")
        await asyncio.gather(*(self._shut(live) for live in list(self._open.values())))
        await self.bus.close()
        with suppress(StoreUnavailable):
            await self._session_rows.close()
        await self.store.close()

    @property
    def open_count(self) -> int:
        """How many documents are open here."""
        return len(self._open)

    @property
    def session_count(self) -> int:
        """How many sessions there are here."""
        return sum(len(live.attendance.sessions) for live in self._open.values())

    def _watch(self) -> None:
        def waiting() -> int:
            return sum(live.committer.waiting() for live in self._open.values())

        watch = self.metrics.watch
        watch("documents", "Documents that are open here.", lambda: self.open_count)
        watch("sessions", "Sessions here.", lambda: self.session_count)
        watch("waiting_operations", "Operations that wait for their commit.", waiting)
        watch("store_up", "1 while the database answers.", lambda: float(self._store_is_up))
        watch("bus_up", "1 while other servers are heard, or there are none.", lambda: float(self.bus.is_up))

    def count_write(self, user: User) -> None:
        """Count a save, a restore or a change of a spec's entry. Raises `RateLimited`."""
        now = self._monotonic()
        if not self._writes.take(user.user_id, now):
            _, wait = self._writes.remaining(user.user_id, now)
            raise RateLimited(
                f"More than {self.limits.writes_per_minute} saves in a minute. Wait {wait:.0f} s.",
                retryAfterMs=max(1, round(wait * 1000)),
            )

    async def save_user(self, user: User) -> None:
        """Write down who somebody is, before anything refers to them."""
        await self.ready()
        if self._known.get(user.user_id) != user:
            await self.store.save_user(user)
            self._known[user.user_id] = user

    @asynccontextmanager
    async def use(self, spec_id: str) -> AsyncIterator[LiveDocument]:
        """The live document, open at least as long as the context. Raises `SpecNotFound`."""
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
    ) -> tuple[LiveDocument, Session]:
        """Let a connection into a document. Raises `SpecNotFound`, `TooManySessions`, `SpecFull`."""
        async with self.use(spec_id) as live:
            if current is not None or live.attendance.resumes(caller.user, request):
                return live, await live.join(caller, outbox, request, current)
            elsewhere = await self._connected_elsewhere(caller.user, request)
            if (
                self._connections.count(caller.user.user_id) + len(elsewhere)
                >= self.limits.sessions_per_user_in_all
            ):
                raise TooManySessions(
                    f"You have {self.limits.sessions_per_user_in_all} sessions open. Close some of them."
                )
            in_this_spec = sum(other == spec_id for other in elsewhere.values())
            return live, await live.join(caller, outbox, request, current, in_this_spec)

    async def _connected_elsewhere(self, user: User, request: JoinSession) -> Mapping[str, str]:
        """The specs of the user's sessions on other servers; one that moves here counts no more there."""
        elsewhere = dict(await self.bus.connections_elsewhere(user.user_id))
        if request.session_id and elsewhere.pop(request.session_id, None):
            self.bus.disconnected(user.user_id, request.session_id)
        return elsewhere

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        """All sessions of these specs, on any server, in order of joining."""
        return await self._session_rows.sessions(spec_ids)

    def live(self, spec_id: str) -> LiveDocument | None:
        """The document, if it is open."""
        return self._open.get(spec_id)

    async def admit(self, caller: Caller, spec_id: str) -> None:
        """Let somebody connect who may view the spec, as far as it is known here; joining asks the store.

        Raises `SpecNotFound`, `StoreUnavailable`.
        """
        live = self._open.get(spec_id)
        if live is None or live.over or live.role_of(caller) < Role.VIEWER:
            await self._surroundings.access.require(caller, spec_id, Role.VIEWER)

    def deleted(self, spec_id: str) -> None:
        """The spec is gone from the store: end what is open of it."""
        self.changed(spec_id)
        if live := self._open.get(spec_id):
            live.end()

    def changed(self, spec_id: str) -> None:
        """Let the other servers look at what the store has of the spec."""
        self.bus.publish(spec_id, Changed())

    async def _acquire(self, spec_id: str) -> LiveDocument:
        self._users[spec_id] = self._users.get(spec_id, 0) + 1
        try:
            async with self._opening.setdefault(spec_id, asyncio.Lock()):
                live = self._open.get(spec_id)
                if live is not None and live.over:
                    await self._shut(self._open.pop(spec_id))
                    live = None
                if live is None:
                    live = self._open[spec_id] = await self._open_anew(spec_id)
                return live
        except BaseException:
            self._release(spec_id)
            raise

    def _release(self, spec_id: str) -> None:
        self._users[spec_id] -= 1
        if not self._users[spec_id]:
            self._rest(spec_id)

    def _rest(self, spec_id: str) -> None:
        """See in a while whether the document is still unused."""
        if timer := self._idle.pop(spec_id, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._idle[spec_id] = loop.call_later(IDLE, lambda: self._spawn(self._let_go(spec_id)))

    async def _let_go(self, spec_id: str) -> None:
        async with self._opening.setdefault(spec_id, asyncio.Lock()):
            live = self._open.get(spec_id)
            if self._users.get(spec_id):
                return
            if live is not None and live.attendance.sessions:
                self._rest(spec_id)
                return
            if live is not None:
                del self._open[spec_id]
                await self._shut(live)
            if not self._users.get(spec_id):
                self._users.pop(spec_id, None)
                self._idle.pop(spec_id, None)
                self._opening.pop(spec_id, None)

    async def _shut(self, live: LiveDocument) -> None:
        self.bus.unsubscribe(live.document.spec_id)
        await live.committer.settle(PATIENCE)
        await live.committer.close()
        try:
            await live.snapshots.close()
        except Exception:
            logger.exception("spec %s: its last snapshot could not be taken", live.document.spec_id)

    async def _open_anew(self, spec_id: str) -> LiveDocument:
        """Subscribe first, then read: nothing that happens meanwhile is missed."""
        mailbox = Mailbox()
        await self.bus.subscribe(spec_id, mailbox)
        try:
            live = await self._load(spec_id)
        except BaseException:
            self.bus.unsubscribe(spec_id)
            raise
        mailbox.open(live.other_servers.hear)
        return live

    async def _load(self, spec_id: str) -> LiveDocument:
        """The document as the store has it: the newest snapshot and the log after it.

        Read once more where a compaction came between the two: it has left a newer snapshot.
        """
        try:
            for _ in range(2):
                with suppress(OperationsFolded):
                    return await self._read(spec_id)
            logger.error("spec %s: the snapshot on which its present text is rebuilt is missing", spec_id)
        except SpecMissing:
            raise not_found() from None
        except CorruptSnapshot:
            logger.exception("spec %s: the stored text does not match its hash", spec_id)
        raise Internal(
            "The stored text of this spec is damaged. Nothing was changed; ask your admin to restore it."
        )

    async def _read(self, spec_id: str) -> LiveDocument:
        record, granted, snapshot = await asyncio.gather(
            self.store.spec(spec_id), self.store.access(spec_id), self.store.snapshot(spec_id)
        )
        text = Text.of((snapshot and snapshot.content) or "")
        document = Document(spec_id, record.epoch, snapshot.version if snapshot else 0, text)
        committed = None
        for committed in await self.store.operations(spec_id, after=document.version):
            document.advance(committed, document.text.apply(committed.operation))
        snapshots = Snapshots(document, self.store, self.clock, snapshot, committed)
        return LiveDocument(document, self._surroundings, granted, snapshots)

    async def _poll(self) -> None:
        changed = False
        while True:
            await asyncio.sleep(POLL)
            self.limiter.forget_idle(self._monotonic())
            self._writes.forget_idle(self._monotonic())
            if not self._open:
                continue
            try:
                # The store says it once: it holds until the documents have been compared.
                changed = changed or await self.store.changed_elsewhere()
                if changed:
                    await self._look_behind()
                    changed = False
                self._store_is_up = True
            except StoreUnavailable:
                self._store_is_up = False
                logger.warning("the database is away: news of other servers wait")
            except Exception:
                logger.exception("could not look for news of other servers")

    async def _look_behind(self) -> None:
        """Let each document that does not stand as in the store read the log."""
        stands = await self.store.stands(list(self._open))
        for spec_id, live in self._open.items():
            if not live.stands_at(stands.get(spec_id)):
                live.committer.look()

    async def _share_limits(self) -> None:
        limits = {"operations": self.limiter, "writes": self._writes}
        for round_number in itertools.count():
            await asyncio.sleep(SHARE)
            try:
                await share(limits, self.bus, self._monotonic, everybody=round_number % SHARE_ALL == 0)
            except Exception:
                logger.exception("could not share what users have spent of their limits")

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
