"""Bylines: the author of each version of a spec, and when it was made.

They are kept in pages that are small to store and fast to read. A page is of `PAGE_VERSIONS` versions, the first
one of versions 1 to `PAGE_VERSIONS`. A log has a row for each version with much more in it; reading all of these
for the attribution of a text would take seconds.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise, repeat
from typing import Final
from uuid import UUID

PAGE_VERSIONS: Final = 2_048
"""The number of versions of a page. It is a part of what is stored, and must not change."""

FORMAT: Final = 1
"""The first byte of a page."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_HEAD: Final = 3
_ID: Final = 16


@dataclass(frozen=True, slots=True)
class Bylines:
    """Who made each version, and when.

    ``people`` are userIds. ``person`` is an index into them for each version, and ``seconds`` the time in whole
    seconds since 1970, rounded down. The first ones are of version 0, or of the first version of a page.
    """

    people: tuple[str, ...]
    person: Sequence[int]
    seconds: Sequence[int]

    @staticmethod
    def of(made: Iterable[tuple[str, datetime]]) -> Bylines:
        """The bylines of versions that follow each other, from the userId and the time of each."""
        people: dict[str, int] = {}
        person, seconds = array("I"), array("q")
        for user_id, moment in made:
            person.append(people.setdefault(user_id, len(people)))
            seconds.append((moment - _EPOCH) // _SECOND)
        return Bylines(tuple(people), person, seconds)

    def to_bytes(self) -> bytes:
        """A page: `FORMAT`, the number of people, their ids; compressed, who made each version, and the times.

        Law (``tests/document/test_bylines.py``): `from_bytes` reads it back.
        """
        ids = b"".join(UUID(user_id).bytes for user_id in self.people)
        steps = array("q", (after - before for before, after in pairwise((0, *self.seconds))))
        numbers = _little(array("I", self.person)) + _little(steps)
        return bytes([FORMAT]) + len(self.people).to_bytes(_HEAD - 1) + ids + zlib.compress(numbers)

    @staticmethod
    def from_bytes(page: bytes) -> Bylines:
        """Read a page. Raises ValueError if it is none."""
        if page[0] != FORMAT:
            raise ValueError("unknown format of bylines")
        start = _HEAD + _ID * int.from_bytes(page[1:_HEAD])
        people = tuple(str(UUID(bytes=page[at : at + _ID])) for at in range(_HEAD, start, _ID))
        numbers = zlib.decompress(page[start:])
        middle = len(numbers) // 3
        return Bylines(
            people, _numbers("I", numbers[:middle]), list(accumulate(_numbers("q", numbers[middle:])))
        )


def joined(parts: Iterable[Bylines]) -> Bylines:
    """The bylines of versions that follow each other, from those of parts of them."""
    people: dict[str, int] = {}
    person = array("I")
    seconds: list[int] = []
    for part in parts:
        numbers = [people.setdefault(user_id, len(people)) for user_id in part.people]
        if numbers == list(range(len(numbers))):
            person.extend(part.person)
        elif len(numbers) == 1:
            person.extend(repeat(numbers[0], len(part.person)))
        else:
            person.extend(map(numbers.__getitem__, part.person))
        seconds += part.seconds
    return Bylines(tuple(people), person, seconds)


def pages_of(made: Sequence[tuple[str, datetime]]) -> Iterator[bytes]:
    """The full pages of versions from the first one of a page on; what fills no page is left."""
    for start in range(0, len(made) - PAGE_VERSIONS + 1, PAGE_VERSIONS):
        yield Bylines.of(made[start : start + PAGE_VERSIONS]).to_bytes()


def _little(numbers: array[int]) -> bytes:
    """The numbers as bytes, the lowest byte first."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(code: str, stored: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(stored)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
