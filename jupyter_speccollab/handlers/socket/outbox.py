"""The outbox of a WebSocket: collects events, and writes all events of one iteration of the event loop at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jupyter_speccollab.handlers.socket.connection import SocketConnection
from jupyter_speccollab.handlers.socket.flush_queue import FlushQueue
from jupyter_speccollab.handlers.socket.frames import text_frame, text_frame_header
from jupyter_speccollab.service.presence.backpressure import Backpressure
from jupyter_speccollab.service.presence.session import Event

BACKLOG: Final = 16 * 1024 * 1024
"""Bytes that may be queued for a client that reads slowly, in addition to the write buffer of the connection."""

WRITE_SIZE: Final = 64 * 1024
"""The approximate size in bytes of one write, if more than that is queued."""

SLOW_READER: Final = 4008
TOO_SLOW: Final = "You read too slowly; join again to continue."


class SocketOutbox:
    """Writes events to a connection as text frames. An event is encoded once for all its receivers.

    ``close(code, reason)`` closes the WebSocket, and ``closed`` says whether it was called. Law: events are written
    in the order of `send`, and nothing is written after the close
    (``tests/handlers/socket/test_outbox.py``: ``test_closing_sends_what_a_full_line_made_wait``).
    """

    def __init__(
        self, connection: SocketConnection, flush_queue: FlushQueue, close: Callable[[int, str], None]
    ) -> None:
        self.batch = False
        self.closed = False
        self._connection = connection
        self._flush_queue = flush_queue
        self._close = close
        self._events: list[Event] = []
        self._queued_bytes = 0
        self._backpressure = Backpressure(lambda: self._connection.unsent_bytes + self._queued_bytes)
        connection.on_writable = self.flush

    def send(self, event: Event) -> None:
        """Queue an event. If the backlog is too long, close the connection; the client may resume its session."""
        if self.closed:
            return
        if self._queued_bytes > BACKLOG:
            self.close(SLOW_READER, TOO_SLOW)
            return
        if not self._events:
            self._flush_queue.add(self.flush)
        self._events.append(event)
        self._queued_bytes += len(event.payload)

    def when_clear(self, act: Callable[[], None]) -> None:
        """As `Outbox.when_clear`. If too many large answers are waiting, close the connection."""
        if not self.closed and not self._backpressure.add(act):
            self.close(SLOW_READER, TOO_SLOW)

    def close(self, code: int, reason: str) -> None:
        """Write all queued events, then close the WebSocket."""
        if self.closed:
            return
        while self._events:
            self._write(self._take_events())
        self.closed = True
        self._close(code, reason)

    def flush(self) -> None:
        """Write queued events until the connection's buffer is full, then large answers if there is room."""
        while self._events and not (self.closed or self._connection.is_full):
            self._write(self._take_events())
        if not self.closed:
            self._backpressure.go_on()

    def _take_events(self) -> list[Event]:
        """Remove the events of the next write from the queue: all, or the first `WRITE_SIZE` bytes of them."""
        if self._queued_bytes <= WRITE_SIZE:
            taken, self._events, self._queued_bytes = self._events, [], 0
            return taken
        count = size = 0
        while count < len(self._events) and size < WRITE_SIZE:
            size += len(self._events[count].payload)
            count += 1
        taken, self._events = self._events[:count], self._events[count:]
        self._queued_bytes -= size
        return taken

    def _write(self, events: list[Event]) -> None:
        if len(events) == 1:
            self._write_one(events[0])
        elif self.batch:
            self._connection.send(text_frame(b"[" + b",".join([event.payload for event in events]) + b"]"))
        else:
            self._connection.send(b"".join([_frame_of(event) for event in events]))

    def _write_one(self, event: Event) -> None:
        if len(event.payload) < WRITE_SIZE:
            self._connection.send(_frame_of(event))
        else:  # two writes are cheaper than copying a large payload
            self._connection.send(text_frame_header(len(event.payload)), event.payload)


def _frame_of(event: Event) -> bytes:
    if event.frame is None:
        event.frame = text_frame(event.payload)
    return event.frame
