"""A reference server and a lossy network for the exchange, without sockets, a clock or randomness."""

from __future__ import annotations

import json
from collections import deque
from typing import Any
from uuid import UUID

from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.exchange import Exchange
from jupyter_speccollab.client.sync.recovery import Adoption
from jupyter_speccollab.text import apply, from_wire, normalise, to_wire, transform

LIMITS = {"operationsPerMinute": 1_000_000, "operationLength": 400, "frameBytes": 65_536}


class ReferenceServer:
    """The protocol's rules in their simplest form.

    The server transforms operations up to ``reach`` versions old, and lists up to ``listed`` operations.
    """

    def __init__(self, content: str, reach: int, listed: int) -> None:
        self.log: list[dict[str, Any]] = []
        self.texts = [content]
        self.reach = reach
        self.listed = listed
        self.epoch = "first"
        self.ailing = ""
        """``before`` or ``after``: the next operation gets STORE_UNAVAILABLE before or after its commit."""
        self.clients: list[SimulatedClient] = []

    @property
    def version(self) -> int:
        return len(self.log)

    @property
    def content(self) -> str:
        return self.texts[-1]

    def take(self, client: SimulatedClient, event: str, data: dict[str, Any]) -> None:
        match event:
            case "join_session":
                version = data.get("lastKnownVersion")
                since = None if data.get("epoch") != self.epoch else self._since(version)
                client.hear("session_joined", self._state(since) | {"limits": LIMITS})
            case "request_sync":
                client.hear(
                    "sync",
                    self._state(None if data.get("content") else self._since(data["lastKnownVersion"])),
                )
            case "operation":
                self._operation(client, data)

    def _operation(self, client: SimulatedClient, data: dict[str, Any]) -> None:
        operation_id, base = data["operationId"], data["version"]
        ailing, self.ailing = self.ailing, ""
        if ailing == "before":
            client.hear("operation_ack", _refusal(operation_id, "STORE_UNAVAILABLE", retryAfterMs=10))
            return
        known = next((entry for entry in self.log if entry["operationId"] == operation_id), None)
        if known is None:
            if not self.version - self.reach <= base <= self.version:
                self._conflict(client, operation_id, base)
                return
            known = self._commit(client, data)
        if ailing == "after":
            client.hear("operation_ack", _refusal(operation_id, "STORE_UNAVAILABLE", retryAfterMs=10))
        else:
            client.hear(
                "operation_ack", {"operationId": operation_id, "version": known["version"], "success": True}
            )

    def _commit(self, client: SimulatedClient, data: dict[str, Any]) -> dict[str, Any]:
        operation = from_wire(data["operations"], len(self.texts[data["version"]]))
        for entry in self.log[data["version"] :]:
            against = from_wire(entry["operations"], len(self.texts[entry["version"] - 1]))
            operation = normalise(transform(operation, against, "left"))
        self.texts.append(apply(operation, self.content))
        entry = {
            "operationId": data["operationId"],
            "userId": client.name,
            "userName": client.name,
            "version": self.version + 1,
            "operations": to_wire(operation),
        }
        self.log.append(entry)
        for other in self.clients:
            if other is not client:
                other.hear("remote_operation", entry)
        return entry

    def _conflict(self, client: SimulatedClient, operation_id: str, base: int) -> None:
        since = self._since(base)
        client.hear(
            "version_conflict",
            {
                "operationId": operation_id,
                "expectedVersion": base,
                "currentVersion": self.version,
                "conflictingOperations": since or [],
            },
        )
        if since is None:
            client.hear("sync", self._state(None))

    def _since(self, version: int | None) -> list[dict[str, Any]] | None:
        if version is None or version > self.version or self.version - version > self.listed:
            return None
        return self.log[version:]

    def _state(self, since: list[dict[str, Any]] | None) -> dict[str, Any]:
        state: dict[str, Any] = {"version": self.version, "epoch": self.epoch}
        return state | ({"content": self.content} if since is None else {"operations": since})


