"""Marks: code points that occur once, by which every insert can be followed through the log."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Final

FIRST: Final = 0xF0000
"""A private-use plane: beyond 16 bits, as emoji are, and typed by nobody else."""

LAST: Final = 0xFFFFD

MARK: Final = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")

FILLERS: Final = ("", "", "a", "word ", "\n", "\n\n# Title\n", "😀", "👩‍👩‍👧", "é", "aaaa", "\t- item\n")


@dataclass(slots=True)
class Mark:
    """What became of one code point.

    ``owner`` inserted it; ``is_sure`` while its owner lives, so that it has to arrive. ``removers`` deleted it,
    each with whether it lives. ``returns`` is how often somebody inserted it again after a deletion.
    """

    owner: str
    is_sure: bool = True
    removers: dict[str, bool] = field(default_factory=dict)
    returns: int = 0


class Marks:
    """Hands out marks, and says at the end what the log and the text may hold of them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._marks: dict[str, Mark] = {}

    def text(self, owner: str, marks: int = 1) -> str:
        """A new text to insert, with so many marks in it."""
        text = self._rng.choice(FILLERS)
        for _ in range(marks):
            mark = chr(FIRST + len(self._marks))
            assert mark <= chr(LAST), "a run is not that long"
            self._marks[mark] = Mark(owner)
            text += mark + self._rng.choice(FILLERS)
        return text

    def removed(self, text: str, remover: str) -> None:
        """``remover`` deletes this text."""
        for mark in self._in(text):
            self._marks[mark].removers[remover] = True

    def returned(self, text: str) -> None:
        """Somebody inserts this text, which was deleted or is just being deleted, again."""
        for mark in self._in(text):
            self._marks[mark].returns += 1

    def unique(self, text: str) -> set[str]:
        """The marks in a text, but for those that somebody inserted again."""
        return {mark for mark in self._in(text) if not self._marks[mark].returns}

    def gone(self, who: str) -> None:
        """Somebody is gone, perhaps with edits that the server has not got: both outcomes are right."""
        for mark in self._marks.values():
            if mark.owner == who:
                mark.is_sure = False
            if who in mark.removers:
                mark.removers[who] = False

    def merged(self, who: str) -> None:
        """Somebody's edits were brought over a difference of texts, which may take what stayed for new.

        What they deleted may then have come back; what they inserted is there all the same.
        """
        for mark in self._marks.values():
            if who in mark.removers:
                mark.removers[who] = False

    def doubled(self, text: str) -> str:
        """The marks that stand in a text more than once, and that nobody inserted again."""
        found = MARK.findall(text)
        if len(set(found)) == len(found):
            return ""
        return "".join(one for one in Counter(found) - Counter(set(found)) if not self._marks[one].returns)

    def wrong(self, inserted: Counter[str], text: str) -> list[str]:
        """What is wrong with the log, which inserted these code points so often, and the text at its end."""
        standing = Counter(self._in(text))
        found = []
        for mark, fate in self._marks.items():
            times, stands = inserted[mark], standing[mark]
            most = 1 + fate.returns
            if times > most:
                found.append(f"{mark!a} of {fate.owner} was committed {times} times")
            if times == 0 and fate.is_sure and fate.owner not in fate.removers:
                found.append(f"{mark!a} of {fate.owner} was lost before it was committed")
            if stands > most:
                found.append(f"{mark!a} of {fate.owner} stands {stands} times in the text")
            if times and not stands and not fate.removers:
                found.append(f"{mark!a} of {fate.owner} vanished, and nobody had deleted it")
            if stands and any(fate.removers.values()) and not fate.returns:
                found.append(f"{mark!a} of {fate.owner} came back after {list(fate.removers)} deleted it")
        return found

    def _in(self, text: str) -> list[str]:
        return MARK.findall(text)
