"""The exchange: keeps a replica and the server's document together, without a network or a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from jupyter_speccollab.client.sync import selection
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.sync.frame import frame
from jupyter_speccollab.client.sync.inquiry import Inquiry, Wanted
from jupyter_speccollab.client.sync.meanwhile import Meanwhile
from jupyter_speccollab.client.sync.recovery import Adopted, Adoption, Recovery, is_outdated, step_after
from jupyter_speccollab.client.sync.refusal import Fail, Fetch, Split, error_of
from jupyter_speccollab.client.sync.replica import Received, Replica
from jupyter_speccollab.client.sync.selection import Selection
from jupyter_speccollab.client.sync.sending import Sending
from jupyter_speccollab.errors import InvalidContent, InvalidOperation, SpecCollabError
from jupyter_speccollab.text import Operation, Text


class Exchange:
    """Takes the client's edits and the server's events; says what to send, and how the text changes.

    ``send`` gets frames, ``changed`` each change of the text that the client did not make. ``stalled`` is called
    when the server owes an answer for too long, and the connection should be given up. Times are seconds of one
    monotonic clock. After every call, `pump` sends what is due.

    The server's text as a whole is compared with the client's. If ``adopt_later`` is given, it gets what is to be
    computed, and whoever gave it computes it anywhere and hands the outcome to `adopt`. Until then the client may
    edit, nothing is sent, and no further event may be received: events keep their order. A lost connection ends
    the wait; the next join begins anew. Without ``adopt_later`` the comparison is made at once.

    Laws: with every edit acknowledged all clients hold the same text, whatever was delayed, cut or sent twice;
    an operation that is sent again is the same to the byte (``test_exchange.py``). Given the same events, the
    TypeScript client sends the same frames and shows the same text (``test_vectors.py``).
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        changed: Callable[[Change], None],
        new_id: Callable[[], str] = lambda: str(uuid4()),
        stalled: Callable[[], None] = lambda: None,
        adopt_later: Callable[[Adoption], None] | None = None,
    ) -> None:
        self.replica: Replica | None = None
        self.failure: SpecCollabError | None = None
        """Why no edit is sent any more; what is pending is kept."""
        self.writable = False
        """Whether the user's role lets the server take edits."""
        self.merges = 0
        """How many times unsent edits were merged into a text that the server sent as a whole."""
        self.cursor: Selection | None = None
        """The client's cursor and the start of its selection, as offsets in the shown text."""
        self._cursor_sent: Selection | None = None
        self._send = send
        self._changed = changed
        self._is_online = False
        self._recovery: Recovery | None = None
        self._adopt_later = adopt_later
        self._adoption: Adoption | None = None
        self._edits = Meanwhile()
        """The edits since the text of `_adoption`."""
        self._inquiry = Inquiry(send, stalled)
        self._sending = Sending(send, new_id)

    @property
    def is_synchronised(self) -> bool:
        """Whether the server has every edit."""
        return self.replica is not None and self.replica.pending.is_synchronised and not self.is_recovering

    @property
    def is_recovering(self) -> bool:
        """Whether the server's text and this one are being brought together as wholes."""
        return self._recovery is not None or self._adoption is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the server owes an answer about the client's edits, or its text."""
        return self._sending.is_waiting or self._inquiry.is_open

    @property
    def size_limit(self) -> int:
        """The largest size of one operation, in UTF-16 units of its JSON."""
        return self._sending.size_limit

    # the connection ---------------------------------------------------------------------------------------

    def joined(self, data: Mapping[str, Any], now: float) -> None:
        """The session was joined; ``data`` holds the text, or the operations that were missed."""
        self._is_online = True
        self._inquiry.settled()
        self._cursor_sent = None
        self._sending.limit(data["limits"], now)
        self._take(data, now)
        if self._recovery is None:
            self._sending.resend(now)

    def disconnected(self) -> None:
        """The connection is gone; edits are kept."""
        self._is_online = False
        self._recovery = self._adoption = None
        self._inquiry.settled()
        self._sending.stop()

    def fail(self, failure: SpecCollabError) -> None:
        """Nothing can be sent any more."""
        self.disconnected()
        self.failure = self.failure or failure

    def resume(self) -> None:
        """Forget why nothing could be sent: a new connection is tried, with everything that is pending."""
        self.failure = None

    # edits and events -------------------------------------------------------------------------------------

    def edit(self, operation: Operation) -> None:
        """The client edited; ``operation`` is over the shown text. Raises `InvalidOperation`."""
        assert self.replica is not None
        self.replica = self.replica.edited(operation)
        if self._adoption is not None:
            self._edits.add(operation)
        end = selection.end_of_last_edit(operation)
        if end is not None:
            self.cursor = (end, end)

    def receive(self, event: str, data: Mapping[str, Any], now: float) -> None:
        """Take an event of the server. Events about something else are ignored."""
        match event:
            case "remote_operation":
                self._receive_entry(data, now)
            case "operation_ack":
                self._take_answer(data, now)
            case "version_conflict":
                self._take_conflict(data, now)
            case "sync":
                self._take(data, now)
            case "error" if self._inquiry.is_open:
                self._inquiry.failed(now)
            case "error" if data.get("code") == "VERSION_CONFLICT":
                self._request_sync("steps", now)

    def pump(self, now: float) -> float | None:
        """Send what is due; returns the seconds until the next call, ``None`` if only the server can go on."""
        if not self._is_online or self.replica is None or self._adoption is not None:
            return None
        until_inquiry = self._inquiry.pump(self.replica.version, now)
        until_edits = self._pump_edits(self.replica, now) if self._is_online else None
        return min((wait for wait in (until_inquiry, until_edits) if wait is not None), default=None)

    def _pump_edits(self, replica: Replica, now: float) -> float | None:
        outstanding, buffer = replica.pending.outstanding, replica.pending.buffer
        if outstanding is not None:
            return self._sending.pump(outstanding, now)
        if buffer is not None and self._recovery is None:
            return self._pump_buffer(replica, now)
        if buffer is None:
            self._send_cursor(replica)
        return None

    def _pump_buffer(self, replica: Replica, now: float) -> float | None:
        if not self.writable:
            self.fail(error_of("FORBIDDEN"))
            return None
        wait = self._sending.wait(now)
        if wait > 0:
            return wait
        self.replica = self._sending.dispatch(replica, self._cursor_in)
        outstanding = self.replica.pending.outstanding
        assert outstanding is not None
        self._sending.transmit(outstanding, now)
        return self._sending.pump(outstanding, now)

    def _cursor_in(self, text: Text, rest: Operation | None) -> dict[str, Any] | None:
        """The client's cursor, to be sent with an operation; not before the last part of a large edit."""
        if self.cursor is None or rest is not None:
            return None
        self._cursor_sent = self.cursor
        return selection.to_wire(self.cursor, text)

    def _send_cursor(self, replica: Replica) -> None:
        """Send the client's cursor by itself, if no operation has carried it."""
        if self.cursor is not None and self.cursor != self._cursor_sent:
            self._cursor_sent = self.cursor
            cursor = selection.to_wire(self.cursor, replica.text)
            self._send(frame("cursor_update", {"cursor": cursor, "version": replica.version}))

    # answers ----------------------------------------------------------------------------------------------

    def _take_answer(self, data: Mapping[str, Any], now: float) -> None:
        if self.replica is None or data["operationId"] != _id_in_flight(self.replica):
            return
        if not data["success"]:
            self._refused(self.replica, data, now)
        elif self._recovery is not None:
            self._fetch(True, now)
        else:
            self._sending.answered(data.get("rateLimit"), now)
            self._settle(self.replica.acknowledged(data["version"]), data, now)

    def _refused(self, replica: Replica, data: Mapping[str, Any], now: float) -> None:
        outstanding = replica.pending.outstanding
        assert outstanding is not None
        match self._sending.refused(data, outstanding, now, is_recovering=self.is_recovering):
            case Fetch(committed):
                self._fetch(committed, now)
            case Split():
                self.replica = replica.withdrawn()
            case Fail(error):
                self.fail(error)

    def _take_conflict(self, data: Mapping[str, Any], now: float) -> None:
        sent = None if self.replica is None else self.replica.pending.outstanding
        answered = data["operationId"], data["expectedVersion"]
        if sent is None or answered != (sent.operation_id, sent.base_version):
            return  # another client's operation, or the answer to an earlier sending
        if self._recovery is not None:
            self._fetch(False, now)
            return
        self._sending.answered(None, now)
        for entry in data["conflictingOperations"]:
            self._receive_entry(entry, now)
        assert self.replica is not None
        if self._recovery is not None or _id_in_flight(self.replica) != sent.operation_id:
            return  # it was among those operations: it has been committed
        if self.replica.version == data["currentVersion"]:
            self._sending.reuse_id(sent.operation_id)
            self.replica = self.replica.withdrawn()
        else:
            self._fetch(False, now)

    # the server's text ------------------------------------------------------------------------------------

    def _take(self, data: Mapping[str, Any], now: float) -> None:
        if self.replica is not None and is_outdated(self.replica, data):
            self._inquiry.ask_later("content" if self.is_recovering else "steps", now)
            return
        self._inquiry.answered(with_content=data.get("content") is not None)
        if data.get("content") is not None:
            self._take_content(data, now)
        elif self.replica is not None and data["epoch"] != self.replica.epoch:
            self._request_sync("content", now)
        else:
            for entry in data.get("operations", ()):
                self._receive_entry(entry, now)

    def _take_content(self, server: Mapping[str, Any], now: float) -> None:
        if self.replica is None:
            self.replica = Replica.of(server["epoch"], server["version"], server["content"])
            return
        match step_after(self.replica, server, self._recovery):
            case "resend":
                self._recovery = Recovery("asking")
                self._sending.resend(now)
            case "adopt":
                self._adopt(self.replica, server, now)
            case "ignore":
                pass

    def _adopt(self, replica: Replica, server: Mapping[str, Any], now: float) -> None:
        self._edits = Meanwhile()
        self._adoption = Adoption(replica, server, self._recovery)
        if self._adopt_later is None:
            self.adopt(self._adoption.result(), now)
        else:
            self._adopt_later(self._adoption)

    def take_edits(self) -> Operation | None:
        """The edits that `Adopted.with_edits` has to take over before `adopt`; the next call returns later ones."""
        return self._edits.take()

    def adopt(self, result: Adopted, now: float) -> None:
        """Show the outcome of the comparison, with the edits that `take_edits` has not returned."""
        edits = self.take_edits()
        result = result if edits is None else result.with_edits(edits)
        self._adoption = self._recovery = None
        self._sending.answered(None, now)
        self.replica = result.replica
        self.merges += result.is_merged
        if not result.change.is_empty:
            self._show(Change(result.replica.version, result.change))

    def _receive_entry(self, entry: Mapping[str, Any], now: float) -> None:
        if self.replica is None:
            return
        if self._recovery is not None:
            if entry["operationId"] == _id_in_flight(self.replica):
                self._fetch(True, now)
            return
        try:
            self._settle(self.replica.received(entry), entry, now)
        except (InvalidOperation, InvalidContent):
            self._request_sync("content", now)

    def _settle(self, received: Received, entry: Mapping[str, Any], now: float) -> None:
        self.replica = received.replica
        match received.outcome:
            case "acknowledged":
                self._sending.acknowledged()
            case "gap":
                self._request_sync("steps", now)
            case "contradiction":
                self._fetch(True, now)
            case "applied" if received.change is not None:
                user = entry.get("userId"), entry.get("userName")
                self._show(Change(received.replica.version, received.change, *user))

    def _show(self, change: Change) -> None:
        if self.cursor is not None:
            was_sent = self._cursor_sent == self.cursor
            self.cursor = selection.moved(self.cursor, change.operation)
            self._cursor_sent = self.cursor if was_sent else self._cursor_sent
        self._changed(change)

    def _fetch(self, committed: bool | None, now: float) -> None:
        """Request the server's text; ``committed`` says whether it contains the operation in flight."""
        is_known = self._recovery is not None and self._recovery.is_known_committed
        self._recovery = Recovery("fetching", True if is_known else committed)
        self._sending.answered(None, now)
        self._request_sync("content", now)

    def _request_sync(self, wanted: Wanted, now: float) -> None:
        if self.replica is not None:
            self._inquiry.ask(wanted, self.replica.version, now)


def _id_in_flight(replica: Replica) -> str | None:
    outstanding = replica.pending.outstanding
    return None if outstanding is None else outstanding.operation_id
