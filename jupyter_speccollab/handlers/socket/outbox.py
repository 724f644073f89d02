"""The outbox of a WebSocket: events gather during a turn of the event loop and go out in one write."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from jupyter_speccollab.handlers.socket.connection import SocketConnection
from jupyter_speccollab.handlers.socket.frames import framed, head
from jupyter_speccollab.service.presence.backpressure import Backpressure
from jupyter_speccollab.service.presence.session import Event

BACKLOG: Final = 16 * 1024 * 1024
"""How many bytes may wait for a client that reads too slowly, beyond what the line holds."""

PIECE: Final = 64 * 1024
"""About how many bytes go out in one write, where many wait."""

SLOW_READER: Final = 4008
TOO_SLOW: Final = "You read too slowly; join again to go on."


class FlushQueue:
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
    """Writes frames to a line, each encoded once for all its receivers.

    ``close(code, reason)`` is the WebSocket's own, and ``closed`` says that it was called. Law: events leave in
    the order of `send`; once closed, nothing more leaves.
    """

    def __init__(self, line: SocketConnection, turn: FlushQueue, close: Callable[[int, str], None]) -> None:
        self.batch = False
        self.closed = False
        self._connection = line
        self._turn = turn
        self._close = close
        self._events: list[Event] = []
        self._gathered = 0
        self._backpressure = Backpressure(lambda: self._connection.unsent + self._gathered)
        line.on_room = self.end_turn

    def send(self, event: Event) -> None:
        """Queue an event; a client with too long a backlog is cut off and may resume."""
        if self.closed:
            return
        if self._gathered > BACKLOG:
            self.close(SLOW_READER, TOO_SLOW)
            return
        if not self._events:
            self._turn.add(self)
        self._events.append(event)
        self._gathered += len(event.payload)

    def when_clear(self, act: Callable[[], None]) -> None:
        """As `Outbox.when_clear`; a client to which too much is owed is cut off too."""
        if not self.closed and not self._backpressure.add(act):
            self.close(SLOW_READER, TOO_SLOW)

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then close."""
        if self.closed:
            return
        while self._events:
            self._write(self._piece())
        self.closed = True
        self._close(code, reason)

    def end_turn(self) -> None:
        """Write what is queued, as far as the line has room, and go on with what waited for room."""
        while self._events and not (self.closed or self._connection.full):
            self._write(self._piece())
        if not self.closed:
            self._backpressure.go_on()

    def _piece(self) -> list[Event]:
        """What goes out next: all events, or the first of too many for one write."""
        if self._gathered <= PIECE:
            piece, self._events, self._gathered = self._events, [], 0
            return piece
        count = size = 0
        while count < len(self._events) and size < PIECE:
            size += len(self._events[count].payload)
            count += 1
        piece, self._events = self._events[:count], self._events[count:]
        self._gathered -= size
        return piece

    def _write(self, events: list[Event]) -> None:
        if len(events) == 1:
            self._send_one(events[0])
        elif self.batch:
            self._connection.send(framed(b"[" + b",".join([event.payload for event in events]) + b"]"))
        else:
            self._connection.send(b"".join([_frame(event) for event in events]))

    def _send_one(self, event: Event) -> None:
        if len(event.payload) < PIECE:
            self._connection.send(_frame(event))
        else:  # not worth a copy
            self._connection.send(head(len(event.payload)), event.payload)


def _frame(event: Event) -> bytes:
    if event.frame is None:
        event.frame = framed(event.payload)
    return event.frame
