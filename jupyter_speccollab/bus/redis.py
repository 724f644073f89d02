"""The bus over Redis: a stream per spec, one reader per server, people in hashes that a heartbeat keeps alive.

What a server has in Redis (its people, their connections) it also has in memory, and writes anew whenever Redis has
forgotten it; so Redis may be emptied, restarted or away at any time.
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
from .news import Attendee, Changed, Committed, Heard, Joined, Left, Missed, Moved, News, follow, roster_of
from .redis_reader import Fields, StreamReader, last_places
from .redis_server import SPEND, Keys, connect

T = TypeVar("T")
Hear = Callable[[Heard], None]
Write = Callable[[Any], None]
"""Puts commands into a pipeline."""

BEAT: Final = 5.0
"""Seconds between two heartbeats."""

ALIVE: Final = round(VANISH - BEAT)
"""Seconds after its last heartbeat for which a server counts as alive."""

KEPT: Final = 3600
"""Seconds for which a stream, or a hash, outlives the last heartbeat of anybody who uses it."""

PIECE: Final = 256 * 1024
"""Bytes of news beyond which only `Changed` is sent."""

WAITING: Final = 10_000
"""How many news may wait to be sent."""

logger = logging.getLogger(__name__)
_decode = msgspec.msgpack.Decoder(News).decode
_decode_entry = msgspec.msgpack.Decoder(tuple[str, Attendee]).decode
_encode = msgspec.msgpack.Encoder().encode


class RedisBus:
    """A bus at ``url`` (``redis://``, with TLS ``rediss://``), all of whose keys begin with ``prefix``.

    ``stream_length`` is about how many news of a spec are kept for servers that are slow.
    """

    is_shared = True

    def __init__(self, url: str, *, prefix: str = "speccollab:", stream_length: int = 1_000) -> None:
        self.is_up = False
        self._server = str(uuid4())
        self._keys = Keys(prefix, self._server)
        self._redis = connect(url)
        self._length = stream_length
        self._reader = StreamReader(
            self._redis, self._keys.wake, heard=self._heard, back=self._came_back, lost=self._lost
        )
        self._hear: dict[str, Hear] = {}
        self._rosters: dict[str, dict[str, Attendee]] = {}
        """Who is on other servers, as it was told last, by spec."""
        self._here: dict[str, dict[str, Attendee]] = {}
        self._connections: dict[str, dict[str, str]] = {}
        self._gone: set[tuple[str, str]] = set()
        """Hashes and their fields that are no longer ours, to be deleted once more with the next heartbeat."""
        self._must_rewrite = True
        self._queue: asyncio.Queue[Write] = asyncio.Queue(WAITING)
        self._beat_now = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        loops = (self._reader.run(), self._send(), self._beat())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.is_up:
            await self._or(None, self._take_leave())
        await self._redis.aclose()

    # news ---------------------------------------------------------------------------------------------------

    async def subscribe(self, spec_id: str, hear: Hear) -> None:
        self._hear[spec_id] = hear
        self._rosters.pop(spec_id, None)
        stream = self._keys.news(spec_id)
        place = "0-0"
        if self.is_up:
            places = await self._or(None, last_places(self._redis, [stream]))
            if places:
                place = places[0]
        self._reader.follow(stream, place)
        if self.is_up:
            await self._or(None, self._redis.xadd(self._keys.wake, {"w": ""}, maxlen=1))
            await self._or(None, self._tell_rosters([spec_id]))

    def unsubscribe(self, spec_id: str) -> None:
        self._hear.pop(spec_id, None)
        self._rosters.pop(spec_id, None)
        self._reader.leave(self._keys.news(spec_id))

    def publish(self, spec_id: str, news: News) -> None:
        here = self._here.setdefault(spec_id, {})
        follow(here, news)
        if not here:
            del self._here[spec_id]
        if isinstance(news, Left):
            self._gone.add((self._keys.users(spec_id), news.session_id))
        self._soon(lambda pipeline: self._add(pipeline, spec_id, news))

    def _soon(self, write: Write) -> None:
        """Send this with what else there is; dropped while Redis is away, since all is written anew then."""
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
            await self._or(None, pipeline.execute())

    def _add(self, pipeline: Any, spec_id: str, news: News) -> None:
        body = _encode(news)
        if len(body) > PIECE and isinstance(news, Committed):
            body = _encode(Changed())
        entry = {"s": self._server, "n": body}
        pipeline.xadd(self._keys.news(spec_id), entry, maxlen=self._length, approximate=True)
        match news:
            case Joined(attendee):
                self._write_attendee(pipeline, spec_id, attendee)
            case Moved(session_id):
                if mover := self._here.get(spec_id, {}).get(session_id):
                    self._write_attendee(pipeline, spec_id, mover)
            case Left(session_id):
                pipeline.hdel(self._keys.users(spec_id), session_id)

    def _write_attendee(self, pipeline: Any, spec_id: str, attendee: Attendee) -> None:
        key = self._keys.users(spec_id)
        pipeline.hset(key, attendee.session_id, _encode((self._server, attendee)))
        pipeline.expire(key, KEPT)

    def _heard(self, stream: str, fields: Fields) -> None:
        if fields[b"s"].decode() == self._server:
            return
        spec_id = self._keys.spec_of(stream)
        news = _decode(fields[b"n"])
        follow(self._rosters.setdefault(spec_id, {}), news)
        self._tell(spec_id, news)

    def _tell(self, spec_id: str, heard: Heard) -> None:
        if hear := self._hear.get(spec_id):
            hear(heard)

    # coming and going of Redis ------------------------------------------------------------------------------

    def _came_back(self) -> None:
        """The reader reads: whatever was published before may be missed; whoever is here is told anew."""
        logger.info("Redis answers")
        self.is_up = True
        self._must_rewrite = True
        for spec_id in list(self._hear):
            self._tell(spec_id, Missed())
        self._beat_now.set()

    def _lost(self, error: Exception) -> None:
        if self.is_up:
            logger.warning("Redis is away (%s): edits go on through the database", type(error).__name__)
        self.is_up = False
        self._reader.restart()

    async def _or(self, otherwise: T, work: Awaitable[T]) -> T:
        """The result, or ``otherwise`` where Redis does not answer."""
        try:
            return await work
        except (RedisError, OSError) as error:
            self._lost(error)
            return otherwise

    # who is where -------------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Say that this server lives, and who is here; hear who is elsewhere."""
        away = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT):  # `wait_for` of Python 3.11 may lose a cancellation
                    await self._beat_now.wait()
            self._beat_now.clear()
            if self.is_up:
                away = 0.0
                await self._or(None, self._refresh())
                continue
            away += BEAT
            if away >= VANISH:
                for spec_id in [spec_id for spec_id, roster in self._rosters.items() if roster]:
                    self._tell_roster(spec_id, {})

    async def _refresh(self) -> None:
        was_alive = await self._redis.set(self._keys.alive, "", ex=ALIVE, get=True)
        gone = set(self._gone)
        pipeline = self._redis.pipeline(transaction=False)
        for key, field in gone:
            pipeline.hdel(key, field)
        if self._must_rewrite or was_alive is None:
            self._rewrite(pipeline)
        for key in self._used_keys():
            pipeline.expire(key, KEPT)
        await pipeline.execute()
        self._gone -= gone
        self._must_rewrite = False
        await self._tell_rosters(list(self._hear))

    def _rewrite(self, pipeline: Any) -> None:
        """Everything of this server's: Redis, or the others, may have forgotten it."""
        for spec_id, here in self._here.items():
            for attendee in here.values():
                self._add(pipeline, spec_id, Joined(attendee))
        for user_id, sessions in self._connections.items():
            for session_id, spec_id in sessions.items():
                self._write_connection(pipeline, user_id, session_id, spec_id)

    def _used_keys(self) -> Iterator[str]:
        yield self._keys.wake
        yield from map(self._keys.news, self._hear)
        yield from map(self._keys.users, self._here)
        yield from map(self._keys.sessions, self._connections)

    async def _tell_rosters(self, spec_ids: list[str]) -> None:
        """Tell who is on the other servers, where that is not what was told."""
        if not spec_ids:
            return
        pipeline = self._redis.pipeline(transaction=False)
        for spec_id in spec_ids:
            pipeline.hgetall(self._keys.users(spec_id))
        rows = [
            [(key, *_decode_entry(value)) for key, value in row.items()] for row in await pipeline.execute()
        ]
        alive = await self._alive({server for row in rows for _, server, _ in row})
        for spec_id, row in zip(spec_ids, rows, strict=True):
            found = {a.session_id: a for _, server, a in row if server in alive and server != self._server}
            dead = [key for key, server, _ in row if server not in alive]
            if dead:
                await self._redis.hdel(self._keys.users(spec_id), *dead)
            if spec_id not in self._rosters or found.keys() != self._rosters[spec_id].keys():
                self._tell_roster(spec_id, found)

    def _tell_roster(self, spec_id: str, attendees: dict[str, Attendee]) -> None:
        self._rosters[spec_id] = attendees
        self._tell(spec_id, roster_of(attendees.values()))

    async def _alive(self, servers: set[str]) -> set[str]:
        """Those that live; this one does."""
        others = sorted(servers - {self._server})
        if not others:
            return {self._server}
        found = await self._redis.mget([self._keys.server(server) for server in others])
        return {
            self._server,
            *(server for server, value in zip(others, found, strict=True) if value is not None),
        }

    async def _take_leave(self) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for spec_id, here in self._here.items():
            for session_id in here:
                self._add(pipeline, spec_id, Left(session_id))
        for user_id, sessions in self._connections.items():
            pipeline.hdel(self._keys.sessions(user_id), *sessions)
        pipeline.delete(self._keys.alive, self._keys.wake)
        await pipeline.execute()

    # what a user has ----------------------------------------------------------------------------------------

    def connected(self, user_id: str, session_id: str, spec_id: str) -> None:
        self._connections.setdefault(user_id, {})[session_id] = spec_id
        self._gone.discard((self._keys.sessions(user_id), session_id))
        self._soon(lambda pipeline: self._write_connection(pipeline, user_id, session_id, spec_id))

    def disconnected(self, user_id: str, session_id: str) -> None:
        sessions = self._connections.get(user_id, {})
        sessions.pop(session_id, None)
        if not sessions:
            self._connections.pop(user_id, None)
        self._gone.add((self._keys.sessions(user_id), session_id))
        self._soon(lambda pipeline: pipeline.hdel(self._keys.sessions(user_id), session_id))

    async def connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        return await self._or({}, self._connections_elsewhere(user_id)) if self.is_up else {}

    async def _connections_elsewhere(self, user_id: str) -> Mapping[str, str]:
        found: dict[bytes, bytes] = await self._redis.hgetall(self._keys.sessions(user_id))  # type: ignore[assignment]
        entries = {key.decode(): tuple(value.decode().split()) for key, value in found.items()}
        alive = await self._alive({server for server, _ in entries.values()})
        others = alive - {self._server}
        return {key: spec_id for key, (server, spec_id) in entries.items() if server in others}

    def _write_connection(self, pipeline: Any, user_id: str, session_id: str, spec_id: str) -> None:
        key = self._keys.sessions(user_id)
        pipeline.hset(key, session_id, f"{self._server} {spec_id}")
        pipeline.expire(key, KEPT)

    async def spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        return await self._or({}, self._spend(spent)) if self.is_up else {}

    async def _spend(self, spent: Mapping[str, int]) -> Mapping[str, Spent]:
        pipeline = self._redis.pipeline(transaction=False)
        for name, count in spent.items():
            pipeline.eval(SPEND, 1, self._keys.spent(name), WINDOW, self._server, count)
        answers = await pipeline.execute()
        return {
            name: [(float(age), int(count)) for age, count in answer]
            for name, answer in zip(spent, answers, strict=True)
        }
