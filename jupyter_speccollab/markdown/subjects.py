"""Subjects: to which heading or requirement each code point of a text belongs.

::

    Some words before.            no subject
    # Login                       login
    - FR-001: Log in              FR-001
      - FR-002: With a password   FR-002
    More words.                   login
    ## Tokens                     tokens

A heading has all up to the next heading, whatever its level, blank lines included. A requirement that is a list
item or a row of a table has its lines. What several hold belongs to the deepest of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from jupyter_speccollab.markdown.outline import Entry
from jupyter_speccollab.text.parts import Range

KINDS: Final = ("heading", "requirement")


class Segment(NamedTuple):
    """A range of a text, in code points, and the id of the subject that it belongs to; ``None`` for none."""

    start: int
    end: int
    id: str | None


def subjects_of(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The headings and requirements by id; of equal ids, the first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind in KINDS:
            found.setdefault(entry.id, entry)
    return found


def segments_of(entries: Iterable[Entry], length: int) -> list[Segment]:
    """The text of ``length`` code points in segments, from left to right, without the empty ones.

    Law (``tests/markdown/test_subjects.py::test_each_letter_belongs_to_the_deepest``): each code point belongs to
    the last of the entries that hold it.
    """
    segments: list[Segment] = []
    open_ones: list[tuple[int, str]] = []
    position = 0

    def close(until: int) -> None:
        """Make the segments up to ``until``, where the ones end that are open."""
        nonlocal position
        while position < until:
            while open_ones and open_ones[-1][0] <= position:
                open_ones.pop()
            end = min(until, open_ones[-1][0]) if open_ones else until
            segments.append(Segment(position, end, open_ones[-1][1] if open_ones else None))
            position = end

    for entry in entries:
        if entry.kind not in KINDS:
            continue
        close(entry.start)
        if entry.level:
            open_ones = [(length, entry.id)]
        else:
            open_ones.append((entry.end, entry.id))
    close(length)
    return segments


def by_subject(ranges: Iterable[Range], segments: Sequence[Segment]) -> Iterator[tuple[str | None, int, int]]:
    """The id of the subject, the length and the number of each piece of ``ranges``, which are cut at the segments.

    Both go from left to right, and the segments cover all of the ranges.
    """
    index = 0
    for start, end, number in ranges:
        position = start
        while position < end:
            while segments[index].end <= position:
                index += 1
            piece = min(end, segments[index].end) - position
            yield segments[index].id, piece, number
            position += piece


def touched(entries: Sequence[Entry], length: int, ranges: Sequence[Range]) -> set[str]:
    """The ids of the headings and requirements in whose extent one of ``ranges`` lies, at least in part.

    The extent of a heading reaches to the next one of its level or above, here with the blank lines before that.
    The ranges go from left to right.
    """
    ends = [end for _, end, _ in ranges]
    next_of_level: dict[int, int] = {}
    found: set[str] = set()
    for entry in reversed(entries):
        if entry.kind not in KINDS:
            continue
        end = entry.end
        if entry.level:
            end = min(next_of_level.get(level, length) for level in range(1, entry.level + 1))
            next_of_level[entry.level] = entry.start
        first = bisect_right(ends, entry.start)
        if first < len(ranges) and ranges[first][0] < end:
            found.add(entry.id)
    return found
