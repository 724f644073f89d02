"""Drafts in a run: a session that sends its pending edits as a draft, and what it shows of the drafts of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from jupyter_speccollab.client.session import Session
from jupyter_speccollab.client.sync.frame import frame
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.text import EMPTY, Operation, from_wire, normalise, to_wire, transform

from .threads import ClientThreads

EXPIRES: Final = 5.0
"""Seconds without news of a session after which its draft is not shown any more."""


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft over the committed text of ``version``: the operation in flight, if any, and the buffer."""

    session_id: str
    user_id: str
    version: int
    operation_id: str | None
    first: Operation
    buffer: Operation
    until: float

    def after(self, committed: CommittedOperation) -> HeldDraft | None:
        """The draft after the next committed operation, as ``after`` of the page's ``presence/draft.ts``."""
        version, mine = committed.version, committed.session_id == self.session_id
        if self.operation_id is not None and committed.operation_id == self.operation_id:
            same = mine and committed.operation == self.first
            rest = replace(self, version=version, operation_id=None, first=EMPTY)
            return rest if same and not self.buffer.is_empty else None
        if committed.user_id == self.user_id:
            return None  # also of a session that was lost and goes on as another one
        first, over_first = _crossed(self.first, committed.operation)
        buffer, _ = _crossed(self.buffer, over_first)
        return replace(self, version=version, first=first, buffer=buffer)

    @property
    def inserted(self) -> str:
        """The text that it would insert."""
        components = (*self.first.components, *self.buffer.components)
        return "".join(component for component in components if isinstance(component, str))


def _crossed(draft: Operation, step: Operation) -> tuple[Operation, Operation]:
    return normalise(transform(draft, step, "left")), normalise(transform(step, draft, "right"))


class DraftingSession(Session):
    """A session that takes drafts and threads, and that says what it is typing whenever it is pumped.

    ``log`` returns the committed operations, from version 1. ``clock`` is in seconds.
    """

    log: Callable[[], list[CommittedOperation]]
    clock: Callable[[], float]
    threads: ClientThreads

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._held: dict[str, HeldDraft] = {}
        self._draft: bytes | None = None
        super().__init__(*arguments, **named)

    @property
    def drafts(self) -> list[HeldDraft]:
        """The drafts of others at the version of the replica."""
        replica, log = self.exchange.replica, self.log()
        if replica is None or not self.is_connected:
            return []
        for session_id, held in list(self._held.items()):
            draft: HeldDraft | None = held if held.until > self.clock() else None
            for committed in log[held.version : replica.version]:
                draft = draft and draft.after(committed)
            if draft is None or draft.version > replica.version:
                del self._held[session_id]
            else:
                self._held[session_id] = draft
        return list(self._held.values())

    def draft(self) -> None:
        """Send what is pending with the cursor; or end the draft, if nothing is."""
        replica = self.exchange.replica
        if replica is None or not self.is_connected:
            return
        outstanding, buffer = replica.pending.outstanding, replica.pending.buffer
        if outstanding is None and buffer is None:
            if self._draft is not None:
                self._say(None)
            return
        flying = None
        if outstanding is not None:
            operations = to_wire(outstanding.operation)
            flying = {"operationId": outstanding.operation_id, "operations": operations}
        self._say(
            {
                "version": replica.version,
                "inFlight": flying,
                "operations": [] if buffer is None else to_wire(buffer),
            }
        )

    def _say(self, draft: dict[str, Any] | None) -> None:
        replica = self.exchange.replica
        assert replica is not None
        said = frame("cursor_update", {"cursor": None, "version": replica.version, "draft": draft})
        if said != self._draft:
            self._draft = said if draft is not None else None
            self._send(said)

    def _send(self, content: bytes) -> None:
        message = msgspec.json.decode(content)
        if message["event"] == "join_session":
            content = frame("join_session", {**message["data"], "features": ["drafts", "threads"]})
        elif message["event"] == "operation" and "cursor" in message["data"]:
            self._draft = None
        super()._send(content)

    def _take(self, event: str, data: dict[str, Any]) -> None:
        super()._take(event, data)
        match event:
            case "session_joined":
                self._held, self._draft = {}, None
                self.threads.joined(data["threadsVersion"])
            case "threads_changed":
                self.threads.told(data)
            case "user_left":
                self._held = {key: held for key, held in self._held.items() if held.user_id != data["userId"]}
            case "remote_cursor":
                self._held.pop(data["sessionId"], None)
                if (draft := data.get("draft")) is not None:
                    self._hold(data["sessionId"], data["userId"], draft)

    def _hold(self, session_id: str, user_id: str, draft: dict[str, Any]) -> None:
        flying, version = draft["inFlight"], draft["version"]
        length = self._length_at(version)
        first = EMPTY if flying is None else from_wire(flying["operations"], length)
        buffer = from_wire(draft["operations"], length + first.length_change)
        operation_id = None if flying is None else flying["operationId"]
        for other, held in list(self._held.items()):
            if operation_id is not None and held.operation_id == operation_id:
                del self._held[other]
        until = self.clock() + EXPIRES
        self._held[session_id] = HeldDraft(session_id, user_id, version, operation_id, first, buffer, until)

    def _length_at(self, version: int) -> int:
        return sum(committed.operation.length_change for committed in self.log()[:version])
