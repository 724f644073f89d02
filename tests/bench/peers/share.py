"""ShareDB: JSON over WebSocket, the text type ``text-unicode``, in memory or in PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import msgspec

from jupyter_speccollab.text import Operation, Text
from tests.bench.database import Database
from tests.bench.load import Recorder, Typist
from tests.bench.peers.install import HERE, node, node_versions
from tests.bench.program import Program

TEXT_TYPE: Final = "http://sharejs.org/types/text-unicode"
TABLES: Final = HERE / "node_modules" / "sharedb-postgres" / "structure.sql"


class Message(msgspec.Struct):
    """What the server sends; ``op`` is missing in the acknowledgement of one's own."""

    a: str
    id: str = ""
    v: int | None = None
    src: str = ""
    seq: int = 0
    op: msgspec.Raw = msgspec.Raw()
    data: Any = None
    error: Any = None


_decoder = msgspec.json.Decoder(Message)


class ShareClient(Typist):
    """Subscribes to one document; ``creates`` it with a text where one is given."""

    def __init__(self, recorder: Recorder, port: int, document: str, creates: str | None = None) -> None:
        super().__init__(recorder, port, "/", {"Person": str(uuid4())})
        self.document = document
        self.creates = creates
        self.version = 0
        self.seen: list[tuple[int, bytes]] = []
        self._source = ""
        self._content = ""
        self._sequence = 0

    def content(self) -> str:
        return self._content

    def send_insert(self, position: int) -> Hashable:
        return self._submit(f'"op":[{position},"x"]' if position else '"op":["x"]')

    def send_operation(self, operation: Operation) -> Hashable:
        components = [{"d": -c} if isinstance(c, int) and c < 0 else c for c in operation.components]
        while components and isinstance(components[-1], int):
            components.pop()
        return self._submit(f'"op":{msgspec.json.encode(components).decode()}')

    def opened(self) -> None:
        self.send(b'{"a":"hs","id":null,"protocol":1,"protocolMinor":2}')

    def take(self, payload: bytes, now: float) -> None:
        message = _decoder.decode(payload)
        assert message.error is None, message.error
        match message.a:
            case "hs":
                self._source = message.id
                self._begin()
            case "s":
                snapshot = message.data or {"v": 0, "data": ""}
                self.version, self._content = snapshot["v"], snapshot.get("data") or ""
                self.joined.set_result(now)
            case "op":
                self._take_operation(message, now)

    def _begin(self) -> None:
        if self.creates is None:
            self.send(f'{{"a":"s","c":"specs","d":"{self.document}","v":null}}'.encode())
        else:
            text = msgspec.json.encode({"type": TEXT_TYPE, "data": self.creates}).decode()
            self.recorder.due[self._submit(f'"create":{text}')] = self.began
            self.sent += 1

    def _take_operation(self, message: Message, now: float) -> None:
        assert message.v is not None
        known = (
            message.v < self.version
        )  # who is behind is sent what is missing along with the acknowledgement
        self.version = max(self.version, message.v + 1)
        if message.src == self._source:
            self.acknowledged(message.seq, now)
            if self.creates is not None and not self.joined.done():
                self.joined.set_result(now)
            return
        if known:
            return
        self.received((message.src, message.seq), now)
        if self.keep:
            self.seen.append((message.v, bytes(message.op)))

    def _submit(self, what: str) -> Hashable:
        self._sequence += 1
        self.send(
            f'{{"a":"op","c":"specs","d":"{self.document}","v":{self.version},"seq":{self._sequence},'
            f'"x":{{}},{what}}}'.encode()
        )
        return (self._source, self._sequence)

    def acknowledged(self, key: Hashable, now: float) -> None:
        super().acknowledged((self._source, key), now)


class ShareMemory(Program):
    """It keeps everything in memory, and ends with it."""

    name = "ShareDB, memory"
    durable = False
    keeps = False

    def command(self) -> Sequence[str]:
        return [node(), str(HERE / "sharedb.js"), str(self.port)]

    def versions(self) -> Mapping[str, str]:
        return node_versions("sharedb", "ot-text-unicode")

    def disk_bytes(self) -> int:
        return 0

    async def new_document(self, text: str) -> str:
        document = str(uuid4())
        (await ShareClient(Recorder(), self.port, document, text).connect()).close()
        return document

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        return await ShareClient(recorder, self.port, document).connect()

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        text = Text(first)
        steps: dict[int, bytes] = {}
        for watcher in watchers:
            assert isinstance(watcher, ShareClient)
            steps |= dict(watcher.seen)
        for _, operation in sorted(steps.items()):
            components = [-c["d"] if isinstance(c, dict) else c for c in msgspec.json.decode(operation)]
            text = text.apply(Operation.of(*components))
        return str(text)


class SharePostgres(ShareMemory):
    """It writes operation and snapshot in one statement before it acknowledges."""

    name = "ShareDB, PostgreSQL"
    durable = True
    keeps = True

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._database = Database(_make_tables)

    def start(self) -> None:
        node()
        self._database.start()
        super().start()

    def close(self) -> None:
        super().close()
        self._database.close()

    def command(self) -> Sequence[str]:
        return [*super().command(), self._database.url()]

    def versions(self) -> Mapping[str, str]:
        return {**node_versions("sharedb", "sharedb-postgres"), "PostgreSQL": self._database.version()}

    def database_pids(self) -> Sequence[int]:
        return [self._database.server.pid]

    def disk_bytes(self) -> int:
        return self._database.size()


async def _make_tables(url: str) -> None:
    import asyncpg

    statements = await asyncio.to_thread(TABLES.read_text)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
