"""Writers, the log of their spec, and a server that is killed repeatedly while they write."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClosedError

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.sqlite import SqliteStore
from jupyter_speccollab.text import Operation, Text
from tests.handlers.logins import Login, Socket, insert
from tests.serving import JupyterServer
from tests.soak.faulty_proxy import FaultyProxy

FILLER = "." * 2_000


@dataclass
class Figures:
    """The results of a run."""

    seed: int
    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    committed: int = 0
    typed: int = 0
    seconds: float = 0.0
    down: list[float] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """Add the results of another run."""
        for name in ("rounds", "acknowledged", "lost", "doubled", "committed", "typed", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.down += other.down

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.rounds} kills in {self.seconds:.0f} s, {self.typed} edits typed, "
            f"{self.committed} operations committed, {self.acknowledged} acknowledged, {self.lost} lost, "
            f"{self.doubled} doubled; back after {sum(self.down) / max(1, len(self.down)):.1f} s on average"
        )


class Writer:
    """A user who inserts unique marks without a pause, and deletes some of the filler.

    ``acknowledged`` has the version of each acknowledged operation.
    """

    def __init__(self, name: str, spec: SpecClient, chance: random.Random) -> None:
        self.name = name
        self.spec = spec
        self.marks: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self._chance = chance
        self._task = asyncio.create_task(self._write())
        exchange = spec._session.exchange  # type: ignore[union-attr]
        receive = exchange.receive

        def noting(event: str, data: Mapping[str, Any], now: float) -> None:
            if event == "operation_ack" and data["success"]:
                self.acknowledged[data["operationId"]] = data["version"]
            receive(event, data, now)

        exchange.receive = noting  # type: ignore[method-assign]

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self.spec.synchronised(30)

    async def _write(self) -> None:
        while True:
            await asyncio.sleep(self._chance.expovariate(40))
            content = self.spec.content
            place = self._chance.choice(
                [0, len(content), content.rfind("⟩", 0, self._chance.randrange(1, 500)) + 1]
            )
            mark = f"⟨{self.name}{len(self.marks)}🦊⟩"
            self.marks.append(mark)
            filler = content.find(".", place)
            if self._chance.random() < 0.2 and filler >= 0:
                await self.spec.edit(Operation.of(place, mark, filler - place, -1))
            else:
                await self.spec.insert(place, mark)


class Flooder:
    """A program with twenty operations in flight. It sends operations again until they are acknowledged."""

    def __init__(self, name: str, login: Login, spec_id: str) -> None:
        self.marks: list[str] = []
        self.acknowledged: dict[str, int] = {}
        self._name, self._login, self._spec_id = name, login, spec_id
        self._in_flight: dict[str, tuple[int, str]] = {}
        self._stopping = False
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._stopping = True
        async with asyncio.timeout(30):
            await self._task

    async def _run(self) -> None:
        while self._in_flight or not self._stopping:
            try:
                socket = await self._login.joined(self._spec_id, batch=True)
                try:
                    await self._converse(socket)
                finally:
                    socket.close()
            except (OSError, AssertionError, HTTPClientError, WebSocketClosedError):
                await asyncio.sleep(0.1)

    async def _converse(self, socket: Socket) -> None:
        for operation_id, (version, mark) in list(self._in_flight.items()):
            await socket.edit(insert(0, mark), version=version, operationId=operation_id)
        while self._in_flight or not self._stopping:
            while len(self._in_flight) < 20 and not self._stopping:
                self.marks.append(f"⟨{self._name}{len(self.marks)}⟩")
                operation_id = str(uuid4())
                self._in_flight[operation_id] = (socket.version, self.marks[-1])
                await socket.edit(insert(0, self.marks[-1]), operationId=operation_id)
            event = await socket.event()
            if event is None:
                raise ConnectionError
            self._take(socket, event)
            await asyncio.sleep(0.002)

    def _take(self, socket: Socket, event: dict[str, Any]) -> None:
        data = event["data"]
        if event["event"] == "operation_ack":
            assert data["success"], data
            self.acknowledged[data["operationId"]] = data["version"]
            self._in_flight.pop(data["operationId"], None)
        if event["event"] in ("operation_ack", "remote_operation"):
            socket.version = max(socket.version, data["version"])


class Log:
    """The committed operations of a spec, read from the store that ``connect`` returns."""

    def __init__(self, connect: Callable[[], Store], spec_id: str) -> None:
        self.versions: dict[str, int] = {}
        self._connect, self._spec_id = connect, spec_id
        self._text, self._version = Text(""), 0

    @property
    def text(self) -> str:
        return str(self._text)

    async def check(self, reader: Login) -> None:
        """Read the new operations: no version is missing, no id occurs twice, and they produce the document."""
        document = await reader.call("GET", f"api/specs/{self._spec_id}/document")
        store = self._connect()
        await store.open()
        try:
            operations = await store.operations(self._spec_id, self._version, until=document["version"])
        finally:
            await store.close()
        for committed in operations:
            assert committed.version == self._version + 1, f"a gap before version {committed.version}"
            assert committed.operation_id not in self.versions, f"{committed.operation_id} twice"
            self.versions[committed.operation_id] = committed.version
            self._text, self._version = self._text.apply(committed.operation), committed.version
        assert self._version == document["version"], "the log ends before the document"
        text = str(self._text)
        assert sha256(text.encode()).hexdigest() == document["contentHash"], "the log makes another text"
        assert text == document["content"]

    def lost(self, acknowledged: Mapping[str, int]) -> int:
        """The number of acknowledged operations that are missing, or have another version than acknowledged."""
        return sum(
            self.versions.get(operation_id) != version for operation_id, version in acknowledged.items()
        )


async def kill_rounds(
    server: JupyterServer, rounds: int, people: int, seed: int, proxy: FaultyProxy | None = None
) -> Figures:
    """Kill a running server ``rounds`` times while ``people`` write. Raises `AssertionError`.

    If a ``proxy`` is given, they connect through it, and it is healed at the end.
    """
    chance, start, figures = random.Random(seed), time.monotonic(), Figures(seed)
    server.front = server.port  # not the proxy of the previous rounds
    reader = server.login("reader", "Reader")
    spec_id = await reader.new_spec(FILLER)
    log = Log(lambda: SqliteStore(server.database), spec_id)
    if proxy is not None:
        server.front = proxy.port
    writers = [await _writer(server, spec_id, number, chance.random()) for number in range(people)]
    flooder = Flooder("program", server.login("program", "Program"), spec_id)
    everybody = [*writers, flooder]
    for _ in range(rounds):
        await _until_acknowledged(everybody, chance.randrange(1, 200))
        await asyncio.sleep(chance.random() * 0.3)
        server.kill()
        killed = time.monotonic()
        await asyncio.to_thread(server.start)
        figures.down.append(time.monotonic() - killed)
        heard = {id: version for writer in everybody for id, version in writer.acknowledged.items()}
        await log.check(reader)
        assert (lost := log.lost(heard)) == 0, f"{lost} acknowledged operations are lost"
        figures.rounds += 1
    if proxy is not None:
        proxy.heal()
    await asyncio.gather(*(writer.stop() for writer in everybody))
    await log.check(reader)
    await agree(writers, log)
    count(everybody, log, figures)
    figures.committed = len(log.versions)
    figures.seconds = time.monotonic() - start
    for writer in writers:
        await writer.spec.close()
    return figures


async def _writer(server: JupyterServer, spec_id: str, number: int, seed: float) -> Writer:
    name = chr(ord("a") + number)
    headers = server.headers(name, name.upper())
    while True:
        with suppress(
            ConnectionError
        ):  # the proxy may cut the first request, which the client does not repeat
            spec = await SpecClient(server.url, spec=spec_id, headers=headers, patience=30).connect()
            return Writer(name, spec, random.Random(seed))


async def _until_acknowledged(writers: Sequence[Writer | Flooder], more: int) -> None:
    """Wait until ``more`` operations have been acknowledged."""
    goal = sum(len(writer.acknowledged) for writer in writers) + more
    async with asyncio.timeout(60):
        while sum(len(writer.acknowledged) for writer in writers) < goal:  # noqa: ASYNC110 (two kinds of them)
            await asyncio.sleep(0.01)


async def agree(writers: Sequence[Writer], log: Log) -> None:
    """All writers have the text that the log produces."""
    newest = max(log.versions.values())
    for writer in writers:
        await writer.spec.wait_for(lambda _, spec=writer.spec: spec.version >= newest, 30)  # type: ignore[misc]
    assert {writer.spec.content for writer in writers} == {log.text}, "not everybody sees the same text"


def count(writers: Sequence[Writer | Flooder], log: Log, figures: Figures) -> None:
    """Count lost and doubled marks: each mark must occur in the text exactly once."""
    found = Counter(re.findall("⟨[^⟩]*⟩", log.text))
    for writer in writers:
        figures.typed += len(writer.marks)
        figures.acknowledged += len(writer.acknowledged)
        figures.lost += log.lost(writer.acknowledged) + sum(not found[mark] for mark in writer.marks)
        figures.doubled += sum(found[mark] > 1 for mark in writer.marks)
