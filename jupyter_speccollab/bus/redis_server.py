"""The connection to a Redis server, the keys, and the script."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

ANSWER: Final = 2.0
"""Seconds within which Redis must answer, in addition to the time for which a read blocks."""

SPEND: Final = """
local now = tonumber(redis.call('TIME')[1])
local window, mine, count = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
if count ~= 0 then
    redis.call('HINCRBY', KEYS[1], mine .. ':' .. now, count)
    redis.call('EXPIRE', KEYS[1], window + 1)
end
local all, others = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
    local server, at = string.match(all[i], '^(.*):(%d+)$')
    local age = now - tonumber(at)
    if age >= window then
        redis.call('HDEL', KEYS[1], all[i])
    elseif server ~= mine then
        table.insert(others, {age, tonumber(all[i + 1])})
    end
end
return others
"""
"""Adds to the count of a server in this second; returns the counts of the other servers within the window."""


UNREADABLE: Final = (
    "The address of the Redis server can't be read. It has the form redis://user:password@host:6379/0. In the "
    "password write %2F for /, %23 for #, %3F for ? and %40 for @."
)


def connect(url: str) -> Redis:
    """A client that does not retry; each failure is raised at once.

    Raises `ValueError` for an address that can't be read. The message has no part of it: a password with a
    character that must be escaped is easily taken for the host or the port.
    """
    client = None if _is_ambiguous(url) else _client(url)
    if client is None:
        raise ValueError(UNREADABLE)
    return client


def _is_ambiguous(url: str) -> bool:
    """Whether the password seems to contain a character that begins another part of the address."""
    _, _, rest = url.partition("://")
    place = re.split("[/?#]", rest, maxsplit=1)[0]
    return "#" in rest or "@" in rest[len(place) :]


def _client(url: str) -> Redis | None:
    with suppress(ValueError):  # it quotes parts of the address
        return Redis.from_url(
            url,
            protocol=2,
            socket_timeout=ANSWER,
            socket_connect_timeout=ANSWER,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
            client_name="jupyter_speccollab",
        )
    return None


def raise_if_cancelled() -> None:
    """Raise `CancelledError` if the current task was cancelled and has gone on.

    If a task is cancelled while it waits for Redis, redis-py closes the connection first. A timeout or an error
    meanwhile may take the place of the cancellation, which is then lost unless it is raised again here.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class Keys:
    """The keys, all below a prefix.

    ``spec:{id}:news``: the stream of a spec · ``spec:{id}:users``: its sessions, a hash by session id ·
    ``user:{id}:session``: a user's connected sessions, a hash by session id · ``server:{id}``: exists while the
    server is alive · ``server:{id}:wake``: a stream whose entries end a blocked read · ``spent:{name}``: the use of
    a limit.
    """

    def __init__(self, prefix: str, server: str) -> None:
        self._prefix = prefix
        self.alive = f"{prefix}server:{server}"
        self.wake = f"{self.alive}:wake"

    def news(self, spec_id: str) -> str:
        return f"{self._prefix}spec:{spec_id}:news"

    def spec_of(self, stream: str) -> str:
        """The spec whose `news` stream this is."""
        return stream.removeprefix(f"{self._prefix}spec:").removesuffix(":news")

    def users(self, spec_id: str) -> str:
        return f"{self._prefix}spec:{spec_id}:users"

    def sessions(self, user_id: str) -> str:
        return f"{self._prefix}user:{user_id}:session"

    def server(self, server: str) -> str:
        return f"{self._prefix}server:{server}"

    def spent(self, name: str) -> str:
        return f"{self._prefix}spent:{name}"
