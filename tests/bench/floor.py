"""The bare floor: what a Tornado server costs that commits each edit as ours does, and knows nothing else.

Run as a program it serves: ``python -m tests.bench.floor PORT DATABASE``. It speaks just enough of our protocol for
the same clients to load it. Edits that come while a commit runs go into the next one, by one statement of many rows
in a thread of its own (SQLite, WAL, ``synchronous=FULL``). What a commit made is encoded once, and each client
gets one frame for it. There is no transforming, no login, no role, no limit, and no text.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from jupyter_speccollab.handlers.socket.frames import text_frame

TABLE = """CREATE TABLE IF NOT EXISTS document_operations (spec_id TEXT, version INTEGER, operation_id TEXT,
    user_id TEXT, session_id TEXT, operations TEXT, applied_at TEXT, fingerprint TEXT,
    PRIMARY KEY (spec_id, version), UNIQUE (spec_id, operation_id)) WITHOUT ROWID"""
USER = "0" * 8 + "-0000-4000-8000-" + "0" * 12
TIME = "2026-01-01T00:00:00.000000Z"
COLUMNS = 8
BROADCAST = (
    b'{"event":"remote_operation","data":{"operationId":"%%b","userId":"%b","userName":"Somebody","sessionId":"%b",'
    b'"version":%%d,"operations":%%b,"timestamp":"%b"}}'
) % (USER.encode(), USER.encode(), TIME.encode())
ACKNOWLEDGEMENT = b'{"event":"operation_ack","data":{"operationId":"%b","version":%d,"success":true}}'


class Data(msgspec.Struct, rename="camel"):
    operation_id: str = ""
    operations: msgspec.Raw = msgspec.Raw(b"[]")

    def stored(self) -> str:
        return bytes(self.operations).decode()


class Event(msgspec.Struct):
    event: str
    data: Data


decode = msgspec.json.Decoder(Event).decode


class Document:
    """Who is there, and what waits for its commit."""

    def __init__(self, spec_id: str, file: str) -> None:
        self.spec_id = spec_id
        self.version = 0
        self.clients: list[Client] = []
        self.waiting: list[tuple[Client, Data]] = []
        self.committing: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(1)
        self.thread.submit(self._open, file).result()

    def _open(self, file: str) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", TABLE):
            self.connection.execute(statement)

    def submit(self, client: Client, data: Data) -> None:
        self.waiting.append((client, data))
        if self.committing is None:
            self.committing = asyncio.create_task(self._commit_all())

    async def _commit_all(self) -> None:
        while self.waiting:
            group, self.waiting = self.waiting, []
            first = self.version + 1
            rows = [
                (self.spec_id, version, data.operation_id, USER, USER, data.stored(), TIME, USER)
                for version, (_, data) in enumerate(group, first)
            ]
            await asyncio.get_running_loop().run_in_executor(self.thread, self._insert, rows)
            self.version += len(group)
            self._tell(first, group)
        self.committing = None

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        marks = ",".join(["(" + ",".join("?" * COLUMNS) + ")"] * len(rows))
        values = [value for row in rows for value in row]
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(f"INSERT INTO document_operations VALUES {marks}", values)
        self.connection.execute("COMMIT")

    def _tell(self, first: int, group: list[tuple[Client, Data]]) -> None:
        broadcasts = [
            BROADCAST % (data.operation_id.encode(), version, bytes(data.operations))
            for version, (_, data) in enumerate(group, first)
        ]
        own: dict[Client, list[int]] = {}
        for place, (client, _) in enumerate(group):
            own.setdefault(client, []).append(place)
        everything = text_frame(b"[" + b",".join(broadcasts) + b"]")
        for client in self.clients:
            if client not in own:
                client.tell(everything)
                continue
            events = list(broadcasts)
            for place in own[client]:
                events[place] = ACKNOWLEDGEMENT % (group[place][1].operation_id.encode(), first + place)
            client.tell(text_frame(b"[" + b",".join(events) + b"]"))


class Client(WebSocketHandler):
    def initialize(self, documents: dict[str, Document], file: str) -> None:
        self.documents, self.file = documents, file

    def open(self, spec_id: str) -> None:
        self.set_nodelay(True)
        self.document = self.documents.get(spec_id) or Document(spec_id, self.file)
        self.documents[spec_id] = self.document
        self.document.clients.append(self)
        self.tell(text_frame(b'{"event":"connect","data":{}}'))

    def on_message(self, frame: Any) -> None:
        event = decode(frame)
        if event.event == "operation":
            self.document.submit(self, event.data)
        else:
            joined = b'{"event":"session_joined","data":{"version":%d}}' % self.document.version
            self.tell(text_frame(joined))

    def on_close(self) -> None:
        self.document.clients.remove(self)

    def tell(self, frame: bytes) -> None:
        if self.ws_connection is not None and self.ws_connection.stream is not None:
            self.ws_connection.stream.write(frame)


async def main() -> None:
    port, file = int(sys.argv[1]), sys.argv[2]
    settings = {"documents": {}, "file": file}
    Application([("/ws/specs/(.*)", Client, settings)]).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
