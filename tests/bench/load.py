"""Light clients that load a server and note when everything arrives.

They transform nothing: each inserts one character somewhere in the text that the document began with, which no
one deletes, so that its position is valid at whatever version.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from uuid import uuid4

import msgspec

from jupyter_speccollab.text import Operation, to_wire
from tests.bench.frames import FrameClient

FIRST_LENGTH = 10_000
"""Code points that a document begins with, where nothing else is said."""


STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
AGAIN = 0.1
"""Seconds after which an operation that was refused by that code is sent again, as it was."""


class Recorder:
    """When operations were due, and how long they took, in seconds."""

    def __init__(self) -> None:
        self.due: dict[Hashable, float] = {}
        self.to_ack: list[float] = []
        self.to_others: list[float] = []

    def acknowledged(self, key: Hashable, now: float) -> None:
        self.to_ack.append(now - self.due[key])

    def received(self, key: Hashable, now: float) -> None:
        due = self.due.get(key)
        if due is not None:
            self.to_others.append(now - due)


class Typist(FrameClient):
    """One person in a document. A subclass speaks a server's protocol: it sends an edit, and says what came.

    Where it ``waits``, one edit is in flight, and the next goes out with its acknowledgement.
    """

    waits = True

    def __init__(self, recorder: Recorder, port: int, path: str, headers: Mapping[str, str]) -> None:
        super().__init__(port, path, headers)
        self.recorder = recorder
        self.idle: Callable[[], None] = lambda: None
        """Called with each acknowledgement."""

        self.keep = False
        """Whether to keep what comes, so that the text can be made from it."""

        self.reach = FIRST_LENGTH
        """Edits are made before this offset, in code points."""

        self.sent = self.answered = self.heard = self.refused = 0
        self._waiting: deque[float] = deque()
        self._random = random.Random(path + str(headers))

    def edit(self, due: float) -> None:
        """An edit that was due at ``due``."""
        if self.waits and self.sent > self.answered:
            self._waiting.append(due)
            return
        self.recorder.due[self.send_insert(self._random.randrange(self.reach))] = due
        self.sent += 1

    def submit(self, operation: Operation) -> None:
        """Any operation, where nobody else edits."""
        self.recorder.due[self.send_operation(operation)] = time.perf_counter()
        self.sent += 1

    def pending(self) -> bool:
        """Whether an edit is not acknowledged yet."""
        return bool(self._waiting) or self.sent > self.answered

    def content(self) -> str:
        """The text that it joined with."""
        raise NotImplementedError

    def send_insert(self, position: int) -> Hashable:
        """Insert one character; returns what names the edit when it comes back."""
        raise NotImplementedError

    def send_operation(self, operation: Operation) -> Hashable:
        """As `send_insert`."""
        raise NotImplementedError

    def acknowledged(self, key: Hashable, now: float) -> None:
        """An edit of its own is settled."""
        self.answered += 1
        self.recorder.acknowledged(key, now)
        if self._waiting:
            self.edit(self._waiting.popleft())
        self.idle()

    def received(self, key: Hashable, now: float) -> None:
        """Somebody else's edit has come."""
        self.heard += 1
        self.recorder.received(key, now)


class Data(msgspec.Struct, rename="camel"):
    version: int = 0
    operation_id: str = ""
    success: bool = True
    operations: msgspec.Raw = msgspec.Raw(b"")
    content: str = ""
    code: str = ""
    message: str = ""


class Event(msgspec.Struct):
    event: str
    data: Data


_batch = msgspec.json.Decoder(list[Event])
_single = msgspec.json.Decoder(Event)


class LoadClient(Typist):
    """A session of ours, or of the bare floor."""

    def __init__(self, recorder: Recorder, port: int, path: str, headers: Mapping[str, str]) -> None:
        super().__init__(recorder, port, path, headers)
        self.version = 0
        self.seen: list[tuple[int, bytes]] = []
        """Version, and the JSON of the components."""
        self._content = ""
        self._last = b""

    def content(self) -> str:
        return self._content

    def send_insert(self, position: int) -> Hashable:
        return self.send_components(f'[{{"type":"insert","position":{position},"content":"x"}}]')

    def send_operation(self, operation: Operation) -> Hashable:
        return self.send_components(msgspec.json.encode(to_wire(operation)).decode())

    def send_components(self, components: str, behind: int = 0) -> str:
        """Send an operation that was made ``behind`` versions ago; returns its operationId."""
        operation_id = str(uuid4())
        self._last = (
            f'{{"event":"operation","data":{{"operationId":"{operation_id}","version":{self.version - behind},'
            f'"operations":{components}}}}}'.encode()
        )
        self.send(self._last)
        return operation_id

    def take(self, payload: bytes, now: float) -> None:
        events = _batch.decode(payload) if payload[:1] == b"[" else (_single.decode(payload),)
        for event in events:
            self.take_event(event, now)

    def take_event(self, event: Event, now: float) -> None:
        data = event.data
        match event.event:
            case "remote_operation":
                self.step(data.version)
                self.received(data.operation_id, now)
                if self.keep:
                    self.seen.append((data.version, bytes(data.operations)))
            case "operation_ack":
                if data.code == STORE_UNAVAILABLE:
                    self.refused += 1
                    asyncio.get_running_loop().call_later(AGAIN, self.send, self._last)
                    return
                assert data.success, f"{data.code}: {data.message}"
                self.step(data.version)
                self.acknowledged(data.operation_id, now)
            case "connect":
                spec_id = self._path.rsplit("/", 1)[1]
                join = f'{{"event":"join_session","data":{{"specId":"{spec_id}","batch":true}}}}'
                self.send(join.encode())
            case "session_joined":
                self.version, self._content = data.version, data.content
                self.joined.set_result(now)

    def step(self, version: int) -> None:
        """Versions come without a gap."""
        assert version == self.version + 1, f"version {version} after {self.version}"
        self.version = version
