"""Recovery: brings unsent edits over to a text that the server sent as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jupyter_speccollab.client.sync.pending import Pending
from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.text import EMPTY, Operation, Text, diff, merge, normalise, transform


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a client with unsent edits continues when it cannot get the operations since its version.

    1. ``asking``: the operation in flight is sent again unchanged. The answer says whether it was committed.
    2. ``fetching``: the server's text is requested.
    3. The unsent edits are transformed over the difference between their base text and the server's text.

    Without the first step an edit whose acknowledgement was lost would be merged in a second time.
    ``committed`` says whether the operation in flight was committed; ``None`` if nobody knows.
    """

    step: Literal["asking", "fetching"]
    committed: bool | None = None

    @property
    def is_known_committed(self) -> bool:
        """Whether the operation in flight is certainly part of the server's text."""
        return self.committed is True


@dataclass(frozen=True, slots=True)
class Adopted:
    """A replica that holds the server's text; ``change`` leads there from the text that was shown."""

    replica: Replica
    change: Operation
    is_merged: bool
    """Whether there were unsent edits, which have been merged in."""

    def with_edits(self, edits: Operation) -> Adopted:
        """The same after ``edits``, which the client made in the text that was shown at first.

        ::

                        change
            shown -----------------> replica.text
              |                          |
            edits                        | ours     left: it is the later one
              v                          v
              +--------------------> replica.text'
                    change'

        Law (``test_exchange.py``): both paths give the same text, and all clients end with it.
        """
        ours = normalise(transform(normalise(edits), self.change, "left"))
        change = normalise(transform(self.change, normalise(edits), "right"))
        return Adopted(self.replica.edited(ours), change, is_merged=True)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What `adopted` is to compute. That takes seconds if the texts are long, and may be done in a thread."""

    replica: Replica
    server: Mapping[str, Any]
    recovery: Recovery | None

    @property
    def length(self) -> int:
        """The length of the texts to compare, in code points."""
        return len(self.replica.text) + len(self.server["content"])

    def result(self) -> Adopted:
        """The outcome; nothing else changes."""
        return adopted(self.replica, self.server, self.recovery)


def is_outdated(replica: Replica, server: Mapping[str, Any]) -> bool:
    """Whether ``server`` is an earlier version of the same history. It is never taken."""
    return bool(server["epoch"] == replica.epoch and server["version"] < replica.version)


def step_after(
    replica: Replica, server: Mapping[str, Any], recovery: Recovery | None
) -> Literal["ignore", "resend", "adopt"]:
    """What follows from the server's text.

    ``ignore``: it holds nothing new, or the answer about the operation in flight has to come first. ``resend``:
    the first step of a recovery. ``adopt``: it replaces the committed text.
    """
    if server["epoch"] != replica.epoch:
        return "adopt"
    if recovery is not None:
        return "ignore" if recovery.step == "asking" else "adopt"
    if server["version"] == replica.version:
        return "ignore"
    return "adopt" if replica.pending.outstanding is None else "resend"


def adopted(replica: Replica, server: Mapping[str, Any], recovery: Recovery | None) -> Adopted:
    """Replace the committed text by the server's, and merge the unsent edits into it.

    In another epoch nobody knows whether the text contains the operation in flight, whatever the server answered
    before.
    """
    is_same_history = server["epoch"] == replica.epoch
    committed = recovery.committed if recovery is not None and is_same_history else None
    base = Replica.of(server["epoch"], server["version"], server["content"])
    unsent = unsent_over(replica, base.committed, committed)
    text = base.text.apply(unsent)
    pending = Pending(None, None if unsent.is_empty else unsent)
    change = diff(str(replica.text), str(text))
    return Adopted(replace(base, text=text, pending=pending), change, not replica.pending.is_synchronised)


def unsent_over(replica: Replica, theirs: Text, committed: bool | None) -> Operation:
    """The operation that adds this client's uncommitted edits to ``theirs``, the server's text.

    ``committed`` says whether ``theirs`` contains the operation in flight. If that is known, the unsent edits
    are transformed over the difference. If it is not (``None``), the texts are merged by three ways, which
    takes what both sides have in common only once.
    """
    pending = replica.pending
    unsent = pending.buffer if committed else pending.unsent
    if unsent is None:
        return EMPTY
    if committed is None and pending.outstanding is not None:
        merged = merge(str(replica.committed), str(replica.text), str(theirs))
        return diff(str(theirs), merged)
    base = replica.committed
    if committed and pending.outstanding is not None:
        base = base.apply(pending.outstanding.operation)
    since = diff(str(base), str(theirs))
    return normalise(transform(normalise(unsent), since, "left"))
