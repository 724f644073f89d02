"""What other servers have written into Redis: read entry by entry, as another release may write another form.

During a rolling upgrade servers of two releases share a Redis. An entry that this release can't read is left out,
and logged once for each kind; the others are read (``tests/bus/test_foreign_entries.py``).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from .news import Attendee, News

UNREADABLE: Final = (msgspec.DecodeError, RecursionError)

logger = logging.getLogger(__name__)


class _AnyKind(Struct):
    """Any news; only its kind is decoded."""

    type: str


_decode_news = msgspec.msgpack.Decoder(News).decode
_decode_kind = msgspec.msgpack.Decoder(_AnyKind).decode
_decode_attendee = msgspec.msgpack.Decoder(tuple[str, Attendee]).decode
_decode_list = msgspec.msgpack.Decoder(list[Any]).decode


class Entries:
    """Reads entries, and remembers which kinds it has logged."""

    def __init__(self) -> None:
        self._skipped: set[str] = set()

    def news(self, body: bytes) -> News | None:
        """The news of a stream's entry, or ``None`` if this release can't read it."""
        try:
            news: News = _decode_news(body)
        except UNREADABLE as error:
            self._skip(f"news of the kind {_kind_of(body)!r}", error)
            return None
        return news

    def attendee(self, value: bytes) -> tuple[str | None, Attendee | None]:
        """The server and the session of a roster's entry; ``None`` for each that this release can't read."""
        try:
            return _decode_attendee(value)
        except UNREADABLE as error:
            self._skip("entries of a roster", error)
            return _first_of(value), None

    def connections(self, found: Mapping[bytes, bytes]) -> dict[str, tuple[str, str]]:
        """The server and the spec of each of a user's connections, by its id."""
        read: dict[str, tuple[str, str]] = {}
        for key, value in found.items():
            parts = value.decode(errors="replace").split()
            if len(parts) == 2:
                read[key.decode(errors="replace")] = parts[0], parts[1]
            else:
                self._skip("entries of a user's connections", ValueError("they have another form"))
        return read

    def _skip(self, kind: str, error: Exception) -> None:
        if kind not in self._skipped:
            self._skipped.add(kind)
            logger.warning("%s are skipped, as this release can't read them: %s", kind, error)


def _kind_of(body: bytes) -> str:
    try:
        return _decode_kind(body).type
    except UNREADABLE:
        return "unknown"


def _first_of(value: bytes) -> str | None:
    """The first element of a list, if that is a string: in every release so far, the server."""
    try:
        first = _decode_list(value)[0]
    except (*UNREADABLE, IndexError):
        return None
    return first if isinstance(first, str) else None
