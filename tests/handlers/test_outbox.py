"""The outbox of a WebSocket: what it writes, and whom it cuts off."""

from __future__ import annotations

import asyncio
import json

from tornado.iostream import StreamClosedError

from jupyter_speccollab.handlers.outbox import BACKLOG, SocketOutbox, Turn
from jupyter_speccollab.service.session import Event


class SlowStream:
    """Takes what is written and does not send it before `read`, as when a client does not read.

    The network takes ``room`` bytes at once.
    """

    def __init__(self, room: int = 0) -> None:
        self.written: list[bytes] = []
        self.room = room
        self._unread: list[asyncio.Future[None]] = []
        self.is_closed = False

    def writing(self) -> bool:
        return bool(self._unread)

    def closed(self) -> bool:
        return self.is_closed

    def write_to_fd(self, data: memoryview) -> int:
        assert not self._unread, "it would overtake what was written before"
        if not self.room:
            raise BlockingIOError
        taken = bytes(data[: self.room])
        self.room -= len(taken)
        self.written.append(taken)
        return len(taken)

    def write(self, data: bytes) -> asyncio.Future[None]:
        if self.is_closed:
            raise StreamClosedError
        self.written.append(data)
        self._unread.append(asyncio.get_running_loop().create_future())
        return self._unread[-1]

    async def read(self) -> None:
        """The client reads everything."""
        await asyncio.sleep(0)
        while self._unread:
            self._unread.pop().set_result(None)
        await asyncio.sleep(0)


def outbox_on(stream: SlowStream) -> tuple[SocketOutbox, list[int]]:
    codes: list[int] = []
    return SocketOutbox(stream, Turn(), lambda code, reason: codes.append(code)), codes  # type: ignore[arg-type]


async def test_a_client_that_reads_too_slowly_is_cut_off_with_its_backlog_bounded() -> None:
    stream = SlowStream()
    outbox, codes = outbox_on(stream)
    event = Event(b"x" * 1_000_000)
    for _ in range(100):
        outbox.send(event)
        await asyncio.sleep(0)
    assert codes == [4008]
    assert sum(map(len, stream.written)) <= BACKLOG + 2_100_000


async def test_one_event_may_be_as_large_as_a_document() -> None:
    stream = SlowStream()
    outbox, codes = outbox_on(stream)
    outbox.send(Event(b"x" * (16 * 1024 * 1024)))
    await asyncio.sleep(0)
    assert codes == []
    assert len(stream.written) == 1


async def test_events_of_one_turn_go_out_in_one_write_and_as_an_array_where_asked() -> None:
    for batch in (False, True):
        stream = SlowStream()
        outbox, _ = outbox_on(stream)
        outbox.batch = batch
        for number in range(3):
            outbox.send(Event(json.dumps({"event": str(number), "data": {}}).encode()))
        await asyncio.sleep(0)
        (data,) = stream.written
        assert data[:1] == b"\x81"
        assert data[1:].startswith(bytes([len(data) - 2])) is batch


async def test_what_the_network_does_not_take_at_once_follows_in_order() -> None:
    stream = SlowStream(room=10)
    outbox, _ = outbox_on(stream)
    for text in (b"first", b"second", b"third"):
        outbox.send(Event(text))
        await asyncio.sleep(0)
    stream.room = 100  # there is room again, but what was written before goes first
    outbox.send(Event(b"fourth"))
    await asyncio.sleep(0)
    assert b"".join(stream.written) == b"\x81\x05first\x81\x06second\x81\x05third\x81\x06fourth"
    assert stream.room == 100
    await stream.read()
    outbox.send(Event(b"fifth"))
    await asyncio.sleep(0)
    assert (stream.written[-1], stream.room) == (b"\x81\x05fifth", 93)


async def test_what_is_held_goes_on_where_the_network_takes_all_at_once() -> None:
    stream = SlowStream(room=10_000_000)
    outbox, _ = outbox_on(stream)
    sent: list[int] = []
    outbox.send(Event(b"x" * 100_000))
    outbox.when_clear(lambda: sent.append(len(stream.written)))
    assert sent == []
    await asyncio.sleep(0)
    assert sent == [1]


async def test_the_outboxes_of_a_turn_are_flushed_together() -> None:
    turn, streams = Turn(), [SlowStream(room=100) for _ in range(3)]
    for stream in streams:
        SocketOutbox(stream, turn, lambda code, reason: None).send(Event(b"x"))  # type: ignore[arg-type]
    assert [stream.written for stream in streams] == [[], [], []]
    await asyncio.sleep(0)
    assert [stream.written for stream in streams] == [[b"\x81\x01x"]] * 3


async def test_a_fault_of_one_silences_nobody_else() -> None:
    turn, streams = Turn(), [SlowStream(room=100) for _ in range(3)]
    one, two, three = (SocketOutbox(stream, turn, lambda code, reason: None) for stream in streams)  # type: ignore[arg-type]

    def faulty() -> None:
        raise RuntimeError("a bug")

    heard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context))
    for outbox in (one, two, three):
        outbox.send(Event(b"x" * 70))
    one._held._acts.append(faulty)
    for _ in range(3):
        await asyncio.sleep(0)
    assert len(heard) == 1
    assert [len(stream.written) for stream in streams] == [1, 1, 1]
    three.send(Event(b"y"))
    await asyncio.sleep(0)
    assert streams[2].written[-1] == b"\x81\x01y"


async def test_what_was_queued_leaves_before_the_close_and_nothing_after() -> None:
    stream = SlowStream()
    outbox, codes = outbox_on(stream)
    outbox.send(Event(b"first"))
    outbox.close(4404, "gone")
    outbox.send(Event(b"second"))
    outbox.close(1001, "again")
    await asyncio.sleep(0)
    assert codes == [4404]
    assert stream.written == [b"\x81\x05first"]


async def test_a_stream_that_has_closed_is_no_fault() -> None:
    stream = SlowStream()
    outbox, _ = outbox_on(stream)
    stream.is_closed = True
    outbox.send(Event(b"x"))
    await asyncio.sleep(0)
    assert outbox.closed


async def test_one_large_answer_waits_for_a_client_at_a_time() -> None:
    stream = SlowStream()
    outbox, codes = outbox_on(stream)
    large = Event(b"x" * 2_000_000)
    for _ in range(20):
        outbox.when_clear(lambda: outbox.send(large))
    for answers in range(1, 21):
        await stream.read()
        assert len(stream.written) == answers
    assert codes == []


async def test_a_client_that_is_owed_too_much_is_cut_off() -> None:
    stream = SlowStream()
    outbox, codes = outbox_on(stream)
    outbox.send(Event(b"x" * 100_000))
    for _ in range(1_001):
        outbox.when_clear(lambda: None)
    assert codes == [4008]
