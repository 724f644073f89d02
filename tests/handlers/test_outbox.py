"""The outbox of a WebSocket: what it writes, and whom it cuts off."""

from __future__ import annotations

import asyncio
import json

from tornado.iostream import StreamClosedError

from jupyter_speccollab.handlers.outbox import BACKLOG, SocketOutbox
from jupyter_speccollab.service.session import Event


class SlowStream:
    """Takes what is written and does not send it before `read`, as when a client does not read."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self._unread: list[asyncio.Future[None]] = []
        self.is_closed = False

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
    return SocketOutbox(stream, lambda code, reason: codes.append(code)), codes  # type: ignore[arg-type]


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
