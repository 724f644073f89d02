"""WebSocket frames: the parser returns the same messages wherever the stream is cut."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_speccollab.handlers.socket.frames import FrameParser, InvalidFrame, text_frame, unmasked
from tests.simulation.frames import payloads

LIMIT = 200_000


def frame(first: int, payload: bytes, key: bytes | None = b"\x01\x80\xfe\x37") -> bytes:
    """One frame of a client, built byte by byte as in the diagram of the RFC."""
    size, mask = len(payload), 0 if key is None else 0x80
    head = bytes([first])
    if size < 126:
        head += bytes([mask | size])
    elif size < 1 << 16:
        head += bytes([mask | 126]) + struct.pack("!H", size)
    else:
        head += bytes([mask | 127]) + struct.pack("!Q", size)
    if key is None:
        return head + payload
    return head + key + bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))


def everything(frames: FrameParser) -> list[tuple[int, bytes]]:
    return list(iter(frames.next, None))


@dataclass
class Said:
    """A fragmented message, with a control frame before each fragment."""

    opcode: int
    pieces: list[bytes]
    controls: list[tuple[int, bytes]]
    keys: list[bytes]

    def data(self) -> bytes:
        data = b""
        for place, (piece, key) in enumerate(zip(self.pieces, self.keys, strict=False)):
            if place < len(self.controls):
                opcode, payload = self.controls[place]
                data += frame(0x80 | opcode, payload, key[::-1])
            final = 0x80 if place == len(self.pieces) - 1 else 0
            data += frame(final | (0 if place else self.opcode), piece, key)
        return data

    def heard(self) -> list[tuple[int, bytes]]:
        return [*self.controls[: len(self.pieces)], (self.opcode, b"".join(self.pieces))]


sizes = st.sampled_from([0, 1, 3, 4, 5, 124, 125, 126, 127, 1_000, 65_535, 65_536])
pieces = st.builds(lambda size, byte: bytes([byte]) * size, sizes, st.integers(0, 255))
said = st.builds(
    Said,
    opcode=st.sampled_from([1, 2]),
    pieces=st.lists(
        st.builds(lambda size, byte: bytes([byte]) * size, sizes, st.integers(0, 255)), min_size=1, max_size=3
    ),
    controls=st.lists(st.tuples(st.sampled_from([8, 9, 10]), st.binary(max_size=125)), max_size=3),
    keys=st.lists(st.binary(min_size=4, max_size=4), min_size=3, max_size=3),
)


@settings(deadline=None)  # long frames take more than 200 ms on a busy machine
@given(all_said=st.lists(said, max_size=4), cuts=st.lists(st.integers(1, 70_000), max_size=30))
def test_messages_come_out_as_they_were_said(all_said: list[Said], cuts: list[int]) -> None:
    data = b"".join(one.data() for one in all_said)
    frames, heard = FrameParser(LIMIT), []
    for size in [*cuts, len(data)]:
        frames.feed(data[:size])
        data = data[size:]
        heard += everything(frames)
    assert heard == [each for one in all_said for each in one.heard()]


def test_a_frame_may_come_byte_by_byte() -> None:
    frames = FrameParser(LIMIT)
    data = frame(0x81, b"x" * 300) + frame(0x81, b"") + frame(0x82, b"y" * 70_000)
    heard = []
    for place in range(len(data)):
        frames.feed(data[place : place + 1])
        heard += everything(frames)
    assert heard == [(1, b"x" * 300), (1, b""), (2, b"y" * 70_000)]


def test_masks_are_taken_off() -> None:
    for size in (0, 1, 2, 3, 4, 5, 1_000):
        key, payload = b"\x00\xff\x10\x81", bytes(place * 7 % 256 for place in range(size))
        assert unmasked(key, payload) == bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_what_the_server_sends_can_be_read(size: int) -> None:
    assert list(payloads(text_frame(b"x" * size) + text_frame(b"y"))) == [b"x" * size, b"y"]


@pytest.mark.parametrize(
    "data",
    [
        frame(0xC1, b"compressed"),
        frame(0x83, b"of no kind"),
        frame(0x8B, b"no control"),
        frame(0x81, b"unmasked", key=None),
        frame(0x09, b"a ping in pieces"),
        frame(0x89, b"p" * 126),
        frame(0x80, b"the rest of nothing"),
        frame(0x01, b"begun ") + frame(0x81, b"and begun anew"),
        frame(0x01, b"begun ") + frame(0x02, b"and begun anew"),
    ],
)
def test_what_a_client_may_not_send_is_an_error_of_the_protocol(data: bytes) -> None:
    frames = FrameParser(LIMIT)
    frames.feed(frame(0x81, b"before") + data)
    assert frames.next() == (1, b"before")
    with pytest.raises(InvalidFrame) as refused:
        frames.next()
    assert refused.value.code == 1002


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xc1", 1002),  # compressed
        (b"\x83", 1002),  # of no kind
        (b"\x09", 1002),  # a ping in fragments
        (b"\x80", 1002),  # the continuation of nothing
        (b"\x81\x01", 1002),  # without a mask
        (b"\x89\x00", 1002),
        (b"\x88\x7d", 1002),
        (b"\x81\x7e", 1002),
        (b"\x89\xfe", 1002),  # a control frame of more than 125 bytes
        (b"\x81\xff" + (LIMIT + 1).to_bytes(8, "big"), 1009),
        (b"\x81\xff" + b"\xff" * 8, 1009),
    ],
)
def test_a_broken_frame_is_refused_at_the_byte_that_breaks_it(data: bytes, code: int) -> None:
    """A client may send nothing after that byte, so a server that waited for more would wait for ever."""
    frames = FrameParser(LIMIT)
    frames.feed(data[:-1])
    assert frames.next() is None
    frames.feed(data[-1:])
    with pytest.raises(InvalidFrame) as refused:
        frames.next()
    assert refused.value.code == code


class TestAMessageMayBeAsLargeAsTheLimit:
    def test_in_one_frame(self) -> None:
        frames = FrameParser(LIMIT)
        frames.feed(frame(0x81, b"x" * LIMIT))
        assert frames.next() == (1, b"x" * LIMIT)
        frames.feed(frame(0x81, b"x" * (LIMIT + 1))[:14])
        with pytest.raises(InvalidFrame) as refused:  # before the payload has arrived
            frames.next()
        assert refused.value.code == 1009

    def test_in_pieces(self) -> None:
        frames = FrameParser(LIMIT)
        frames.feed(frame(0x01, b"x" * (LIMIT - 1)) + frame(0x80, b"x") + frame(0x89, b"p"))
        assert everything(frames) == [(1, b"x" * LIMIT), (9, b"p")]
        frames.feed(
            frame(0x01, b"x" * (LIMIT - 1)) + frame(0x00, b"x") + frame(0x89, b"p") + frame(0x80, b"x")[:6]
        )
        assert frames.next() == (9, b"p")
        with pytest.raises(InvalidFrame) as refused:
            frames.next()
        assert refused.value.code == 1009
