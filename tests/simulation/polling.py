"""The polling transport's client: the shape of a connection, over simulated HTTP requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import msgspec

from jupyter_speccollab.client.transport import ABNORMAL, Event
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.handlers.public_error import public_error
from jupyter_speccollab.protocol.codec import body
from jupyter_speccollab.protocol.messages import JoinSession

from .server import Server
from .stream import Stream

WAIT: Final = 25.0
"""Seconds that a fetch waits for news."""

PATIENCE: Final = 40.0
"""Seconds after which a request without an answer is given up."""

TRIES: Final = 3
"""How often a request is repeated before the connection is given up."""

Outcome = tuple[Any, SpecCollabError | None]
Act = Callable[[], Coroutine[Any, Any, Any]]


class Lost(Exception):
    """A request, or its answer, never arrived."""


async def request(server: Server, act: Act, is_cut: Callable[[], bool] = lambda: False) -> Any:
    """What ``act`` returns, done by the server's process; raises what it raises, and `Lost`."""
    network = server.network
    await asyncio.sleep(network.delay())
    if is_cut() or not server.is_up or network.happens(network.weather.lost):
        await asyncio.sleep(network.rng.choice([0.1, 5.0]))
        raise Lost
    assert server.process is not None
    answered: asyncio.Future[Any] = network.loop.create_future()

    def answer(task: asyncio.Task[Outcome]) -> None:
        network.later(network.delay(), _settle, answered, task)

    async def outcome() -> Outcome:
        try:
            return await act(), None
        except SpecCollabError as error:  # for who asked, if the server lives on to tell it
            return None, error

    server.process.spawn(outcome()).add_done_callback(answer)
    try:
        async with asyncio.timeout(PATIENCE):
            result = await answered
    except TimeoutError:
        raise Lost from None
    if is_cut() or network.happens(network.weather.lost):
        raise Lost
    return result


def _settle(answered: asyncio.Future[Any], task: asyncio.Task[Outcome]) -> None:
    if task.cancelled():
        return
    fault = task.exception()
    if answered.done():
        return
    result, refusal = (None, fault) if fault is not None else task.result()
    if refusal is None:
        answered.set_result(result)
    else:
        answered.set_exception(refusal)


class PollingConnection:
    """Joins by its first frame; then one request fetches at a time, and one brings what is to be sent."""

    def __init__(self, server: Server, user: User, role: Role, spec_id: str, stream: Stream) -> None:
        self.close_code = ABNORMAL
        self.is_open = True
        self.stream = stream
        self.server = server
        self._user, self._caller, self._spec_id = user, Caller(user, most=role), spec_id
        self._session_id = ""
        self._is_cut = False
        self._outgoing: list[bytes] = []
        self._news = asyncio.Event()
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._converse())]

    def send(self, frame: bytes) -> None:
        """Send a frame with the next request."""
        if self.is_open:
            self.stream.said(frame)
            self._outgoing.append(frame)
            self._news.set()

    async def events(self) -> AsyncIterator[Event]:
        """What the server says, until the connection is given up."""
        while (event := await self._events.get()) is not None:
            yield event

    def close(self) -> None:
        """Send what is left, the leave-taking most likely, and ask for nothing more."""
        if self.is_open and self._session_id and self._outgoing:
            asyncio.create_task(self._say_last(self._outgoing))  # noqa: RUF006 (the loop keeps it)
        self.lost()

    def lost(self) -> None:
        """The connection is given up."""
        if self.is_open:
            self.is_open = False
            self._events.put_nowait(None)
            for task in self._tasks:
                task.cancel()

    def cut(self) -> str:
        """No request arrives any more."""
        self._is_cut = True
        return "polls"

    def reset(self) -> None:
        """The server's process is gone."""
        self.server.network.later(self.server.network.rng.expovariate(5.0), self.lost)

    async def _converse(self) -> None:
        try:
            await self._news.wait()
            join = msgspec.json.decode(self._outgoing.pop(0))["data"]
            joined = await self._ask(lambda: self._join(msgspec.json.encode(join)))
            self._session_id = joined["data"]["sessionId"]
            self._hear(joined)
            self._tasks.append(asyncio.create_task(self._post()))
            await self._fetch()
        except (Lost, SpecCollabError):
            self.lost()

    async def _fetch(self) -> None:
        after = 0
        while True:
            found = await self._persist(lambda: self._get(after))  # noqa: B023 (it is awaited at once)
            for seq, event in found:
                self._hear(event)
                after = seq

    async def _post(self) -> None:
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                frames, self._outgoing = self._outgoing, []
                await self._persist(lambda: self._take(frames))  # noqa: B023 (it is awaited at once)
        except (Lost, SpecCollabError):
            self.lost()

    async def _say_last(self, frames: list[bytes]) -> None:
        with suppress(Lost, SpecCollabError):
            await self._ask(lambda: self._take(frames))

    async def _persist(self, act: Act) -> Any:
        for _ in range(TRIES - 1):
            try:
                return await self._ask(act)
            except Lost:
                await asyncio.sleep(1.0)
        return await self._ask(act)

    async def _ask(self, act: Act) -> Any:
        return await request(self.server, act, lambda: self._is_cut)

    def _hear(self, event: dict[str, Any]) -> None:
        if self.is_open:
            self.stream.heard(event["event"], event["data"])
            self._events.put_nowait((event["event"], event["data"]))

    # what the server's handlers do ------------------------------------------------------------------------

    async def _join(self, content: bytes) -> dict[str, Any]:
        await self.server.admit(self._user, self._spec_id)
        message = body(content, JoinSession)
        joined = await self.server.polls.join(self._spec_id, self._caller, message)
        return self._decoded(joined.payload)

    async def _get(self, after: int) -> list[tuple[int, dict[str, Any]]]:
        polls = self.server.polls
        poll = polls.begin(self._spec_id, self._caller, self._session_id)
        try:
            found = await poll.outbox.after(after, WAIT)
        finally:
            polls.finish(self._session_id, poll)
        return [(seq, self._decoded(event.payload)) for seq, event in found]

    async def _take(self, frames: list[bytes]) -> None:
        polls = self.server.polls
        poll = polls.begin(self._spec_id, self._caller, self._session_id)
        try:
            if poll.outbox.ended is not None:
                raise poll.outbox.ended
            for frame in frames:
                try:
                    if (work := poll.conversation.take(frame)) is not None:
                        await work
                except Exception as error:
                    poll.conversation.fail(public_error(error, "simulated"), "simulated")
        finally:
            polls.finish(self._session_id, poll)

    def _decoded(self, payload: bytes) -> dict[str, Any]:
        event: dict[str, Any] = msgspec.json.decode(payload)
        self.stream.promised(event["event"], event["data"])
        return event
