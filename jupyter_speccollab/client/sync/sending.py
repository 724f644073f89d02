"""Sending: when operations go out, how large they are, and when one is sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jupyter_speccollab.client.sync.pacing import Pacing
from jupyter_speccollab.client.sync.pending import Outstanding
from jupyter_speccollab.client.sync.refusal import Again, Remedy, Slower, remedy_for
from jupyter_speccollab.client.sync.replica import CursorIn, Replica

ANSWER_WITHIN: Final = 30.0
"""Seconds without an answer after which the operation in flight is sent once more."""

ENVELOPE: Final = 256
"""The largest size of a frame's parts beside the operations, in bytes."""

OPERATION_LENGTH: Final = 10_000
"""The limit of one operation until the server has named its own."""


class Sending:
    """Sends operations one at a time, at the user's rate, and again when no answer comes.

    ``send`` gets the frames, ``new_id`` makes operation ids. All times are seconds of one monotonic clock.
    """

    def __init__(self, send: Callable[[bytes], None], new_id: Callable[[], str]) -> None:
        self.size_limit = OPERATION_LENGTH
        """The largest size of one operation's data, in UTF-16 units of its JSON."""
        self.is_waiting = False
        """Whether an operation was sent and the server has not said yet whether it takes it, and when."""
        self._send = send
        self._new_id = new_id
        self._pacing: Pacing | None = None
        self._again_at: float | None = None
        self._faults = 0
        self._operation_id: str | None = None
        """The id of an operation that was not committed; the next one is sent under it."""

    def limit(self, limits: Mapping[str, Any], now: float) -> None:
        """Apply the server's limits. The operations counted so far stay counted while the rate is the same."""
        self.size_limit = min(limits["operationLength"], (limits["frameBytes"] - ENVELOPE) // 3)
        if self._pacing is None or self._pacing.limit != limits["operationsPerMinute"]:
            self._pacing = Pacing.start(limits["operationsPerMinute"], now)

    # sending ----------------------------------------------------------------------------------------------

    def wait(self, now: float) -> float:
        """Seconds until the rate allows the next operation."""
        return 0.0 if self._pacing is None else self._pacing.wait(now)

    def dispatch(self, replica: Replica, cursor_in: CursorIn) -> Replica:
        """The replica with as much of its buffer in flight as one message may hold."""
        operation_id, self._operation_id = self._operation_id or self._new_id(), None
        return replica.dispatched(operation_id, self.size_limit, cursor_in)

    def transmit(self, outstanding: Outstanding, now: float) -> None:
        """Send the operation in flight, for the first time or again."""
        self._again_at = now + ANSWER_WITHIN
        self.is_waiting = True
        self._pacing = None if self._pacing is None else self._pacing.sent(now)
        self._send(outstanding.frame)

    def pump(self, outstanding: Outstanding, now: float) -> float | None:
        """Send the operation in flight again if that is due; returns the seconds until it will be."""
        if self._again_at is not None and now >= self._again_at:
            self.transmit(outstanding, now)
        return None if self._again_at is None else self._again_at - now

    def resend(self, now: float) -> None:
        """Send the operation in flight again at the next `pump`."""
        self.resend_after(0.0, now)

    def resend_after(self, delay: float, now: float) -> None:
        """Send it again after ``delay`` seconds."""
        self._again_at = now + delay

    # answers ----------------------------------------------------------------------------------------------

    def answered(self, left: Mapping[str, Any] | None, now: float) -> None:
        """The operation in flight has a final answer; ``left`` is what the server says of the rate."""
        self._again_at = None
        self.is_waiting = False
        if left is not None and self._pacing is not None:
            self._pacing = self._pacing.acknowledged(left["remaining"], left["resetMs"] / 1000, now)

    def acknowledged(self) -> None:
        """The operation in flight was committed."""
        self._again_at = None
        self.is_waiting = False
        self._faults = 0

    def reuse_id(self, operation_id: str) -> None:
        """The operation was not committed; the next one is sent under its id."""
        self._operation_id = operation_id

    def refused(
        self, data: Mapping[str, Any], outstanding: Outstanding, now: float, *, is_recovering: bool
    ) -> Remedy:
        """What to do about a refusal. If waiting is enough, the next sending is scheduled here."""
        is_oversized = outstanding.size > self.size_limit
        remedy = remedy_for(data, is_recovering=is_recovering, faults=self._faults, is_oversized=is_oversized)
        self.is_waiting = isinstance(remedy, Again)
        match remedy:
            case Slower(delay):
                if self._pacing is not None:
                    self._pacing = self._pacing.refused(delay, now)
                self.resend_after(delay, now)
            case Again(delay, is_fault):
                self._faults += is_fault
                self.resend_after(delay, now)
            case _:
                self._again_at = None
        return remedy

    def stop(self) -> None:
        """The connection is gone."""
        self._again_at = None
