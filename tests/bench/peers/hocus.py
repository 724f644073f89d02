"""Hocuspocus: Yjs documents on Node, stored in SQLite two seconds after the last edit."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

from tests.bench.frames import BINARY
from tests.bench.load import Recorder, Typist
from tests.bench.peers import ysync
from tests.bench.peers.install import HERE, node, node_versions, show_pycrdt
from tests.bench.peers.ysync import Reader, YTypist, chunk, number
from tests.bench.program import Program

AUTHENTICATION, SYNC_STATUS = 2, 8
TOKEN: Final = 0


class HocuspocusClient(YTypist):
    """Frames begin with the document's name; every update is answered by a status, in order."""

    def __init__(self, recorder: Recorder, port: int, document: str) -> None:
        super().__init__(recorder, port, "/", {"Person": str(uuid4())})
        self._name = chunk(document.encode())
        self._unanswered: deque[Hashable] = deque()

    def opened(self) -> None:
        self.send(self._name + number(AUTHENTICATION) + number(TOKEN) + chunk(b""), BINARY)
        self.send_sync(ysync.STEP_1, ysync.NOTHING_KNOWN)

    def send_sync(self, kind: int, payload: bytes) -> None:
        self.send(self._name + number(ysync.SYNC) + number(kind) + chunk(payload), BINARY)

    def take(self, payload: bytes, now: float) -> None:
        reader = Reader(payload)
        reader.chunk()
        kind = reader.number()
        if kind == ysync.SYNC:
            self.take_sync(reader, now)
        elif kind == SYNC_STATUS:
            assert reader.number() == 1, "an update was refused"
            self.acknowledged(self._unanswered.popleft(), now)

    def _send_made(self, count: int) -> Hashable:
        key = super()._send_made(count)
        self._unanswered.append(key)
        return key


class Hocuspocus(Program):
    name = "Hocuspocus"
    durable = False
    keeps = True

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._file = directory / "hocuspocus.sqlite3"

    def start(self) -> None:
        show_pycrdt()
        super().start()

    def command(self) -> Sequence[str]:
        return [node(), str(HERE / "hocuspocus.mjs"), str(self.port), str(self._file)]

    def versions(self) -> Mapping[str, str]:
        return node_versions("@hocuspocus/server", "yjs")

    async def new_document(self, text: str) -> str:
        document = str(uuid4())
        client = HocuspocusClient(Recorder(), self.port, document)
        await client.connect()
        if text:
            await client.write(text)
        client.close()
        return document

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        return await HocuspocusClient(recorder, self.port, document).connect()

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        return ysync.rebuilt(watchers[0])
