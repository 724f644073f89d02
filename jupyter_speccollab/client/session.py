"""A session: keeps a spec's exchange connected, for as long as the server will have it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from jupyter_speccollab.client.people import People
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.frame import frame
from jupyter_speccollab.client.sync.refusal import FINAL, TAKEN_OVER, closing_error, error_of
from jupyter_speccollab.client.transport import Transport
from jupyter_speccollab.errors import NotFound, SpecCollabError

EAGER_TRIES: Final = 5
"""Tries whose distance doubles, from one second on."""

STEADY: Final = 30.0
"""Seconds between tries after those."""

HELD: Final = 5.0
"""Seconds that a connection must hold for the next loss to count as the first."""

WRITERS: Final = ("contributor", "admin", "owner")


def backoff(attempt: int, chance: float) -> float:
    """Seconds to wait before try number ``attempt`` (from 0): 1, 2, 4, 8, 16, then 30 for ever.

    ``chance`` in [0, 1) spreads each by a quarter to both sides, so that the clients which a restarting
    server dropped together do not come back together.
    """
    return (2.0**attempt if attempt < EAGER_TRIES else STEADY) * (0.75 + chance / 2)


class Session:
    """One client's session in one spec, over as many connections as it takes.

    ``news`` is called after anything has changed, ``changed`` with what others did to the text. `joined` is set
    by the first joining; whatever prevents that is final, since it is most likely a mistake in the call. Later a
    lost connection is opened again, until the server says that it won't have this client any more.
    """

    def __init__(
        self, server: Server, spec_id: str, news: Callable[[], None], changed: Callable[[Change], None]
    ) -> None:
        self.exchange = Exchange(self._send, changed)
        self.people = People()
        self.role: str | None = None
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_connected = False
        self._server = server
        self._spec_id = spec_id
        self._news = news
        self._session_id: str | None = None
        self._connection: Transport | None = None
        self._said: SpecCollabError | None = None
        self._authentication: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task = asyncio.create_task(self._run(), name=f"spec {spec_id}")

    def pump(self) -> None:
        """Send what is due now, and again when something else will be."""
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
        wait = self.exchange.pump(loop.time())
        self._timer = None if wait is None else loop.call_later(max(0.0, wait), self.pump)
        self._news()

    async def authenticate(self, token: str) -> None:
        """Replace the token before it expires. Raises what the server refuses it for."""
        if self._connection is not None and self.is_connected:
            self._authentication = asyncio.get_running_loop().create_future()
            self._send(frame("authenticate", {"token": token}))
            await self._authentication
        self._server.authenticate(token)

    async def close(self) -> None:
        """Leave."""
        if self._connection is not None:
            self._send(frame("leave_session", {"specId": self._spec_id}))
            self._connection.close()
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        if self._timer is not None:
            self._timer.cancel()
        self.exchange.disconnected()
        self.is_connected = False

    def _send(self, content: bytes) -> None:
        if self._connection is not None:
            self._connection.send(content)

    async def _run(self) -> None:
        attempt = 0
        try:
            while True:
                began = asyncio.get_running_loop().time()
                taken_over = await self._connect()
                if asyncio.get_running_loop().time() - began >= HELD:
                    attempt = 0
                if not taken_over:
                    await asyncio.sleep(backoff(attempt, random.random()))  # noqa: S311 (not a secret)
                    attempt += 1
        except (SpecCollabError, OSError) as error:
            self._end(error)
        except Exception as error:
            self._end(error)
            raise

    def _end(self, error: Exception) -> None:
        if not self.joined.done():
            self.joined.set_exception(error)
        self.exchange.fail(error if isinstance(error, SpecCollabError) else error_of("INTERNAL", str(error)))
        self._news()

    async def _connect(self) -> bool:
        """One connection, from opening to its loss; whether another took this session over.

        Raises what is final.
        """
        try:
            self._connection = await Transport.open(self._server, self._spec_id)
        except (OSError, NotFound):  # a proxy that starts again does not know the way yet
            if not self.joined.done():
                raise
            return False
        try:
            return await self._converse(self._connection)
        finally:
            self._connection.close()
            self._connection = None
            self._lost()

    async def _converse(self, connection: Transport) -> bool:
        self._said = None
        connection.send(frame("join_session", self._join_data()))
        async for event, data in connection.events():
            self._take(event, data)
            self.pump()
            if self.exchange.failure is not None:
                raise self.exchange.failure
        code = connection.close_code
        if code in FINAL or code == 1009:
            raise self._said or closing_error(code)
        if not self.joined.done():
            raise self._said or ConnectionError(
                "The server closed the connection before the spec was joined."
            )
        if code == TAKEN_OVER:
            self._session_id = None
        return code == TAKEN_OVER

    def _join_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"specId": self._spec_id, "batch": True}
        replica = self.exchange.replica
        if replica is not None:
            data |= {"lastKnownVersion": replica.version, "epoch": replica.epoch}
        if self._session_id is not None:
            data["sessionId"] = self._session_id
        return data

    def _lost(self) -> None:
        self.is_connected = False
        self.exchange.disconnected()
        if self._authentication is not None and not self._authentication.done():
            self._authentication.set_result(None)
        self._news()

    def _take(self, event: str, data: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        match event:
            case "session_joined":
                self._welcome(data, now)
            case "role_changed":
                self.role = data["role"]
                self.exchange.writable = self.role in WRITERS
            case "authenticated" if self._authentication is not None:
                self._authentication.set_result(None)
            case "error":
                self._complain(data)
                self.exchange.receive(event, data, now)
            case _:
                self.people.receive(event, data)
                self.exchange.receive(event, data, now)

    def _welcome(self, data: dict[str, Any], now: float) -> None:
        self._session_id = data["sessionId"]
        self.role = data["role"]
        self.exchange.writable = self.role in WRITERS
        self.people.receive("session_joined", data)
        self.exchange.joined(data, now)
        self.is_connected = True
        if not self.joined.done():
            self.joined.set_result(None)

    def _complain(self, data: dict[str, Any]) -> None:
        self._said = error_of(data["code"], data["message"])
        authentication = self._authentication
        if authentication is not None and not authentication.done():
            authentication.set_exception(self._said)
        elif not self.joined.done():
            raise self._said
        elif not self.is_connected and self._connection is not None:
            self._connection.close()  # not let in this time
