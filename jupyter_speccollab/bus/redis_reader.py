"""The stream reader: reads the Redis streams of all specs that are open on this server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .redis_server import raise_if_cancelled

BLOCK_MS: Final = 1_000
"""Milliseconds for which a read blocks if there are no news."""

RETRY_PAUSES: Final = (0.05, 1.0)
"""Seconds between two attempts while Redis is unreachable: the first and the longest pause."""

BATCH: Final = 500
"""The largest number of entries of a stream that one read returns."""

Fields = Mapping[bytes, bytes]

logger = logging.getLogger(__name__)


class StreamReader:
    """Calls ``receive(stream, fields)`` for each entry, in the order of its stream.

    ``lost`` is called when Redis stops answering, ``back`` when it answers again. Entries that were added in
    between are not read. ``waker`` is an additional stream: an entry in it ends a read that blocks, so that the
    next read includes the streams that `follow` has added.
    """

    def __init__(
        self,
        redis: Redis,
        waker: str,
        *,
        receive: Callable[[str, Fields], None],
        back: Callable[[], None],
        lost: Callable[[Exception], None],
    ) -> None:
        self._redis = redis
        self._waker = waker
        self._receive = receive
        self._back = back
        self._lost = lost
        self._places: dict[str, str] = {waker: "0-0"}
        self._is_lost = True

    def follow(self, stream: str, place: str) -> None:
        """Read the entries of the stream that come after the id ``place``."""
        self._places[stream] = place

    def leave(self, stream: str) -> None:
        """Stop reading the stream."""
        self._places.pop(stream, None)

    def restart(self) -> None:
        """Treat Redis as unreachable until the next successful read, because another command has failed."""
        self._is_lost = True

    async def run(self) -> None:
        """Read until cancelled."""
        wait = RETRY_PAUSES[0]
        while True:
            raise_if_cancelled()
            try:
                if self._is_lost:
                    await self._skip_to_end()
                await self._read()
                wait = RETRY_PAUSES[0]
            except (RedisError, OSError) as error:
                raise_if_cancelled()
                if not self._is_lost:
                    self._is_lost = True
                    self._lost(error)
                await asyncio.sleep(wait)
                wait = min(2 * wait, RETRY_PAUSES[1])

    async def _skip_to_end(self) -> None:
        """Skip to the current end of each stream. Subscribers receive `Missed` for the skipped entries."""
        known: dict[str, str] = {}
        while missing := self._places.keys() - known.keys():
            streams = list(missing)
            known.update(zip(streams, await last_places(self._redis, streams), strict=True))
        self._places = {stream: known[stream] for stream in self._places}
        self._is_lost = False
        self._back()

    async def _read(self) -> None:
        places: dict[Any, Any] = dict(self._places)
        answer: Any = await self._redis.xread(places, count=BATCH, block=BLOCK_MS)
        for key, entries in answer or ():
            stream = key.decode()
            for place, fields in entries:
                if stream not in self._places:
                    break
                self._places[stream] = place.decode()
                if stream != self._waker:
                    self._tell(stream, fields)

    def _tell(self, stream: str, fields: Fields) -> None:
        try:
            self._receive(stream, fields)
        except Exception:
            logger.exception("news in %s could not be processed", stream)


async def last_places(redis: Redis, streams: list[str]) -> list[str]:
    """The id of the last entry of each stream."""
    pipeline = redis.pipeline(transaction=False)
    for stream in streams:
        pipeline.xrevrange(stream, count=1)
    return [entries[0][0].decode() if entries else "0-0" for entries in await pipeline.execute()]