class SimulatedClient:
    """An exchange whose frames are queued in both directions until the test lets them through.

    The client ``b`` compares texts as if in a thread: the outcome comes at the next `let_down`, and edits may come
    before it.
    """

    def __init__(self, server: ReferenceServer, name: str) -> None:
        self.name = name
        self.server = server
        self.up: deque[bytes] = deque()
        self.down: deque[tuple[str, dict[str, Any]]] = deque()
        self.now = 0.0
        self.ids = 0
        self.sent: dict[str, list[bytes]] = {}
        self.conflicts: set[str] = set()
        self.shown: str | None = None
        self.adoption: Adoption | None = None
        later = self._adopt_later if name == "b" else None
        self.exchange = Exchange(self._send, self._changed, self._new_id, adopt_later=later)
        self.exchange.writable = True
        server.clients.append(self)
        self.join()

    @property
    def text(self) -> str:
        assert self.exchange.replica is not None
        return str(self.exchange.replica.text)

    @property
    def is_at_rest(self) -> bool:
        """Whether no frame is queued and the server has every edit."""
        return self.exchange.is_synchronised and not self.up and not self.down

    def join(self) -> None:
        replica = self.exchange.replica
        known = {} if replica is None else {"lastKnownVersion": replica.version, "epoch": replica.epoch}
        self.up.append(json.dumps({"event": "join_session", "data": known}).encode())

    def hear(self, event: str, data: dict[str, Any]) -> None:
        self.down.append((event, json.loads(json.dumps(data))))

    def cut(self) -> None:
        """The connection breaks: the frames queued in both directions are lost."""
        self.up.clear()
        self.down.clear()
        self.adoption = None
        self.exchange.disconnected()
        self.join()

    def let_up(self) -> None:
        if self.up:
            said = json.loads(self.up.popleft())
            if said["event"] == "join_session":
                self.down.clear()
            self.server.take(self, said["event"], said["data"])

    def let_down(self) -> None:
        if self.adoption is not None:
            self._adopt(self.adoption)
            return
        if not self.down:
            return
        event, data = self.down.popleft()
        if event == "session_joined":
            self.exchange.joined(data, self.now)
        else:
            if event == "version_conflict":
                self.conflicts.add(data["operationId"])
            self.exchange.receive(event, data, self.now)
        if self.shown is None and self.exchange.replica is not None:
            self.shown = self.text
        self.pump()

    def edit(self, position: int, delete: int, content: str) -> None:
        if self.exchange.replica is None:
            return
        position = position % (len(self.text) + 1)
        delete = min(delete, len(self.text) - position)
        wire: list[dict[str, Any]] = [{"type": "delete", "position": position, "length": delete}]
        operation = from_wire([*wire, {"type": "insert", "content": content}], len(self.text))
        self.exchange.edit(operation)
        assert self.shown is not None
        self.shown = apply(operation, self.shown)
        self.pump()

    def pump(self) -> None:
        self.now += 0.05
        self.exchange.pump(self.now)

    def _adopt_later(self, adoption: Adoption) -> None:
        self.adoption = adoption

    def _adopt(self, adoption: Adoption) -> None:
        self.adoption = None
        result = adoption.result()
        if self.ids % 2 and (edits := self.exchange.take_edits()) is not None:
            result = result.with_edits(edits)
        self.exchange.adopt(result, self.now)
        self.pump()

    def _send(self, frame: bytes) -> None:
        said = json.loads(frame)
        if said["event"] == "operation":
            self.sent.setdefault(said["data"]["operationId"], []).append(frame)
        if said["event"] != "cursor_update":
            self.up.append(frame)

    def _changed(self, change: Change) -> None:
        assert self.shown is not None
        self.shown = apply(change.operation, self.shown)

    def _new_id(self) -> str:
        self.ids += 1
        return str(UUID(int=self.ids, version=4)) + self.name


def _refusal(operation_id: str, code: str, **more: Any) -> dict[str, Any]:
    return {"operationId": operation_id, "success": False, "code": code, "message": code, **more}
