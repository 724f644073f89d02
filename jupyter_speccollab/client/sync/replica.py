"""A replica: the document as one client holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from jupyter_speccollab.client.sync.frame import frame, size
from jupyter_speccollab.client.sync.pending import SYNCHRONISED, Outstanding, Pending
from jupyter_speccollab.client.sync.split import split
from jupyter_speccollab.text import Operation, Text, from_wire, to_wire

Outcome = Literal["applied", "acknowledged", "known", "gap", "contradiction"]
"""What a committed operation was to a replica.

``known``: an operation of its version was received before. ``gap``: versions before it are missing.
``contradiction``: the outstanding operation is said to have a version that another operation had. These three
change nothing.
"""

_LARGE: Final = {"line": 99_999_999, "column": 99_999_999}

WIDEST: Final = {**_LARGE, "selection": {"start": _LARGE, "end": _LARGE}}
"""A cursor whose JSON is as long as any."""


@dataclass(frozen=True, slots=True)
class Received:
    """A replica after a committed operation; ``change`` is over the text that was shown."""

    replica: Replica
    outcome: Outcome
    change: Operation | None = None


CursorIn = Callable[[Text, Operation | None], dict[str, Any] | None]
"""Returns the cursor to send with an operation, if there is one.

Its arguments are the text after the operation, and the part of the buffer that is not sent with it.
"""


@dataclass(frozen=True, slots=True)
class Replica:
    """A value, replaced by each transition.

    ``committed`` is the server's text at ``version``, the last version received; ``text`` is the text shown.

    Law (``test_exchange.py``): ``text`` is ``committed`` with what is pending applied.
    """

    epoch: str
    version: int
    committed: Text
    text: Text
    pending: Pending = SYNCHRONISED

    @classmethod
    def of(cls, epoch: str, version: int, content: str) -> Replica:
        """The server's text, with nothing pending."""
        text = Text.of(content)
        return cls(epoch, version, text, text)

    def edited(self, operation: Operation) -> Replica:
        """The client edited; ``operation`` is over ``text``. Raises `InvalidOperation` if it does not fit."""
        return replace(self, text=self.text.apply(operation), pending=self.pending.edited(operation))

    def received(self, entry: Mapping[str, Any]) -> Received:
        """The server's next operation. The client's own is recognised wherever it arrives.

        Raises `InvalidOperation` if it does not fit; no server that keeps the protocol sends such an operation.
        """
        outstanding = self.pending.outstanding
        if outstanding is not None and entry["operationId"] == outstanding.operation_id:
            return self.acknowledged(entry["version"])
        if entry["version"] != self.version + 1:
            return Received(self, "known" if entry["version"] <= self.version else "gap")
        remote = from_wire(entry["operations"], len(self.committed))
        pending, change = self.pending.received(remote)
        return Received(
            replace(self._committing(remote), pending=pending, text=self.text.apply(change)),
            "applied",
            change,
        )

    def acknowledged(self, version: int) -> Received:
        """The outstanding operation was committed as ``version``."""
        outstanding = self.pending.outstanding
        if outstanding is None:
            return Received(self, "known")
        if version != self.version + 1:
            return Received(self, "contradiction" if version <= self.version else "gap")
        committed = self._committing(outstanding.operation)
        return Received(replace(committed, pending=self.pending.acknowledged()), "acknowledged")

    def dispatched(self, operation_id: str, limit: int, cursor_in: CursorIn) -> Replica:
        """As much of the buffer in flight as one message may hold; only when nothing else is in flight.

        ``limit`` is the largest size of the message's data, in UTF-16 units of its JSON.
        """
        if self.pending.buffer is None:
            return self
        data: dict[str, Any] = {"operationId": operation_id, "version": self.version, "operations": []}
        head, rest = split(self.pending.buffer, limit - size({**data, "cursor": WIDEST}))
        data["operations"] = to_wire(head)
        after = self.text if rest is None else self.committed.apply(head)
        cursor = cursor_in(after, rest)
        if cursor is not None:
            data["cursor"] = cursor
        outstanding = Outstanding(operation_id, frame("operation", data), size(data), self.version, head)
        return replace(self, pending=self.pending.sent(outstanding, rest))

    def withdrawn(self) -> Replica:
        """The outstanding operation was not committed: its edits go back to the head of the buffer."""
        return replace(self, pending=self.pending.refused())

    def _committing(self, operation: Operation) -> Replica:
        return replace(self, version=self.version + 1, committed=self.committed.apply(operation))
