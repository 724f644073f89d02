"""Which letters of an earlier text are gone, told by the attributions of both texts, without the operations.

Letters never change places, so those of the earlier text that are still there stand in the later one in the same
order, each inserted by the same version. Of equal letters of one version in a row it can't be told which one went.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import repeat

from .attribution import Run


def gone(
    old: str, old_runs: Iterable[Run], new: str, new_runs: Iterable[Run], since: int
) -> Iterator[tuple[int, int]]:
    """The ranges of ``old``, the text of version ``since``, whose letters are not in ``new``, from left to right.

    Law (``tests/text/test_gone.py``): as many letters are gone as following each letter through the operations
    finds; what is left are the letters of ``new`` that are as old as that. It costs as much as both texts are long.
    """
    versions = _versions(old_runs)
    kept, kept_versions = _kept(new, new_runs, since)
    start = 0
    while start < min(len(kept), len(old)) and (old[start], versions[start]) == (
        kept[start],
        kept_versions[start],
    ):
        start += 1
    end, kept_end = len(old), len(kept)
    while end > start < kept_end and (old[end - 1], versions[end - 1]) == (
        kept[kept_end - 1],
        kept_versions[kept_end - 1],
    ):
        end -= 1
        kept_end -= 1
    place, begun = start, -1
    for offset in range(start, end):
        if place < kept_end and old[offset] == kept[place] and versions[offset] == kept_versions[place]:
            place += 1
            if begun >= 0:
                yield begun, offset
                begun = -1
        elif begun < 0:
            begun = offset
    if begun >= 0:
        yield begun, end


def _versions(runs: Iterable[Run]) -> array[int]:
    """The version of each letter."""
    versions = array("I")
    for length, version in runs:
        versions.extend(repeat(version, length))
    return versions


def _kept(text: str, runs: Iterable[Run], since: int) -> tuple[str, array[int]]:
    """The letters that are as old as version ``since``, and their versions."""
    parts, versions, start = [], array("I"), 0
    for length, version in runs:
        if version <= since:
            parts.append(text[start : start + length])
            versions.extend(repeat(version, length))
        start += length
    return "".join(parts), versions
