"""A session: keeps a spec's exchange connected for as long as the server accepts this client."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from jupyter_speccollab.client.endings import TAKEN_OVER
from jupyter_speccollab.client.link import Link
from jupyter_speccollab.client.people import People
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.client.silence import Silence
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.frame import frame
from jupyter_speccollab.client.sync.meanwhile import ROUNDS, SHORT
from jupyter_speccollab.client.sync.recovery import Adoption
from jupyter_speccollab.client.sync.refusal import error_of
from jupyter_speccollab.client.transport import ABNORMAL, Transport
from jupyter_speccollab.errors import NotFound, SpecCollabError

WRITERS: Final = ("contributor", "admin", "owner")


class Session:
    """One client's session in one spec, over as many connections as it takes.

    ``news`` is called after anything has changed, ``changed`` with each change of the text that others made, and
    ``threads_news`` with each event about comments and suggestions.
    ``program`` is the name under which others see it.
    `joined` is set by the first join. Whatever prevents that is final, since it is most likely a mistake in the
    call. Later a lost connection is opened again, until the server says that it does not accept this client.

    Events are taken one after the other. While long texts are compared in a thread, the next event waits.
    """

    def __init__(
        self,
        server: Server,
        spec_id: str,
        news: Callable[[], None],
        changed: Callable[[Change], None],
        program: str | None = None,
        threads_news: Callable[[str, dict[str, Any]], None] = lambda event, data: None,
    ) -> None:
        self.exchange = Exchange(self._send, changed, stalled=self._stalled, adopt_later=self._adopt_later)
        self.people = People()
        self.role: str | None = None
        self.title = ""
        self.threads_version = 0
        """How many changes of comments and suggestions the server has told of."""
        self.joins = 0
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_connected = False
        self.lost_since: datetime | None = None
        """When the connection was lost; ``None`` while there is one, and before the first."""
        self.silence = Silence()
        self._server = server
        self._spec_id = spec_id
        self._program = program
        self._news = news
        self._threads_news = threads_news
        self._session_id: str | None = None
        self._connection: Transport | None = None
        self._said: SpecCollabError | None = None
        self._adoption: Adoption | None = None
        self._authentications: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._link = Link(self, random.random)
        self._link.start(self._now)
        self.pump()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def pump(self) -> None:
        """Do what is due now, and schedule what will be due later."""
        if self._timer is not None:
            self._timer.cancel()
        waits = self.exchange.pump(self._now), self._link.pump(self._now)
        if self.exchange.failure is not None:
            self.end(self.exchange.failure)
            return
        self._note_silence()
        wait = min((wait for wait in waits if wait is not None), default=None)
        loop = asyncio.get_running_loop()
        self._timer = None if wait is None else loop.call_later(max(0.0, wait), self.pump)
        self._news()

    async def authenticate(self, token: str) -> None:
        """Replace the token before it expires. Raises the server's refusal."""
        if self._connection is not None and self.is_connected:
            authentication: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._authentications.append(authentication)
            self._send(frame("authenticate", {"token": token}))
            await authentication
        self._server.authenticate(token)

    def resume(self) -> None:
        """Connect again after `close` or `end`, with the edits that are pending."""
        self.joined = asyncio.get_running_loop().create_future()
        self._session_id = None
        self.exchange.resume()
        self._link.start(self._now)
        self.pump()

    async def close(self) -> None:
        """Leave."""
        self._send(frame("leave_session", {"specId": self._spec_id}))
        task = self._task
        self._stop()
        if task is not None:
            with suppress(asyncio.CancelledError):
                await task

    # what the link decides --------------------------------------------------------------------------------

    def open(self) -> None:
        """Open a connection."""
        self._task = asyncio.create_task(self._converse(), name=f"spec {self._spec_id}")

    def join(self) -> None:
        """Join the session on the connection that has just been opened."""
        data: dict[str, Any] = {"specId": self._spec_id, "batch": True, "features": ["threads"]}
        replica = self.exchange.replica
        if replica is not None:
            data |= {"lastKnownVersion": replica.version, "epoch": replica.epoch}
        if self._session_id is not None:
            data["sessionId"] = self._session_id
        if self._program is not None:
            data["program"] = self._program
        self._send(frame("join_session", data))

    def give_up(self) -> None:
        """Drop the connection, or stop opening it."""
        self._drop()
        if not self.joined.done():
            self.end(ConnectionError("The server did not answer in time."))

    def end(self, error: Exception) -> None:
        """No connection will be opened any more, because of ``error``."""
        if not self.joined.done():
            self.joined.set_exception(error)
        self.exchange.fail(error if isinstance(error, SpecCollabError) else error_of("INTERNAL", str(error)))
        self._stop()
        self._news()

    # the connection ---------------------------------------------------------------------------------------

    async def _converse(self) -> None:
        """One connection, from its opening to its loss."""
        connection: Transport | None = None
        try:
            connection = await Transport.open(self._server, self._spec_id)
            self._connection, self._said = connection, None
            self._link.opened(self._now)
            self.pump()
            async for event, data in connection.events():
                self._take(event, data)
                self._note_silence()
                self.pump()
                if self._adoption is not None and self._connection is connection:
                    await self._adopt(self._adoption)
                if self._connection is not connection:
                    return  # given up
            self._lost(connection.close_code)
        except (OSError, NotFound) as error:  # NotFound: a proxy that is starting does not know the route yet
            if not self.joined.done():
                self.end(error)
            else:
                self._lost(ABNORMAL)
        except SpecCollabError as error:
            self.end(error)
        except Exception as error:
            self.end(error)
            raise
        finally:
            if connection is not None:
                connection.close()

    def _lost(self, close_code: int) -> None:
        """The connection was closed, or could not be opened."""
        self._task = None
        self._drop()
        if close_code == TAKEN_OVER:
            self._session_id = None
        self._link.lost(close_code, self._said, self._now)
        if not self.joined.done():
            self.end(self._said or ConnectionError("The server closed the connection before the join."))
        elif self.exchange.failure is None:
            self.pump()

    def _drop(self) -> None:
        """Forget the connection; its task closes it."""
        task, self._task, self._connection = self._task, None, None
        if task is not None:
            task.cancel()
        self.is_connected = False
        self.lost_since = self.lost_since or datetime.now()
        self._adoption = None
        self.exchange.disconnected()
        self._note_silence()
        while self._authentications:
            _settle(self._authentications.popleft(), None)
        self._news()

    def _stop(self) -> None:
        """Drop the connection, and open none any more."""
        self._link.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._connection is not None:
            self._connection.close()
        self._drop()

    def _stalled(self) -> None:
        self._link.abandon(self._now)

    def _note_silence(self) -> None:
        if not self.is_connected or self.exchange.is_waiting:
            self.silence.begin(self._now)
        else:
            self.silence.end()

    def _send(self, content: bytes) -> None:
        if self._connection is not None:
            self._connection.send(content)

    # the server's text ------------------------------------------------------------------------------------

    def _adopt_later(self, adoption: Adoption) -> None:
        """Compare the server's text with the client's: at once if both are short, else before the next event."""
        if adoption.length <= SHORT:
            self.exchange.adopt(adoption.result(), self._now)
        else:
            self._adoption = adoption

    async def _adopt(self, adoption: Adoption) -> None:
        """Compare the texts in a thread, and then take over what the client has edited meanwhile."""
        self._adoption = None
        result = await asyncio.to_thread(adoption.result)
        for _ in range(ROUNDS):
            if (edits := self.exchange.take_edits()) is None:
                break
            result = await asyncio.to_thread(result.with_edits, edits)
        self.exchange.adopt(result, self._now)
        self.pump()

    # events -----------------------------------------------------------------------------------------------

    def _take(self, event: str, data: dict[str, Any]) -> None:
        match event:
            case "session_joined":
                self._welcome(data)
            case "role_changed":
                self.role = data["role"]
                self.exchange.writable = self.role in WRITERS
            case "spec_changed":
                self.title = data["title"]
            case "threads_changed":
                self._note_threads(event, data)
            case "authenticated" if self._authentications:
                _settle(self._authentications.popleft(), None)
            case "error":
                self._complain(data)
                self.exchange.receive(event, data, self._now)
            case _:
                self.people.receive(event, data)
                self.exchange.receive(event, data, self._now)

    def _welcome(self, data: dict[str, Any]) -> None:
        self._session_id = data["sessionId"]
        self.joins += 1
        self.role = data["role"]
        self.exchange.writable = self.role in WRITERS
        self.people.receive("session_joined", data)
        self._note_threads("session_joined", data)
        self._link.joined(self._now)
        self.silence.joined(self._now)
        self.is_connected = True
        self.lost_since = None
        self.exchange.joined(data, self._now)
        if not self.joined.done():
            self.joined.set_result(None)

    def _note_threads(self, event: str, data: dict[str, Any]) -> None:
        self.threads_version = max(self.threads_version, data.get("threadsVersion", 0))
        self._threads_news(event, data)

    def _complain(self, data: dict[str, Any]) -> None:
        self._said = error_of(data["code"], data["message"])
        if self._authentications:
            _settle(self._authentications.popleft(), self._said)
        elif not self.joined.done():
            raise self._said
        elif not self.is_connected and self._connection is not None:
            self._connection.close()  # the join was refused for now


def _settle(authentication: asyncio.Future[None], error: SpecCollabError | None) -> None:
    """Give its answer to a caller, who may have stopped waiting."""
    if authentication.done():
        return
    if error is None:
        authentication.set_result(None)
    else:
        authentication.set_exception(error)
