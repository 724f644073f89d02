"""The one reader of a server: waits on the streams of all specs that are open here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

WAIT: Final = 1_000
"""Milliseconds that one read waits for news."""

AGAIN: Final = (0.05, 1.0)
"""Seconds between two tries while Redis is away: at first, and at the most."""

PORTION: Final = 500
"""How many entries of a stream one read takes."""

Fields = Mapping[bytes, bytes]

logger = logging.getLogger(__name__)


class StreamReader:
    """Calls ``heard(stream, fields)`` for each entry, in each stream's order.

    After Redis was away it goes on with what comes then, and calls ``back`` first; ``lost`` is called when it goes.
    ``waker`` is a stream of its own, by which `follow` ends the wait of a read that does not know a stream yet.
    """

    def __init__(
        self,
        redis: Redis,
        waker: str,
        *,
        heard: Callable[[str, Fields], None],
        back: Callable[[], None],
        lost: Callable[[Exception], None],
    ) -> None:
        self._redis = redis
        self._waker = waker
        self._heard = heard
        self._back = back
        self._lost = lost
        self._places: dict[str, str] = {waker: "0-0"}
        self._is_lost = True

    def follow(self, stream: str, place: str) -> None:
        """Read what comes after ``place``."""
        self._places[stream] = place

    def leave(self, stream: str) -> None:
        """Read it no more."""
        self._places.pop(stream, None)

    def restart(self) -> None:
        """What was sent elsewhere failed: take it that Redis is away until it answers here."""
        self._is_lost = True

    async def run(self) -> None:
        """Read until cancelled."""
        wait = AGAIN[0]
        while True:
            try:
                if self._is_lost:
                    await self._catch_up()
                await self._read()
                wait = AGAIN[0]
            except (RedisError, OSError) as error:
                if not self._is_lost:
                    self._is_lost = True
                    self._lost(error)
                await asyncio.sleep(wait)
                wait = min(2 * wait, AGAIN[1])

    async def _catch_up(self) -> None:
        """Begin behind whatever stands in the streams now: what was missed is made good otherwise."""
        known: dict[str, str] = {}
        while missing := self._places.keys() - known.keys():
            streams = list(missing)
            known.update(zip(streams, await last_places(self._redis, streams), strict=True))
        self._places = {stream: known[stream] for stream in self._places}
        self._is_lost = False
        self._back()

    async def _read(self) -> None:
        places: dict[Any, Any] = dict(self._places)
        answer: Any = await self._redis.xread(places, count=PORTION, block=WAIT)
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
            self._heard(stream, fields)
        except Exception:
            logger.exception("news in %s could not be taken", stream)


async def last_places(redis: Redis, streams: list[str]) -> list[str]:
    """The place behind the last entry of each stream."""
    pipeline = redis.pipeline(transaction=False)
    for stream in streams:
        pipeline.xrevrange(stream, count=1)
    return [entries[0][0].decode() if entries else "0-0" for entries in await pipeline.execute()]
