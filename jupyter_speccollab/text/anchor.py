"""Anchors: ranges of a text that move with every operation.

An anchor keeps to its letters. After an operation it runs from the first to the last of those that stay::

    before:   The [quick] fox          "ck" is deleted, "et" inserted
    after:    The [qui]et fox          what a gap at the edge inserts does not belong to it

A *gap* is a place between letters that stay: there the operation deletes some letters, inserts some, or both.
When the last letters of an anchor go, it becomes an *orphan*: it lies in the gap, and remembers its letters. An
operation that inserts them again in that gap brings it back to them. An anchor that is made empty is a *place*,
such as that of a suggested insertion; it has no letters and is never orphaned.

Operations are read in their stored form (`jupyter_speccollab.text.to_stored`), in which deletes hold the deleted
text, so that no text is needed. Anchors are moved over operations in turn, never over a composition.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

MOST_LETTERS: Final = 1_000
"""How many letters an orphan remembers, in code points. No more of a quote is looked for either."""

FEWEST_LETTERS: Final = 3
"""An anchor that held fewer letters than this looks for its quote instead."""

Components = Sequence[Mapping[str, Any]]
"""The stored form of an operation: deletes and inserts by descending positions in the text before it."""


class Anchor(Struct, frozen=True, gc=False):
    """The range ``[start, end)`` of a text, in code points; ``letters`` is what an orphan held, else ``None``.

    Shapes: ``0 <= start <= end <= len(text)``; an orphan is empty.
    """

    start: int
    end: int
    letters: str | None = None

    @property
    def is_orphaned(self) -> bool:
        """Whether its letters are gone."""
        return self.letters is not None

    def shifted(self, by: int) -> Anchor:
        """The same so many code points further right."""
        return Anchor(self.start + by, self.end + by, self.letters) if by else self


def moved(anchor: Anchor, components: Components, quote: str) -> Anchor:
    """The anchor after the operation with these stored ``components``.

    ``quote`` is the text that the anchor had in the beginning; of a place it is not read. The cost is that of the
    components, and of a search for the letters in what is inserted where an orphan lies.

    Laws (``tests/text/test_anchor.py``): it is never reversed and stays within the text; it is what following each
    letter by itself finds; its text consists of its letters that stay and of what is inserted between them, if any
    stay; an orphan is back on its letters after the operation is undone. Moving it over two operations in turn
    gives what moving it over their composition gives, where it is never orphaned and no gap of the composition that
    inserts also deletes its first or last letter (of a place: no such gap that deletes anything holds it).
    """
    return Gaps(components).moved(anchor, quote)


class Gaps:
    """The gaps of an operation from left to right, to move many anchors over it.

    It reads the components when an anchor is first moved; those of a long operation can be read in parts before.
    """

    __slots__ = ("_added", "_components", "_ends", "_removed", "_shifts", "_starts", "_unread")

    def __init__(self, components: Components) -> None:
        self._components = components
        self._unread = len(components)
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._shifts = [0]
        """By how much a letter moves that has so many gaps before it."""
        self._removed: list[str] = []
        self._added: list[str] = []

    def read(self, most: int) -> bool:
        """Read at most so many components more; whether all are read."""
        for index in range(self._unread - 1, max(self._unread - most, 0) - 1, -1):
            component = self._components[index]
            start, content = component["position"], component["content"]
            if component["type"] == "insert":
                self._add(start, "", content)
            elif self._starts and self._starts[-1] == start:
                self._ends[-1] += len(content)
                self._removed[-1] = content
                self._shifts[-1] -= len(content)
            else:
                self._add(start, content, "")
        self._unread = max(self._unread - most, 0)
        return not self._unread

    def _add(self, start: int, removed: str, added: str) -> None:
        self._starts.append(start)
        self._ends.append(start + len(removed))
        self._shifts.append(self._shifts[-1] + len(added) - len(removed))
        self._removed.append(removed)
        self._added.append(added)

    @property
    def longest_insert(self) -> int:
        """The length of the longest text that is inserted in one gap; each orphan in that gap searches it."""
        return max(map(len, self._added), default=0)

    def moved_all(self, anchors: Iterable[tuple[Anchor, str]]) -> list[Anchor]:
        """The anchors, each given with its quote, after the operation: the same as `moved` of each."""
        self.read(self._unread)
        if not self._starts:
            return [anchor for anchor, _ in anchors]
        first, last, shift = self._starts[0], self._ends[-1], self._shifts[-1]
        result = []
        for anchor, quote in anchors:
            if anchor.end < first:
                result.append(anchor)
            elif anchor.start <= last:
                result.append(self.moved(anchor, quote))
            else:
                result.append(anchor.shifted(shift))
        return result

    def moved(self, anchor: Anchor, quote: str) -> Anchor:
        """The anchor after the operation; see `moved` of this module."""
        if self._unread:
            self.read(self._unread)
        start, end = anchor.start, anchor.end
        if start == end:
            return self._empty_moved(anchor)
        before = bisect_right(self._starts, start)
        if before and self._ends[before - 1] > start:
            start = self._ends[before - 1]
            if start >= end:
                return self._orphaned(anchor, before - 1, quote)
        start += self._shifts[before]
        before = bisect_right(self._starts, end - 1)
        if before and self._ends[before - 1] >= end:
            before -= 1
            end = self._starts[before]
        end += self._shifts[before]
        return anchor if start == anchor.start and end == anchor.end else Anchor(start, end)

    def _empty_moved(self, anchor: Anchor) -> Anchor:
        """A place or an orphan: it goes to the left end of a gap that holds it."""
        position = anchor.start
        before = bisect_right(self._starts, position)
        if before and self._ends[before - 1] >= position:
            return self._in_gap(anchor, before - 1, anchor.letters)
        return anchor.shifted(self._shifts[before])

    def _orphaned(self, anchor: Anchor, gap: int, quote: str) -> Anchor:
        """An anchor all of whose letters go in this gap."""
        letters = quote[:MOST_LETTERS]
        if anchor.end - anchor.start >= FEWEST_LETTERS:
            offset = anchor.start - self._starts[gap]
            letters = self._removed[gap][offset : offset + min(anchor.end - anchor.start, MOST_LETTERS)]
        return self._in_gap(anchor, gap, letters)

    def _in_gap(self, anchor: Anchor, gap: int, letters: str | None) -> Anchor:
        """Back on its letters where the gap inserts them, else empty at the left end of the gap."""
        start = self._starts[gap] + self._shifts[gap]
        found = self._added[gap].find(letters) if letters else -1
        if letters and found >= 0:
            return Anchor(start + found, start + found + len(letters))
        if start == anchor.start == anchor.end and letters == anchor.letters:
            return anchor
        return Anchor(start, start, letters)
