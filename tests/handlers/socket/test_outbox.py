"""The outbox of a WebSocket: what it writes, and when it closes the connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from jupyter_speccollab.handlers.socket.flush_queue import FlushQueue
from jupyter_speccollab.handlers.socket.outbox import BACKLOG, WRITE_SIZE, SocketOutbox
from jupyter_speccollab.service.presence.backpressure import LOW_WATER
from jupyter_speccollab.service.presence.session import Event
from tests.simulation.frames import payloads


class SlowConnection:
    """A connection that keeps what is sent until `read`, as if the client did not read.

    The network takes ``room`` bytes at once.
    """

    def __init__(self, room: int = 0) -> None:
        self.sent: list[bytes] = []
        self.room = room
        self.unsent_bytes = 0
        self.is_full = False
        self.on_writable: Callable[[], None] = lambda: None

    def send(self, *parts: bytes) -> None:
        data = b"".join(parts)
        self.sent.append(data)
        taken = min(self.room, len(data))
        self.room -= taken
        self.unsent_bytes += len(data) - taken
        self.is_full = self.unsent_bytes > LOW_WATER

    def read(self) -> None:
        """The client reads everything."""
        self.unsent_bytes = 0
        if self.is_full:
            self.is_full = False
            self.on_writable()


def outbox_on(
    connection: SlowConnection, flush_queue: FlushQueue | None = None
) -> tuple[SocketOutbox, list[int]]:
    codes: list[int] = []
    return SocketOutbox(
        connection, flush_queue or FlushQueue(), lambda code, reason: codes.append(code)
    ), codes  # type: ignore[arg-type]


async def test_a_client_that_reads_too_slowly_is_cut_off_with_its_backlog_bounded() -> None:
    connection = SlowConnection()
    outbox, codes = outbox_on(connection)
    event = Event(b"x" * 1_000_000)
    for _ in range(100):
        outbox.send(event)
        await asyncio.sleep(0)
    assert codes == [4008]
    assert sum(map(len, connection.sent)) <= BACKLOG + 2_100_000


async def test_one_event_may_be_as_large_as_a_document() -> None:
    connection = SlowConnection()
    outbox, codes = outbox_on(connection)
    outbox.send(Event(b"x" * (16 * 1024 * 1024)))
    await asyncio.sleep(0)
    assert codes == []
    assert len(connection.sent) == 1


async def test_events_of_one_turn_go_out_in_one_write_and_as_an_array_where_asked() -> None:
    for batch in (False, True):
        connection = SlowConnection()
        outbox, _ = outbox_on(connection)
        outbox.batch = batch
        for number in range(3):
            outbox.send(Event(json.dumps({"event": str(number), "data": {}}).encode()))
        await asyncio.sleep(0)
        (data,) = connection.sent
        assert data[:1] == b"\x81"
        assert data[1:].startswith(bytes([len(data) - 2])) is batch


@pytest.mark.parametrize("batch", [False, True])
async def test_what_a_full_line_has_no_room_for_waits_and_follows_in_order_and_in_pieces(batch: bool) -> None:
    connection = SlowConnection()
    outbox, codes = outbox_on(connection)
    outbox.batch = batch
    sizes = [70_000, 10, 20, 70_000, 30, 60_000, 60_000, 5]
    for number, size in enumerate(sizes):
        outbox.send(Event(b"%d" % number * size))
        await asyncio.sleep(0)
    assert len(connection.sent) == 1
    while connection.unsent_bytes:
        before = len(connection.sent)
        connection.read()
        assert all(len(data) < WRITE_SIZE + 70_100 for data in connection.sent[before:])
    heard = [part for data in connection.sent for payload in payloads(data) for part in parts(payload)]
    assert heard == [b"%d" % number * size for number, size in enumerate(sizes)]
    assert codes == []


async def test_closing_sends_what_a_full_line_made_wait() -> None:
    connection = SlowConnection()
    outbox, codes = outbox_on(connection)
    for size in (70_000, 100_000, 10, 70_000):
        outbox.send(Event(b"x" * size))
        await asyncio.sleep(0)
    outbox.close(4400, "That was the last.")
    outbox.send(Event(b"y"))
    await asyncio.sleep(0)
    assert codes == [4400]
    assert [len(payload) for data in connection.sent for payload in payloads(data)] == [
        70_000,
        100_000,
        10,
        70_000,
    ]


async def test_what_is_held_goes_on_where_the_network_takes_all_at_once() -> None:
    connection = SlowConnection(room=10_000_000)
    outbox, _ = outbox_on(connection)
    sent: list[int] = []
    outbox.send(Event(b"x" * 100_000))
    outbox.when_clear(lambda: sent.append(len(connection.sent)))
    assert sent == []
    await asyncio.sleep(0)
    assert sent == [1]


async def test_what_is_held_goes_on_when_the_client_has_read() -> None:
    connection = SlowConnection()
    outbox, _ = outbox_on(connection)
    sent: list[int] = []
    outbox.send(Event(b"x" * 100_000))
    outbox.when_clear(lambda: sent.append(len(connection.sent)))
    await asyncio.sleep(0)
    assert sent == []
    connection.read()
    assert sent == [1]


async def test_the_outboxes_of_a_turn_are_flushed_together() -> None:
    flush_queue, connections = FlushQueue(), [SlowConnection(room=100) for _ in range(3)]
    for connection in connections:
        outbox_on(connection, flush_queue)[0].send(Event(b"x"))
    assert [connection.sent for connection in connections] == [[], [], []]
    await asyncio.sleep(0)
    assert [connection.sent for connection in connections] == [[b"\x81\x01x"]] * 3


async def test_a_fault_of_one_silences_nobody_else() -> None:
    flush_queue, connections = FlushQueue(), [SlowConnection(room=100) for _ in range(3)]
    one, two, three = (outbox_on(connection, flush_queue)[0] for connection in connections)

    def faulty() -> None:
        raise RuntimeError("a bug")

    heard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context))
    for outbox in (one, two, three):
        outbox.send(Event(b"x" * 70))
    one._backpressure._acts.append(faulty)
    for _ in range(3):
        await asyncio.sleep(0)
    assert len(heard) == 1
    assert [len(connection.sent) for connection in connections] == [1, 1, 1]
    three.send(Event(b"y"))
    await asyncio.sleep(0)
    assert connections[2].sent[-1] == b"\x81\x01y"


def parts(payload: bytes) -> list[bytes]:
    """The events in a frame; each consists of one repeated digit."""
    return payload.strip(b"[]").split(b",")
