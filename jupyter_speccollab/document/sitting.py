"""A sitting: the versions that people made in one go, as history shows them.

::

    versions   1 2 3 ··· 40 │ 41 ··· 90 │ 91 ··· 260 │ 261 ···
                            │           │            │
               a pause of ten minutes   │       two hours after 91
                               90 was given a label
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

PAUSE: Final = timedelta(minutes=10)
"""A pause of so long, or longer, ends a sitting."""

LONGEST: Final = timedelta(hours=2)
"""The longest time from the first version of a sitting to its last one."""

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sitting:
    """The versions from ``first`` up to and including ``last``, and when these two were made."""

    first: int
    last: int
    started_at: datetime
    ended_at: datetime


def sittings(
    versions: Iterable[tuple[int, datetime]], ends: Container[int], open_one: Sitting | None = None
) -> Iterator[Sitting]:
    """The sittings of ``versions``, which follow each other without a gap, each with its time; oldest first.

    ``ends`` are the versions of revisions that somebody asked for: a sitting ends after each of them. ``open_one``
    is the sitting before the first of the versions, which may go on with it; it is then the first of the result.
    Clocks differ between servers: a time before that of an earlier version counts as no time after it.

    Laws (``tests/document/test_sitting.py``): the sittings are those of the rules in ``docs/protocol.md``, read
    version by version; and finding them in parts gives the same as finding them at once.
    """
    first = last = 0  # no sitting yet
    started_at = ended_at = NEVER
    if open_one is not None:
        first, last, started_at, ended_at = astuple(open_one)
    for version, at in versions:
        goes_on = last not in ends and at - ended_at < PAUSE and at - started_at <= LONGEST
        if not goes_on or not first:
            if first:
                yield Sitting(first, last, started_at, ended_at)
            first, started_at = version, at
        last, ended_at = version, at
    if first:
        yield Sitting(first, last, started_at, ended_at)


def first_break(versions: Iterable[tuple[int, datetime]], ends: Container[int]) -> int | None:
    """The first version after the first of ``versions`` with which a sitting begins, wherever the one before began.

    That is one after a pause, or after one of ``ends``. ``None`` if there is no such version.

    Law (``tests/document/test_sitting.py``): the sittings from there on are the same without all that was before.
    """
    for (before, earlier), (version, at) in pairwise(versions):
        if before in ends or at - earlier >= PAUSE:
            return version
    return None


def changed_by(end: int, later: Iterable[Sitting], ends: Container[int]) -> Iterator[Sitting]:
    """Which of the sittings ``later``, ascending, may be others if version ``end`` becomes one of ``ends``.

    ``later`` are those with versions after ``end``. The one in which ``end`` lies may change, and those that follow
    it, up to the first one that begins after a pause or after another of ``ends``.
    """
    before: Sitting | None = None
    for sitting in later:
        if before is None:
            stays = sitting.first > end
        else:
            stays = (
                sitting.first > before.last + 1
                or before.last in ends
                or sitting.started_at - before.ended_at >= PAUSE
            )
        if stays:
            return
        yield sitting
        before = sitting
