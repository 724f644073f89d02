"""Decodes a long request body in slices, because one of 24 MB takes a tenth of a second."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.protocol.codec import body

LONG: Final = 1_000_000
"""The size in bytes from which on a body is decoded in slices."""

SLICE: Final = 131_072
"""How many bytes are decoded between two iterations of the event loop."""

LONG_STRING: Final = 65_536
"""The size in bytes from which on a string in a body is long. No string but a ``content`` is as long as this."""

BESIDE: Final = 262_144
"""How many bytes a body may have beside its long strings."""

PART: Final = re.compile(rb'(?:[^"\\]++|\\u[0-9A-Fa-f]{4}|\\[^u])*+', re.DOTALL)
"""A part of a string that ends at no half escape."""

LOW_SURROGATE: Final = re.compile(rb"\\u[dD][c-fC-F][0-9A-Fa-f]{2}")
"""The second of two escapes for one code point."""

NAMED_CONTENT: Final = re.compile(rb'"content"\s*:\s*\Z')

T = TypeVar("T", bound=Struct)


async def long_body(content: bytearray, kind: type[T]) -> T:
    """As `codec.body`. Raises `InvalidMessage`.

    Law (``tests/protocol/test_long_body.py``): the result is that of `codec.body`, however the slices fall; a wrong
    escape is only seen where it matters. Each ``content`` that is long is decoded by itself, and a mark takes its
    place. No other long string is of use, and what takes its place is too long for any field.
    """
    if len(content) <= LONG:
        return body(content, kind)
    texts: dict[str, str] = {}
    beside = bytearray()
    done = 0
    while (quote := content.find(b'"', done)) >= 0:
        string = _String(content, quote + 1)
        await string.find_end()
        beside += content[done:quote]
        if string.length < LONG_STRING:
            beside += content[quote : string.end + 1]
        elif NAMED_CONTENT.search(beside[-BESIDE:]):
            mark = secrets.token_hex(16)
            texts[mark] = await string.decoded()
            beside += b'"%s"' % mark.encode()
        else:
            beside += b'"%s"' % (b"x" * LONG_STRING)
        done = string.end + 1
        _check(beside)
    beside += content[done : done + BESIDE + 1]
    _check(beside)
    asked = body(beside, kind)
    text = texts.get(getattr(asked, "content", ""))
    return asked if text is None else msgspec.structs.replace(asked, content=text)


def _check(beside: bytearray) -> None:
    if len(beside) > BESIDE:
        raise InvalidMessage("The request body holds much more than a text. See docs/protocol.md.")


class _String:
    """A string of a body, from after its opening quotation mark on."""

    def __init__(self, content: bytearray, start: int) -> None:
        self._content = content
        self._starts = [start]
        self.end = start

    @property
    def length(self) -> int:
        return self.end - self._starts[0]

    async def find_end(self) -> None:
        """Look for the closing quotation mark. Raises `InvalidMessage` if there is none."""
        while True:
            stop = self._stop(self.end)
            if stop == self.end:
                break
            self.end = stop
            if len(self._starts) > 1:
                await asyncio.sleep(0)
            self._starts.append(stop)
        if self._content[self.end : self.end + 1] != b'"':
            raise InvalidMessage("The request body is not JSON: a string has no end, or a wrong escape.")

    async def decoded(self) -> str:
        parts = []
        for start, stop in zip(self._starts, self._starts[1:], strict=False):
            try:
                parts.append(msgspec.json.decode(b'"%s"' % self._content[start:stop], type=str))
            except (msgspec.DecodeError, UnicodeError) as error:
                raise InvalidMessage(
                    f"The request body does not fit: {error}. See docs/protocol.md."
                ) from None
            await asyncio.sleep(0)
        return "".join(parts)

    def _stop(self, start: int) -> int:
        """Where the part from ``start`` on ends: between two code points."""
        content = self._content
        found = PART.match(content, start, start + SLICE)
        assert found is not None
        stop = found.end()
        while stop > start and stop < len(content) and content[stop] & 0xC0 == 0x80:
            stop -= 1
        low = LOW_SURROGATE.match(content, stop) if stop > start else None
        return low.end() if low else stop
