"""What was written between two versions: which letters came, which are gone, by whom and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jupyter_speccollab.service.history.stretch import Stretch
from jupyter_speccollab.text.parts import Range, added, removed

SOME: Final = 0
"""Some version: it can't be told which one."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written after version ``after``, up to ``until``.

    ``come`` are the ranges of the later text that were added, and ``gone`` those of the earlier text that are gone,
    each with the version that did it, or `SOME`. ``made`` returns the author of a version, and its time. ``names``
    are those of the authors of the versions, by userId.
    """

    come: Sequence[Range]
    gone: Sequence[Range]
    made: Callable[[int], tuple[str, datetime]]
    names: Mapping[str, str]
    after: int
    until: int

    @staticmethod
    def by(stretch: Stretch) -> Written:
        """What the operations of a stretch wrote."""
        parts = stretch.parts()
        come, gone = list(added(parts)), list(removed(parts))
        return Written(come, gone, stretch.made, stretch.names, stretch.after, stretch.until)
