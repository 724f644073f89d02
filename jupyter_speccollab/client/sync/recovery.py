"""Recovery: how unsent edits are brought over to a text that came as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jupyter_speccollab.client.sync.replica import Replica
from jupyter_speccollab.text import EMPTY, Operation, Text, diff, merge, normalise, transform


@dataclass(frozen=True, slots=True)
class Recovery:
    """How a client gets on where it can't have the operations since its version, and has edits of its own.

    1. ``asking``: the operation in flight is sent again as it was; the answer says whether it was committed.
    2. ``fetching``: the server's text is asked for.
    3. What is unsent is brought over the difference between the text that it was made on and the server's.

    Without the first step an edit whose acknowledgement was lost would be merged in a second time.
    ``committed`` says whether the operation in flight was committed, ``None`` where nobody knows.
    """

    step: Literal["asking", "fetching"]
    committed: bool | None = None


def unsent_over(replica: Replica, theirs: Text, committed: bool | None) -> Operation:
    """What to do to the server's text so that it holds what this client has not got committed.

    ``committed`` says whether ``theirs`` holds the operation in flight. Where that is known, the unsent edits are
    transformed over what happened since; else the texts are merged by three ways, which takes what both
    sides have alike but once.
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
