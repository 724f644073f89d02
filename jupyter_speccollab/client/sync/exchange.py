"""The exchange: keeps a replica and the server's document together, without a network or a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from jupyter_speccollab.client.sync import selection
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.frame import frame, size
from jupyter_speccollab.client.sync.inquiry import Inquiry, Wanted
from jupyter_speccollab.client.sync.pacing import Pacing
from jupyter_speccollab.client.sync.pending import Outstanding, Pending
from jupyter_speccollab.client.sync.recovery import Recovery, unsent_over
from jupyter_speccollab.client.sync.refusal import error_of
from jupyter_speccollab.client.sync.replica import Received, Replica
from jupyter_speccollab.client.sync.selection import Selection
from jupyter_speccollab.client.sync.split import split
from jupyter_speccollab.errors import InvalidContent, InvalidOperation, SpecCollabError
from jupyter_speccollab.text import (
    Operation,
    diff,
    to_wire,
)

ANSWER_WITHIN: Final = 30.0
"""Seconds without an answer after which the operation in flight is sent once more."""

STORE_RETRY: Final = 2.0
"""Seconds to wait where the server can't reach its store and doesn't say for how long."""

FAULTS_BORNE: Final = 5
"""How often an operation is sent again after a fault of the server."""

ENVELOPE: Final = 256
"""What a frame takes beside its operations, in bytes, at the most."""

WIDEST_CURSOR: Final = {"line": 99_999_999, "column": 99_999_999, "selection": None}


class Exchange:
    """Takes the client's edits and the server's events; says what to send, and how the text changes.

    ``send`` gets frames, ``changed`` what others did to the text. Times are seconds of one monotonic clock.
    After anything that was said to it, `pump` sends what is due.

    Laws (``test_exchange.py``): with every edit acknowledged all clients hold the same text, whatever was
    delayed, cut or sent twice; an operation that is sent again is the same to the byte.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        changed: Callable[[Change], None],
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        self.replica: Replica | None = None
        self.failure: SpecCollabError | None = None
        """Why no edit is sent any more; what is pending is kept."""
        self.writable = False
        self.merges = 0
        """How often texts were merged by three ways."""
        self.cursor: Selection | None = None
        """The own cursor and where its selection began, as offsets in the shown text."""
        self._cursor_sent: Selection | None = None
        self._send = send
        self._changed = changed
        self._new_id = new_id
        self._online = False
        self._recovery: Recovery | None = None
        self._inquiry = Inquiry(send)
        self._pacing: Pacing | None = None
        self._again_at: float | None = None
        self._faults = 0
        self._operation_id: str | None = None
        self._size_limit = 10_000

    @property
    def is_synchronised(self) -> bool:
        """Whether the server has every edit."""
        return self.replica is not None and self.replica.pending.is_synchronised and self._recovery is None

    # the connection ---------------------------------------------------------------------------------------

    def joined(self, data: Mapping[str, Any], now: float) -> None:
        """The session was joined, with the text or with what was missed."""
        limits = data["limits"]
        self._online = True
        self._inquiry.answered()
        self._cursor_sent = None
        self._size_limit = min(limits["operationLength"], (limits["frameBytes"] - ENVELOPE) // 3)
        if self._pacing is None or self._pacing.limit != limits["operationsPerMinute"]:
            self._pacing = Pacing.start(limits["operationsPerMinute"], now)
        self._take(data, now)
        if self._recovery is None:
            self._again_at = now

    def disconnected(self) -> None:
        """The connection is gone; edits are kept."""
        self._online = False
        self._recovery = None
        self._again_at = None

    def fail(self, failure: SpecCollabError) -> None:
        """Nothing can be sent any more."""
        self.disconnected()
        self.failure = self.failure or failure

    # edits and events -------------------------------------------------------------------------------------

    def edit(self, operation: Operation) -> None:
        """The client edited; ``operation`` is over the shown text. Raises `InvalidOperation`."""
        assert self.replica is not None
        self.replica = self.replica.edited(operation)
        end = selection.end_of_last_edit(operation)
        if end is not None:
            self.cursor = (end, end)

    def receive(self, event: str, data: Mapping[str, Any], now: float) -> None:
        """Take an event of the server; those that are about something else are passed over."""
        match event:
            case "remote_operation":
                self._receive_entry(data, now)
            case "operation_ack":
                self._take_answer(data, now)
            case "version_conflict":
                self._take_conflict(data, now)
            case "sync":
                self._inquiry.answered()
                self._take(data, now)
            case "error" if self._inquiry.is_open:
                self._inquiry.failed(now)
            case "error" if data.get("code") == "VERSION_CONFLICT":
                self._request_sync("steps")

    def pump(self, now: float) -> float | None:
        """Send what is due; in how many seconds to call again, ``None`` where only the server can move things."""
        if not self._online or self.replica is None:
            return None
        waits = self._inquiry.pump(self.replica.version, now), self._pump_edits(self.replica.pending, now)
        return min((wait for wait in waits if wait is not None), default=None)

    def _pump_edits(self, pending: Pending, now: float) -> float | None:
        if pending.outstanding is None and pending.buffer is not None and self._recovery is None:
            return self._pump_buffer(now)
        if pending.outstanding is not None and self._again_at is not None:
            if now >= self._again_at:
                self._send_outstanding(pending.outstanding, now)
            return self._again_at - now
        if pending.is_synchronised:
            self._send_cursor()
        return None

    def _pump_buffer(self, now: float) -> float | None:
        assert self._pacing is not None
        assert self.replica is not None
        if not self.writable:
            self.fail(error_of("FORBIDDEN"))
            return None
        wait = self._pacing.wait(now)
        if wait > 0:
            return wait
        outstanding = self._dispatch(self.replica)
        self._send_outstanding(outstanding, now)
        return ANSWER_WITHIN

    def _send_outstanding(self, outstanding: Outstanding, now: float) -> None:
        assert self._pacing is not None
        self._send(outstanding.frame)
        self._pacing = self._pacing.sent(now)
        self._again_at = now + ANSWER_WITHIN

    def _dispatch(self, replica: Replica) -> Outstanding:
        """Bring as much of the buffer into flight as one message may hold."""
        assert replica.pending.buffer is not None
        operation_id, self._operation_id = self._operation_id or self._new_id(), None
        data: dict[str, Any] = {"operationId": operation_id, "version": replica.version, "operations": []}
        budget = self._size_limit - size({**data, "cursor": WIDEST_CURSOR})
        head, rest = split(replica.pending.buffer, budget)
        data["operations"] = to_wire(head)
        if rest is None and self.cursor is not None and self.cursor[0] == self.cursor[1]:
            data["cursor"] = selection.to_wire(self.cursor, replica.text)
            self._cursor_sent = self.cursor
        outstanding = Outstanding(operation_id, frame("operation", data), size(data), replica.version, head)
        self.replica = replace(replica, pending=replica.pending.sent(outstanding, rest))
        return outstanding

    def _send_cursor(self) -> None:
        """The own cursor by itself, where no operation carries it."""
        if self.cursor is not None and self.cursor != self._cursor_sent and self.replica is not None:
            self._cursor_sent = self.cursor
            data = {
                "cursor": selection.to_wire(self.cursor, self.replica.text),
                "version": self.replica.version,
            }
            self._send(frame("cursor_update", data))

    # answers ----------------------------------------------------------------------------------------------

    def _take_answer(self, data: Mapping[str, Any], now: float) -> None:
        if self.replica is None or data["operationId"] != _id_in_flight(self.replica):
            return
        if not data["success"]:
            self._refused(data, now)
        elif self._recovery is not None:
            self._fetch(committed=True)
        else:
            left = data.get("rateLimit")
            if left is not None and self._pacing is not None:
                self._pacing = self._pacing.told(left["remaining"], left["resetMs"] / 1000, now)
            self._settle(self.replica.acknowledged(data["version"]), data, now)

    def _refused(self, data: Mapping[str, Any], now: float) -> None:
        assert self.replica is not None
        assert self._pacing is not None
        code = data["code"]
        if code == "RATE_LIMITED":
            seconds = data.get("retryAfterMs", 1000) / 1000
            self._pacing = self._pacing.refused(seconds, now)
            self._again_at = now + seconds
        elif code == "STORE_UNAVAILABLE":
            self._again_at = now + data.get("retryAfterMs", STORE_RETRY * 1000) / 1000
        elif code == "OPERATION_ID_REUSED":
            self._fetch(committed=None)
        elif self._recovery is not None:
            self._fetch(committed=False)
        elif code == "INTERNAL" and self._faults < FAULTS_BORNE:
            self._faults += 1
            self._again_at = now + STORE_RETRY * self._faults
        elif code == "OPERATION_TOO_LARGE" and self._is_oversized():
            self._again_at = None
            self.replica = self.replica.refused()
        else:
            self.fail(error_of(code, data.get("message", "")))

    def _is_oversized(self) -> bool:
        """Whether the limit has been lowered since the operation was made."""
        outstanding = self.replica.pending.outstanding if self.replica else None
        return outstanding is not None and outstanding.size > self._size_limit

    def _take_conflict(self, data: Mapping[str, Any], now: float) -> None:
        sent = None if self.replica is None else self.replica.pending.outstanding
        if (
            self.replica is None
            or sent is None
            or (data["operationId"], data["expectedVersion"]) != (sent.operation_id, sent.base_version)
        ):
            return  # another one's, or the answer to an earlier sending
        self._again_at = None
        if self._recovery is not None:
            self._fetch(committed=False)
            return
        for entry in data["conflictingOperations"]:
            self._receive_entry(entry, now)
        if self.replica.version == data["currentVersion"] and self._recovery is None:
            self._operation_id = data["operationId"]
            self.replica = self.replica.refused()
        else:
            self._fetch(committed=False)

    # the server's text ------------------------------------------------------------------------------------

    def _take(self, data: Mapping[str, Any], now: float) -> None:
        if data.get("content") is not None:
            self._take_content(data, now)
        elif self.replica is not None and data["epoch"] != self.replica.epoch:
            self._request_sync("content")
        else:
            for entry in data.get("operations", ()):
                self._receive_entry(entry, now)

    def _receive_entry(self, entry: Mapping[str, Any], now: float) -> None:
        if self.replica is None:
            return
        if self._recovery is not None:
            if entry["operationId"] == _id_in_flight(self.replica):
                self._fetch(committed=True)
            return
        try:
            self._settle(self.replica.received(entry), entry, now)
        except (InvalidOperation, InvalidContent):
            self._request_sync("content")

    def _settle(self, received: Received, entry: Mapping[str, Any], now: float) -> None:
        self.replica = received.replica
        match received.outcome:
            case "acknowledged":
                self._again_at = None
                self._faults = 0
            case "gap":
                self._request_sync("steps")
            case "contradiction":
                self._fetch(committed=True)
            case "applied" if received.change is not None:
                user = entry.get("userId"), entry.get("userName")
                self._show(Change(received.replica.version, received.change, *user))

    def _take_content(self, server: Mapping[str, Any], now: float) -> None:
        replica = self.replica
        if replica is None:
            self.replica = Replica.of(server["epoch"], server["version"], server["content"])
            return
        same_history = server["epoch"] == replica.epoch and server["version"] >= replica.version
        if self._recovery is None and same_history and server["version"] == replica.version:
            return
        if self._recovery is None and same_history and replica.pending.outstanding is not None:
            self._recovery = Recovery("asking")
            self._again_at = now
            return
        self._adopt(replica, server, same_history)

    def _adopt(self, replica: Replica, server: Mapping[str, Any], same_history: bool) -> None:
        """The server's text takes the place of the committed one, with what is unsent merged into it."""
        committed = self._recovery.committed if self._recovery is not None and same_history else None
        if self._recovery is None and same_history:
            committed = False
        adopted = Replica.of(server["epoch"], server["version"], server["content"])
        unsent = unsent_over(replica, adopted.committed, committed)
        if not replica.pending.is_synchronised:
            self.merges += 1
        self._recovery = None
        self._again_at = None
        text = adopted.text.apply(unsent)
        buffer = None if unsent.is_empty else unsent
        self.replica = replace(adopted, text=text, pending=Pending(None, buffer))
        change = diff(str(replica.text), str(text))
        if not change.is_empty:
            self._show(Change(adopted.version, change))

    def _show(self, change: Change) -> None:
        if self.cursor is not None:
            was_sent = self._cursor_sent == self.cursor
            self.cursor = selection.moved(self.cursor, change.operation)
            self._cursor_sent = self.cursor if was_sent else self._cursor_sent
        self._changed(change)

    def _fetch(self, committed: bool | None) -> None:
        self._again_at = None
        self._recovery = Recovery("fetching", committed)
        self._request_sync("content")

    def _request_sync(self, wanted: Wanted) -> None:
        if self.replica is not None:
            self._inquiry.ask(wanted, self.replica.version)


def _id_in_flight(replica: Replica) -> str | None:
    outstanding = replica.pending.outstanding
    return None if outstanding is None else outstanding.operation_id
