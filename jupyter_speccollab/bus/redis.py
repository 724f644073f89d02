"""The bus over Redis: a stream per spec, one reader per server, and hashes of sessions that a heartbeat refreshes.

Each server also keeps its sessions and their connections in memory, and writes them to Redis again when Redis has
lost them. Redis may therefore be emptied, restarted or unreachable at any time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar
from uuid import uuid4

import msgspec
from redis.exceptions import RedisError

from .base import VANISH, WINDOW, Spent
from .news import (
    OPERATIONS,
    Attendee,
    Changed,
    Committed,
    Heard,
    Joined,
    Left,
    Missed,
    Moved,
    News,
    apply_news,
    roster_of,
)
from .redis_entries import Entries
from .redis_reader import Fields, StreamReader, last_places
from .redis_server import SPEND, Keys, connect, raise_if_cancelled

T = TypeVar("T")
Receive = Callable[[Heard], None]
Write = Callable[[Any], None]
"""Adds commands to a pipeline."""

BEAT: Final = 5.0
"""Seconds between two heartbeats."""

ALIVE: Final = round(VANISH - BEAT)
"""A server counts as alive for this many seconds after its last heartbeat."""

EXPIRY: Final = 3600
"""Redis deletes a stream or hash that no heartbeat has refreshed for this many seconds."""

MAX_NEWS: Final = 256 * 1024
"""The largest size of `Committed`, in bytes; a larger one is replaced by `Changed`."""

RESTART: Final = 1.0
"""Seconds after which a loop of the bus runs again, if something has gone wrong that nobody foresaw."""

MAX_QUEUE: Final = 10_000
"""The largest number of news that wait to be sent; further news are lost."""

logger = logging.getLogger(__name__)


_encode = msgspec.msgpack.Encoder().encode


class RedisBus:
    """A bus at ``url`` (``redis://``, with TLS ``rediss://``). All of its keys begin with ``prefix``.

    Redis keeps about the last ``stream_length`` news of each spec, for servers that read late.
    """

    is_shared = True

    def __init__(self, url: str, *, prefix: str = "speccollab:", stream_length: int = 1_000) -> None:
        self.is_up = False
        self._server = str(uuid4())
        self._keys = Keys(prefix, self._server)
        self._redis = connect(url)
        self._length = stream_length
        self._reader = StreamReader(
            self._redis, self._keys.wake, receive=self._receive, back=self._came_back, lost=self._lost
        )
        self._subscribers: dict[str, Receive] = {}
        self._rosters: dict[str, dict[str, Attendee]] = {}
        """By spec, the sessions on other servers, as last sent to the subscriber."""
        self._here: dict[str, dict[str, Attendee]] = {}
        self._connections: dict[str, dict[str, str]] = {}
        self._deleted: set[tuple[str, str]] = set()
        """Hashes and fields to delete again with the next heartbeat, because the first deletion may be lost."""
        self._entries = Entries()
        self._must_rewrite = True
        self._queue: asyncio.Queue[Write] = asyncio.Queue(MAX_QUEUE)
        self._beat_now = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        loops = (self._reader.run, self._send, self._beat)
        self._tasks = [asyncio.create_task(_run_again(loop)) for loop in loops]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.is_up:
            with suppress(RedisError, OSError):
                await self._remove_sessions()
        await self._redis.aclose()

    # news ---------------------------------------------------------------------------------------------------

    async def subscribe(self, spec_id: str, receive: Receive) -> None:
        self._subscribers[spec_id] = receive
        self._rosters.pop(spec_id, None)
        stream = self._keys.news(spec_id)
        place = "0-0"
        if self.is_up:
            places = await self._or_default(None, last_places(self._redis, [stream]))
            if places:
                place = places[0]
        self._reader.follow(stream, place)
        if self.is_up:
            await self._or_default(None, self._redis.xadd(self._keys.wake, {"w": ""}, maxlen=1))
            await self._or_default(None, self._refresh_rosters([spec_id]))

    def unsubscribe(self, spec_id: str) -> None:
        self._subscribers.pop(spec_id, None)
        self._rosters.pop(spec_id, None)
        self._reader.leave(self._keys.news(spec_id))

    def publish(self, spec_id: str, news: News) -> None:
        here = self._here.setdefault(spec_id, {})
        apply_news(here, news)
        if not here:
            del self._here[spec_id]
        if isinstance(news, Left):
            self._deleted.add((self._keys.users(spec_id), news.session_id))
        self._enqueue(lambda pipeline: self._add(pipeline, spec_id, news))

    def _enqueue(self, write: Write) -> None:
        """Send this with the next batch. While Redis is away nothing is queued: everything is rewritten later."""
        if self.is_up and not self._queue.full():
            self._queue.put_nowait(write)

    async def _send(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            pipeline = self._redis.pipeline(transaction=False)
            for write in batch:
                write(pipeline)
            await self._or_default(None, pipeline.execute())

    def _add(self, pipeline: Any, spec_id: str, news: News) -> None:
        body = _encode(news)
        if len(body) > MAX_NEWS and isinstance(news, Committed):
            body = _encode(Changed(OPERATIONS, news.lines[-1].version))
        entry = {"s": self._server, "n": body}
        pipeline.xadd(self._keys.news(spec_id), entry, maxlen=self._length, approximate=True)
        match news:
            case Joined(attendee):
                self._write_attendee(pipeline, spec_id, attendee)
            case Moved(session_id) if not news.draft:  # a cursor with a draft is followed by one without
                if mover := self._here.get(spec_id, {}).get(session_id):
                    self._write_attendee(pipeline, spec_id, mover)
            case Left(session_id):
                pipeline.hdel(self._keys.users(spec_id), session_id)

    def _write_attendee(self, pipeline: Any, spec_id: str, attendee: Attendee) -> None:
        key = self._keys.users(spec_id)
        pipeline.hset(key, attendee.session_id, _encode((self._server, attendee)))
        pipeline.expire(key, EXPIRY)

    def _receive(self, stream: str, fields: Fields) -> None:
        if fields.get(b"s") == self._server.encode():
            return
        spec_id = self._keys.spec_of(stream)
        news = self._entries.news(fields.get(b"n", b""))
        if news is not None:
            apply_news(self._rosters.setdefault(spec_id, {}), news)
            self._tell(spec_id, news)

    def _tell(self, spec_id: str, heard: Heard) -> None:
        if receive := self._subscribers.get(spec_id):
            receive(heard)

    # Redis goes away and comes back -------------------------------------------------------------------------

    def _came_back(self) -> None:
        """Redis answers again: tell subscribers that news may be lost, and rewrite this server's sessions."""
        logger.info("Redis answers")
        self.is_up = True
        self._must_rewrite = True
        for spec_id in list(self._subscribers):
            self._tell(spec_id, Missed())
        self._beat_now.set()

    def _lost(self, error: Exception) -> None:
        if self.is_up:
            logger.warning(
                "Redis is away (%s): edits reach other servers through the database", type(error).__name__
            )
        self.is_up = False
        self._reader.restart()

    async def _or_default(self, default: T, work: Awaitable[T]) -> T:
        """The result of ``work``, or ``default`` if Redis does not answer."""
        try:
            result = await work
        except (RedisError, OSError) as error:
            raise_if_cancelled()
            self._lost(error)
            return default
        raise_if_cancelled()
        return result

    # sessions on all servers --------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Refresh this server's keys in Redis, and read the sessions of the other servers, every `BEAT` seconds."""
        away = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):  # `wait_for` of Python 3.11 may lose a cancellation
                    await self._beat_now.wait()
            self._beat_now.clear()
            if self.is_up:
                away = 0.0
                await self._or_default(None, self._refresh())
                continue
            away += BEAT
            if away >= VANISH:
                for spec_id in [spec_id for spec_id, roster in self._rosters.items() if roster]:
                    self._tell_roster(spec_id, {})

    async def _refresh(self) -> None:
        was_alive = await self._redis.set(self._keys.alive, "", ex=ALIVE, get=True)
        gone = set(self._deleted)
        pipeline = self._redis.pipeline(transaction=False)
        for key, field in gone:
            pipeline.hdel(key, field)
        if self._must_rewrite or was_alive is None:
            self._rewrite(pipeline)
        for key in self._used_keys():
            pipeline.expire(key, EXPIRY)
        await pipeline.execute()
        self._deleted -= gone
        self._must_rewrite = False
        await self._refresh_rosters(list(self._subscribers))

    def _rewrite(self, pipeline: Any) -> None:
        """Write all sessions and connections of this server: Redis or the other servers may have lost them."""
        for spec_id, here in self._here.items():
            for attendee in here.values():
                self._add(pipeline, spec_id, Joined(attendee))
        for user_id, sessions in self._connections.items():
            for session_id, spec_id in sessions.items():
                self._write_connection(pipeline, user_id, session_id, spec_id)

    def _used_keys(self) -> Iterator[str]:
        yield self._keys.wake
        yield from map(self._keys.news, self._subscribers)
        yield from map(self._keys.users, self._here)
        yield from map(self._keys.sessions, self._connections)

    async def _refresh_rosters(self, spec_ids: list[str]) -> None:
        """Send subscribers the sessions of the other servers, if these have changed."""
        if not spec_ids:
            return
        pipeline = self._redis.pipeline(transaction=False)
        for spec_id in spec_ids:
            pipeline.hgetall(self._keys.users(spec_id))
        rows = [
            [(key, *self._entries.attendee(value)) for key, value in row.items()]
            for row in await pipeline.execute()
        ]
        alive = await self._alive({server for row in rows for _, server, _ in row if server is not None})
        others = alive - {self._server}
        for spec_id, row in zip(spec_ids, rows, strict=True):
            found = {a.session_id: a for _, server, a in row if a is not None and server in others}
            dead = [key for key, server, _ in row if server is not None and server not in alive]
            if dead:
                await self._redis.hdel(self._keys.users(spec_id), *dead)
            if spec_id not in self._rosters or _colors(found) != _colors(self._rosters[spec_id]):
                self._tell_roster(spec_id, found)

    def _tell_roster(self, spec_id: str, attendees: dict[str, Attendee]) -> None:
        self._rosters[spec_id] = attendees
        self._tell(spec_id, roster_of(attendees.values()))

    async def _alive(self, servers: set[str]) -> set[str]:
        """The servers among ``servers`` that are alive, and this one."""
        others = sorted(servers - {self._server})
        if not others:
            return {self._server}
        found = await self._redis.mget([self._keys.server(server) for server in others])
        return {
            self._server,
            *(server for server, value in zip(others, found, strict=True) if value is not None),
        }

    async def _remove_sessions(self) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for spec_id, here in self._here.items():
            for session_id in here:
                self._add(pipeline, spec_id, Left(session_id))
        for user_id, sessions in self._connections.items():
            pipeline.hdel(self._keys.sessions(user_id), *sessions)
        pipeline.delete(self._keys.alive, self._keys.wake)
        await pipeline.execute()

    # connections and limits of a user -----------------------------------------------------------------------

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        self._connections.setdefault(user_id, {})[session_id] = spec_id
        self._deleted.discard((self._keys.sessions(user_id), session_id))
        self._enqueue(lambda pipeline: self._write_connection(pipeline, user_id, session_id, spec_id))

    def disconnected(self, user_id: str, session_id: str) -> None:
        sessions = self._connections.get(user_id, {})
        sessions.pop(session_id, None)
        if not sessions:
            self._connections.pop(user_id, None)
        self._deleted.add((self._keys.sessions(user_id), session_id))
        self._enqueue(lambda pipeline: pipeline.hdel(self._keys.sessions(user_id), session_id))

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        return await self._or_default({}, self._connections_elsewhere(user_id)) if self.is_up else {}

    async def _connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        found: dict[bytes, bytes] = await self._redis.hgetall(self._keys.sessions(user_id))  # type: ignore[assignment]
        entries = self._entries.connections(found)
        alive = await self._alive({server for server, _ in entries.values()})
        others = alive - {self._server}
        return {key: spec_id for key, (server, spec_id) in entries.items() if server in others}

    def _write_connection(self, pipeline: Any, user_id: str, session_id: str, spec_id: str) -> None:
        key = self._keys.sessions(user_id)
        pipeline.hset(key, session_id, f"{self._server} {spec_id}")
        pipeline.expire(key, EXPIRY)

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        return await self._or_default({}, self._spend(spent)) if self.is_up else {}

    async def _spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        pipeline = self._redis.pipeline(transaction=False)
        for name, count in spent.items():
            pipeline.eval(SPEND, 1, self._keys.spent(name), WINDOW, self._server, count)
        answers = await pipeline.execute()
        return {
            name: [(float(age), int(count)) for age, count in answer]
            for name, answer in zip(spent, answers, strict=True)
        }


def _colors(roster: Mapping[str, Attendee]) -> Mapping[str, str]:
    """What of a roster is told again if it has changed: the sessions, with their colors."""
    return {session_id: attendee.color for session_id, attendee in roster.items()}


async def _run_again(loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop of the bus until it is cancelled. After an error that nobody foresaw, log it and run it again."""
    while True:
        try:
            await loop()
        except Exception:
            raise_if_cancelled()
            logger.exception("the bus has failed, and tries again")
            await asyncio.sleep(RESTART)
