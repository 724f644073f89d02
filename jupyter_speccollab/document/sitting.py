"""A sitting: the versions that people made in one go, as history shows them.

::

    versions   1 2 3 ··· 40 │ 41 ··· 90 │ 91 ··· 260 │ 261 ···
                            │           │            │
               a pause of ten minutes   │       two hours after 91
                               90 was given a label
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

PAUSE: Final = timedelta(minutes=10)
"""A pause of so long, or longer, ends a sitting."""

LONGEST: Final = timedelta(hours=2)
"""The longest time from the first version of a sitting to its last one."""

NO_TIME: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Sitting:
    """The versions from ``first`` up to and including ``last``, and when these two were made."""

    first: int
    last: int
    started_at: datetime
    ended_at: datetime

    def goes_on_at(self, at: datetime) -> bool:
        """Whether a version that is made at ``at``, right after the last one, belongs to this sitting.

        Clocks differ between servers: a time before that of an earlier version counts as no time after it.
        """
        pause = max(NO_TIME, at - self.ended_at)
        length = max(NO_TIME, at - self.started_at)
        return pause < PAUSE and length <= LONGEST


def sittings(
    versions: Iterable[tuple[int, datetime]], ends: Container[int], open_one: Sitting | None = None
) -> Iterator[Sitting]:
    """The sittings of ``versions``, which follow each other without a gap, each with its time; oldest first.

    ``ends`` are the versions of revisions that somebody asked for: a sitting ends after each of them. ``open_one``
    is the sitting before the first of the versions, which may go on with it; it is then the first of the result.

    Laws (``tests/document/test_sitting.py``): the sittings are those of the rules in PROTOCOL_2, section 13, read
    version by version; and finding them in parts gives the same as finding them at once.
    """
    present = open_one
    for version, at in versions:
        if present is not None and present.last not in ends and present.goes_on_at(at):
            present = replace(present, last=version, ended_at=at)
            continue
        if present is not None:
            yield present
        present = Sitting(version, version, at, at)
    if present is not None:
        yield present
