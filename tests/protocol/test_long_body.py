"""Long bodies: decoded in slices, with the result of decoding them at once."""

from __future__ import annotations

import asyncio
import json
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.protocol import codec
from jupyter_speccollab.protocol import long_body as module
from jupyter_speccollab.protocol.bodies import CreateSpec, SaveDocument
from jupyter_speccollab.protocol.long_body import long_body

PIECES = [
    b"a",
    "é".encode(),
    "Ж🎈".encode(),
    rb"\"",
    rb"\\",
    rb"\n",
    rb"\u00e9",
    rb"\ud83d\ude00",
    rb"\\ud83d",
]
BAD = [rb"\ud83d", rb"\ude00", rb"\q", rb"\u12", b"\xff", b"\n", b'"']


def outcome(content: bytes, kind: type[SaveDocument] | type[CreateSpec]) -> tuple[object, object]:
    """What decoding in slices gives, and what decoding at once gives; ``None`` for `InvalidMessage`."""
    with (
        patch.object(codec, "LENIENT_BYTES", 0),  # as it is for bodies that are long
        patch.object(module, "LONG", 0),
        patch.object(module, "SLICE", 8),
        patch.object(module, "LONG_STRING", 12),
    ):
        try:
            sliced: object = asyncio.run(long_body(bytearray(content), kind))
        except InvalidMessage:
            sliced = None
        try:
            return sliced, codec.body(content, kind)
        except InvalidMessage:
            return sliced, None


@given(
    st.lists(st.sampled_from(PIECES + BAD), max_size=30),
    st.sampled_from([b"content", b"title", b"more"]),
    st.sampled_from([b"", b" ", b"\n "]),
)
def test_slices_change_no_result(pieces: list[bytes], name: bytes, space: bytes) -> None:
    text = b"".join(pieces)
    is_good = not set(BAD) & set(pieces)
    before = b'{"version"%s:%s1,"content":"short","title":"T","%s"%s:%s"' % (space, space, name, space, space)
    for content in (before + text + b'"}', b'{"more":{"content":"%s"},"content":"y","version":3}' % text):
        sliced, at_once = outcome(content, SaveDocument)
        assert sliced == at_once or (not is_good and None in (sliced, at_once))
    if name != b"title":
        sliced, at_once = outcome(before + text + b'"}', CreateSpec)
        assert sliced == at_once or (not is_good and None in (sliced, at_once))


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
def test_of_two_contents_the_last_counts(text: bytes) -> None:
    for first, last in ((text, b"x"), (b"x", text), (text + b"1", text + b"2")):
        content = b'{"content":"%s","version":1,"content":"%s"}' % (first, last)
        sliced, at_once = outcome(content, SaveDocument)
        assert sliced == at_once
        assert sliced is not None


async def test_a_long_string_is_no_title() -> None:
    content = json.dumps({"title": "x" * 1_200_000, "content": "text"}).encode()
    with pytest.raises(InvalidMessage):
        await long_body(bytearray(content), CreateSpec)


@pytest.mark.parametrize("text", ['"a",' * 400_000, " " * 1_200_000, "[" * 1_200_000, '"' + "a" * 1_200_000])
async def test_what_is_no_text_is_refused_soon(text: str) -> None:
    with pytest.raises(InvalidMessage):
        await long_body(bytearray(b'{"version":1,"content":"x","more":[%s' % text.encode()), SaveDocument)
