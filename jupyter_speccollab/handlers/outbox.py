"""The outbox of a WebSocket: events gather during a turn of the event loop and go out in one write."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from typing import Final

from tornado.iostream import IOStream, StreamClosedError

from jupyter_speccollab.service.held import Held
from jupyter_speccollab.service.session import Event

BACKLOG: Final = 16 * 1024 * 1024
"""How many bytes may wait for a client that reads too slowly, beyond the one write under way."""

SLOW_READER: Final = 4008
TOO_SLOW: Final = "You read too slowly; join again to go on."


class Turn:
    """The outboxes that have something to send at the end of this turn of the event loop: one callback for all."""

    def __init__(self) -> None:
        self._outboxes: list[SocketOutbox] = []

    def add(self, outbox: SocketOutbox) -> None:
        """Let ``outbox`` flush when the turn ends."""
        if not self._outboxes:
            asyncio.get_running_loop().call_soon(self._end)
        self._outboxes.append(outbox)

    def _end(self) -> None:
        waiting, self._outboxes = deque(self._outboxes), []
        try:
            while waiting:
                waiting.popleft().end_turn()
        finally:  # where one failed, the others don't wait for ever
            for outbox in waiting:
                self.add(outbox)


class SocketOutbox:
    """Writes frames straight to the stream, each encoded once for all its receivers.

    ``close(code, reason)`` is the WebSocket's own, and ``closed`` says that it was called. Law: events leave in
    the order of `send`; once closed, nothing more leaves.
    """

    def __init__(self, stream: IOStream, turn: Turn, close: Callable[[int, str], None]) -> None:
        self.batch = False
        self._stream = stream
        self._turn = turn
        self._close = close
        self._events: list[Event] = []
        self._gathered = 0
        self._unsent = 0
        self._held = Held(lambda: self._unsent + self._gathered)
        self.closed = False

    def send(self, event: Event) -> None:
        """Queue an event; a client with too long a backlog is cut off and may resume."""
        if self.closed:
            return
        if self._unsent + self._gathered > BACKLOG:
            self.close(SLOW_READER, TOO_SLOW)
            return
        if not self._events:
            self._turn.add(self)
        self._events.append(event)
        self._gathered += len(event.payload)

    def when_clear(self, act: Callable[[], None]) -> None:
        """As `Outbox.when_clear`; a client to which too much is owed is cut off too."""
        if not self.closed and not self._held.add(act):
            self.close(SLOW_READER, TOO_SLOW)

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then close."""
        if self.closed:
            return
        self.flush()
        self.closed = True
        self._close(code, reason)

    def end_turn(self) -> None:
        """Write what is queued, and go on with what waited for room."""
        self.flush()
        if not self.closed:
            self._held.go_on()

    def flush(self) -> None:
        """Write what is queued."""
        events, self._events, self._gathered = self._events, [], 0
        if not events or self.closed:
            return
        if len(events) == 1:
            data = _frame(events[0])
        elif self.batch:
            data = framed(b"[" + b",".join([event.payload for event in events]) + b"]")
        else:
            data = b"".join([_frame(event) for event in events])
        taken = self._write_now(data)
        if taken < len(data):
            self._write(data[taken:])

    def _write_now(self, data: bytes) -> int:
        """How much of ``data`` the network takes at once: mostly all, which spares buffers and futures."""
        stream = self._stream
        if stream.writing() or stream.closed():
            return 0
        try:
            return stream.write_to_fd(memoryview(data))
        except OSError:  # the stream's own write meets it too, and deals with it
            return 0

    def _write(self, data: bytes) -> None:
        try:
            written = self._stream.write(data)
        except StreamClosedError:
            self.closed = True
            return
        self._unsent += len(data)
        written.add_done_callback(lambda _: self._sent(len(data)))

    def _sent(self, size: int) -> None:
        self._unsent -= size
        if not self.closed:
            self._held.go_on()


def framed(payload: bytes) -> bytes:
    """``payload`` as one unmasked, final text frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < 126:
        return struct.pack("!BB", 0x81, length) + payload
    if length < 65_536:
        return struct.pack("!BBH", 0x81, 126, length) + payload
    return struct.pack("!BBQ", 0x81, 127, length) + payload


def _frame(event: Event) -> bytes:
    if event.frame is None:
        event.frame = framed(event.payload)
    return event.frame
