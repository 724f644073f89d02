"""A replica: the document as one client holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jupyter_speccollab.client.sync.pending import SYNCHRONISED, Pending
from jupyter_speccollab.text import Operation, Text, from_wire

Outcome = Literal["applied", "acknowledged", "known", "gap", "contradiction"]
"""What a committed operation was to a replica.

``known``: its version had been met before. ``gap``: versions before it are missing. ``contradiction``: the
outstanding operation is said to be a version that was met before as something else. These change nothing.
"""


@dataclass(frozen=True, slots=True)
class Received:
    """A replica after a committed operation; ``change`` is over the text that was shown."""

    replica: Replica
    outcome: Outcome
    change: Operation | None = None


@dataclass(frozen=True, slots=True)
class Replica:
    """A value, replaced by each transition.

    ``committed`` is what the server has at ``version``, as far as it was heard; ``text`` is what is shown.

    Law (``test_exchange.py``): ``text`` is ``committed`` after what is pending.
    """

    epoch: str
    version: int
    committed: Text
    text: Text
    pending: Pending = SYNCHRONISED

    @classmethod
    def of(cls, epoch: str, version: int, content: str) -> Replica:
        """What the server has, nothing pending."""
        text = Text.of(content)
        return cls(epoch, version, text, text)

    def edited(self, operation: Operation) -> Replica:
        """The client edited; ``operation`` is over ``text``. Raises `InvalidOperation` where it doesn't fit."""
        return replace(self, text=self.text.apply(operation), pending=self.pending.edited(operation))

    def received(self, entry: Mapping[str, Any]) -> Received:
        """The next operation of the server's order, recognised as one's own wherever it arrives.

        Raises `InvalidOperation` where it doesn't fit, which no server that keeps the protocol sends.
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

    def refused(self) -> Replica:
        """The outstanding operation was not committed: its edits go back to the head of the buffer."""
        return replace(self, pending=self.pending.refused())

    def _committing(self, operation: Operation) -> Replica:
        return replace(self, version=self.version + 1, committed=self.committed.apply(operation))
