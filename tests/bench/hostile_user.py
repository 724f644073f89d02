"""What one hostile user can do: requests, sockets, and a count of what came back."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self
from uuid import uuid4

from tests.bench.frames import FrameClient
from tests.bench.hostile_wire import PATIENCE, Answer, request

SMALL: Final = 200_000
"""Bytes up to which a frame is read; of a larger one only its name."""

Component = dict[str, Any]


class HostileUser:
    """One login on a server, and ``got``: what came, how often."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.port = port
        self.headers = headers
        self.got: Counter[str] = Counter()
        self.largest = 0
        """The largest frame or body that came, in bytes."""

    async def ask(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        raw: bytes | None = None,
        leave_after: float | None = None,
    ) -> Answer:
        body = raw if raw is not None or data is None else json.dumps(data, ensure_ascii=False).encode()
        answer = await request(self.port, method, path, self.headers, body, leave_after)
        self.largest = max(self.largest, len(answer.body))
        what = "left" if leave_after is not None and not answer.status else answer.kind()
        self.got[f"{method} {what}"] += 1
        return answer

    async def new_spec(self, content: str, title: str = "Spec") -> str:
        """Create a spec; returns its id."""
        return str(
            (await self.ask("POST", "api/specs", {"title": title, "content": content})).data()["specId"]
        )

    async def put(self, spec_id: str, content: str, version: int) -> Answer:
        return await self.ask(
            "PUT", f"api/specs/{spec_id}/document", {"content": content, "version": version}
        )

    async def document(self, spec_id: str) -> Any:
        return (await self.ask("GET", f"api/specs/{spec_id}/document")).data()

    async def socket(self, spec_id: str, **join: Any) -> HostileSocket:
        """A socket that has joined. Raises `ConnectionError` where it may not."""
        return await HostileSocket(self, spec_id, join).connect()

    async def commit_all(self, spec_id: str, operations: Iterable[Sequence[Component]]) -> int:
        """Commit operations one after the other, 20 in flight; returns the version that the last one got."""
        socket = await self.socket(spec_id)
        flying: list[asyncio.Future[dict[str, Any]]] = []
        for components in operations:
            flying.append(socket.operation(components, socket.version))
            if len(flying) > 20:
                await flying.pop(0)
        for answer in flying:
            await answer
        socket.close()
        return socket.version


class HostileSocket(FrameClient):
    """A session of the user in a spec. ``version`` is the newest that it has seen."""

    def __init__(self, user: HostileUser, spec_id: str, join: Mapping[str, Any]) -> None:
        super().__init__(user.port, f"/ws/specs/{spec_id}", user.headers)
        self.user = user
        self.spec_id = spec_id
        self.version = 0
        self._join = dict(join)
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.is_closed = asyncio.get_running_loop().create_future()

    def say(self, event: str, **data: Any) -> None:
        """Send an event."""
        self.send(json.dumps({"event": event, "data": data}).encode())

    def operation(
        self, components: Sequence[Component], version: int, **more: Any
    ) -> asyncio.Future[dict[str, Any]]:
        """Send an operation; the result is its acknowledgement, refusal or conflict."""
        operation_id = str(uuid4())
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[operation_id] = answer
        data = {"operationId": operation_id, "version": version, "operations": list(components), **more}
        self.send(json.dumps({"event": "operation", "data": data}, separators=(",", ":")).encode())
        return answer

    async def until(self, event: str, patience: float = PATIENCE) -> dict[str, Any] | None:
        """Wait for the next event of this name; ``None`` where the connection ends, or none comes in time."""
        waited = self._waiting.setdefault(event, asyncio.get_running_loop().create_future())
        await asyncio.wait({waited, self.is_closed}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        return waited.result() if waited.done() else None

    async def sync(self, version: int, **more: Any) -> None:
        """Ask for what came since a version, and wait for the answer."""
        self.say("request_sync", lastKnownVersion=version, **more)
        if await self.until("sync") is None:
            self.user.got["sync: no answer"] += 1

    def take(self, payload: bytes, now: float) -> None:
        self.user.largest = max(self.user.largest, len(payload))
        if len(payload) > SMALL:
            name = payload[:40].split(b'"')[3].decode()
            self._take(name, json.loads(payload)["data"] if name == "session_joined" else {})
            return
        event = json.loads(payload)
        self._take(event["event"], event["data"])

    def _take(self, name: str, data: dict[str, Any]) -> None:
        match name:
            case "connect":
                self.say("join_session", specId=self.spec_id, **self._join)
                return
            case "session_joined":
                self.version = data["version"]
                if not self.joined.done():
                    self.joined.set_result(time.perf_counter())
            case "remote_operation":
                self.version = max(self.version, data.get("version", 0))
            case "operation_ack" | "version_conflict":
                if data.get("success"):
                    self.version = max(self.version, data["version"])
                kind = "ack" if data.get("success") else data.get("code", name)
                self.user.got[kind] += 1
                self._answer(data)
            case "error":
                self.user.got[f"error {data['code']}"] += 1
        if (waited := self._waiting.pop(name, None)) is not None and not waited.done():
            waited.set_result(data)

    def _answer(self, data: dict[str, Any]) -> None:
        answer = self._answers.pop(data["operationId"], None)
        if answer is not None and not answer.done():
            answer.set_result(data)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.close_code:
            self.user.got[f"closed {self.close_code}"] += 1
        if not self.is_closed.done():
            self.is_closed.set_result(None)
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result({"code": "closed"})


class SilentSocket(FrameClient):
    """A socket that opens and never joins."""

    def __init__(self, user: HostileUser, spec_id: str) -> None:
        super().__init__(user.port, f"/ws/specs/{spec_id}", user.headers)
        self.user = user

    async def connect(self) -> Self:
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)
        return self

    def opened(self) -> None:
        self.user.got["opened"] += 1

    def take(self, payload: bytes, now: float) -> None:
        name = json.loads(payload)["event"]
        if name == "error":
            self.user.got[f"error {json.loads(payload)['data']['code']}"] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self.user.got[f"closed {self.close_code}" if self.close_code else "dropped"] += 1
