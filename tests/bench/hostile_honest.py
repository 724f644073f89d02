"""Honest users beside a hostile one: two who type in a document, one who reads another, and how long they wait."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from tests.bench.figures import quantile
from tests.bench.frames import PING
from tests.bench.hostile_wire import request
from tests.bench.load import Event, LoadClient, Recorder
from tests.bench.workloads import text_of
from tests.serving import JupyterServer

TYPING: Final = 0.05
"""Seconds between two operations of a person who types."""

READING: Final = 0.5
"""Seconds between two requests for the document that is read."""

PINGING: Final = 0.01
"""Seconds between two pings on the connection that is idle. So exactly is a pause of the event loop seen."""

TOGETHER: Final = 150
"""Edits that fit into one operation."""

LENGTH: Final = 10_000
"""Code points of each document."""

Due = tuple[float, float]
"""When something was due, and how long it took, in seconds."""


@dataclass
class Waits:
    """How long each thing took, by when it was due."""

    typing: list[Due] = field(default_factory=list)
    reading: list[Due] = field(default_factory=list)
    pinging: list[Due] = field(default_factory=list)
    unread: int = 0
    """Requests for the document that got another answer than 200."""

    def forget(self) -> None:
        """Forget what came so far."""
        self.typing.clear()
        self.reading.clear()
        self.pinging.clear()
        self.unread = 0


@dataclass(frozen=True)
class Seen:
    """The waits of one stretch of time, in seconds."""

    typing: Sequence[float]
    reading: Sequence[float]
    pinging: Sequence[float]
    unread: int = 0

    def longest(self) -> float:
        """The longest wait of anybody."""
        return max((*self.typing, *self.reading, *self.pinging), default=0.0)

    def typed(self) -> str:
        return _told(self.typing, (0.5, 0.99, 1))

    def read(self) -> str:
        return _told(self.reading, (0.99, 1)) + (f" ({self.unread} failed)" if self.unread else "")

    def paused(self) -> str:
        return _told(self.pinging, (1,))


def _told(seconds: Sequence[float], of: Sequence[float]) -> str:
    return " / ".join(f"{quantile(seconds, q):,.1f}" for q in of)


class Writer(LoadClient):
    """One of the two who type: an operation is in flight, and what is typed meanwhile goes with the next one."""

    lost = False
    """Whether the server, or an answer that nobody may get, ended the connection."""

    def __init__(self, typing: Typing, port: int, path: str, headers: Mapping[str, str]) -> None:
        super().__init__(Recorder(), port, path, headers)
        self.typed = 0
        self.buffer: list[float] = []
        """When the edits were due that have not been sent yet."""
        self._typing = typing

    def edit(self, due: float) -> None:
        self.typed += 1
        self.buffer.append(due)
        if self.sent == self.answered:
            self._flush()

    def pending(self) -> bool:
        return bool(self.buffer) or self.sent > self.answered

    def acknowledged(self, key: Hashable, now: float) -> None:
        self.answered += 1
        if self.buffer:
            self._flush()

    def received(self, key: Hashable, now: float) -> None:
        self._typing.arrived(key, now)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost = True

    def _flush(self) -> None:
        dues, self.buffer = self.buffer[:TOGETHER], self.buffer[TOGETHER:]
        insert = '{"type":"insert","position":%d,"content":"x"}'
        components = ",".join(insert % self._random.randrange(self.reach) for _ in dues)
        self._typing.flying[self.send_components(f"[{components}]")] = dues
        self.sent += 1


class Typing:
    """When the edits were due that are on their way, and how long those took that arrived at the other person."""

    def __init__(self, waits: Waits) -> None:
        self.flying: dict[Hashable, list[float]] = {}
        self._waits = waits

    def arrived(self, key: Hashable, now: float) -> None:
        self._waits.typing += [(due, now - due) for due in self.flying.pop(key, ())]


class Idler(LoadClient):
    """A connection that only pings; each ping says when it was sent."""

    def __init__(self, waits: Waits, port: int, path: str, headers: Mapping[str, str]) -> None:
        super().__init__(Recorder(), port, path, headers)
        self._waits = waits
        self.unanswered = 0

    def ping(self) -> None:
        self.unanswered += 1
        self.send(repr(time.perf_counter()).encode(), PING)

    def take_pong(self, payload: bytes, now: float) -> None:
        sent = float(payload)
        self.unanswered -= 1
        self._waits.pinging.append((sent, now - sent))

    def take_event(self, event: Event, now: float) -> None:
        if event.event in ("connect", "session_joined"):
            super().take_event(event, now)


class Honest:
    """They type, read and ping from `begin` to `end`; each thing is due at its time, whatever came of the last.

    Each of the two who type has so many ``logins``, and uses them by turns: with 13 no limit of a user is reached.
    """

    def __init__(self, server: JupyterServer, logins: int = 1) -> None:
        self._server = server
        self._logins = logins
        self.waits = Waits()
        self.first = text_of(LENGTH)
        self.typed_in = self.read_in = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._reading: set[asyncio.Task[None]] = set()

    async def begin(self) -> Self:
        server, self.typing = self._server, Typing(self.waits)
        owner = server.login("honest", "Honest")
        self.typed_in = await owner.new_spec(self.first)
        self.read_in = await owner.new_spec(text_of(LENGTH))
        self.writers = [
            await Writer(
                self.typing, server.port, f"/ws/specs/{self.typed_in}", self._headers(number)
            ).connect()
            for number in range(2 * self._logins)
        ]
        path = f"/ws/specs/{self.read_in}"
        self.idler = await Idler(self.waits, server.port, path, self._headers(98)).connect()
        works: list[Coroutine[Any, Any, None]] = [
            *(self._every(TYPING, self._by_turns(person)) for person in (0, 1)),
            self._every(READING, self._read),
            self._every(PINGING, self.idler.ping),
        ]
        self._tasks = [asyncio.create_task(work) for work in works]
        return self

    def _headers(self, number: int) -> dict[str, str]:
        return self._server.headers(f"honest{number}", f"Honest {number}")

    def _by_turns(self, person: int) -> Callable[[], None]:
        writers = itertools.cycle(self.writers[person::2])
        return lambda: next(writers).edit(time.perf_counter())

    async def _every(self, seconds: float, work: Callable[[], None]) -> None:
        due = time.perf_counter()
        while True:
            work()
            due += seconds
            await asyncio.sleep(max(0.0, due - time.perf_counter()))

    def _read(self) -> None:
        task = asyncio.create_task(self._read_once())
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read_once(self) -> None:
        due = time.perf_counter()
        path = f"api/specs/{self.read_in}/document"
        answer = await request(self._server.port, "GET", path, self._headers(99))
        self.waits.unread += answer.status != 200
        self.waits.reading.append((due, answer.seconds))

    async def settled(self, patience: float) -> bool:
        """Wait until all that was due by now has its answer; whether that was so within ``patience`` seconds."""
        now = time.perf_counter()
        deadline = now + patience
        while time.perf_counter() < deadline:
            await asyncio.sleep(0.05)
            waiting = [writer.buffer for writer in self.writers] + list(self.typing.flying.values())
            if (
                all(due > now for dues in waiting for due in dues)
                and self.waits.pinging
                and self.waits.pinging[-1][0] > now
                and all(task.done() for task in set(self._reading))
            ):
                return True
        return False

    def seen(self, start: float, end: float) -> Seen:
        """What was due in a stretch of time, by `time.perf_counter`."""
        waits = (self.waits.typing, self.waits.reading, self.waits.pinging)
        typing, reading, pinging = (
            [seconds for due, seconds in each if start <= due < end] for each in waits
        )
        return Seen(typing, reading, pinging, self.waits.unread)

    async def end(self) -> str:
        """Stop; says whether the text that both saw come together is what the server has."""
        for task in self._tasks:
            task.cancel()
        lost = sum(writer.lost for writer in self.writers)
        settled = await self.settled_typing()
        answer = await request(
            self._server.port, "GET", f"api/specs/{self.typed_in}/document", self._headers(99)
        )
        typed = sum(writer.typed for writer in self.writers)
        for client in (*self.writers, self.idler):
            client.close()
        if lost:
            return f"{lost} of {len(self.writers)} lost their connection"
        if not settled:
            return "not in time"
        length = len(answer.data()["content"])
        return "yes" if length == len(self.first) + typed else f"{length - len(self.first)} of {typed} edits"

    async def settled_typing(self) -> bool:
        deadline = time.perf_counter() + 60
        while any(writer.pending() for writer in self.writers):
            if time.perf_counter() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True
