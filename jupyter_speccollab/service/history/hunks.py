"""Hunks: the changed parts between two versions of a text, with their authors.

All of this runs in a worker process, also the encoding, so that the event loop only hands on bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.json import encode

from jupyter_speccollab.service.history.steps import Steps
from jupyter_speccollab.text import diff
from jupyter_speccollab.text.parts import ADDED, KEPT, NOBODY, Part, total

NAMED: Final = 100_000
"""The greatest number of names that all hunks together list if each lists all authors; else there is one hunk."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """A changed part at ``position`` of the older text. ``authors`` are the names of its authors by userId."""

    position: int
    removed: str
    added: str
    authors: Mapping[str, str]


def hunks(old: str, new: str, steps: Steps) -> list[Hunk]:
    """The changes that ``steps`` made from ``old`` to ``new``, with their authors.

    Text that was added and then removed again is ignored. Positions are in code points of ``old``.

    Law (``tests/service/history/test_hunks.py``): the hunks are those that following each code point of both texts
    through all operations gives.
    """
    return list(_found(old, new, total(steps), steps.authors))


def hunks_without_steps(old: str, new: str, authors: Mapping[str, str]) -> list[Hunk]:
    """As `hunks`, where the operations are folded or too many: each hunk names all ``authors``."""
    found = list(_changed(old, new, authors))
    if len(found) * len(authors) <= NAMED or len(found) < 2:
        return found
    first, last = found[0], found[-1]
    end, from_end = last.position + len(last.removed), len(old) - last.position - len(last.removed)
    return [
        Hunk(first.position, old[first.position : end], new[first.position : len(new) - from_end], authors)
    ]


def encoded(old: str, new: str, steps: Steps, backwards: bool) -> bytes:
    """`hunks` as JSON; ``backwards``, from ``new`` to ``old``."""
    return _json(hunks(old, new, steps), backwards)


def encoded_without_steps(old: str, new: str, authors: Mapping[str, str], backwards: bool) -> bytes:
    """`hunks_without_steps` as JSON; ``backwards``, from ``new`` to ``old``."""
    return _json(hunks_without_steps(old, new, authors), backwards)


def _found(old: str, new: str, parts: Iterable[Part], authors: Sequence[tuple[str, str]]) -> Iterator[Hunk]:
    """A hunk for every gap between two kept parts."""
    before = start = behind = new_start = 0
    by: set[int] = set()
    for kind, length, author in [*parts, (KEPT, 0, NOBODY)]:
        if kind != KEPT:
            by.add(author)
            if kind == ADDED:
                behind += length
            else:
                before += length
            continue
        if by:
            removed, added = old[start:before], new[new_start:behind]
            if removed != added:
                yield Hunk(start, removed, added, dict(authors[number] for number in sorted(by)))
            by = set()
        before += length
        behind += length
        start, new_start = before, behind


def _changed(old: str, new: str, authors: Mapping[str, str]) -> Iterator[Hunk]:
    """A hunk for every change that the texts show."""
    position = removed = 0
    added = ""
    for component in [*diff(old, new).components, 1]:
        if isinstance(component, str):
            added += component
        elif component < 0:
            removed -= component
        else:
            if removed or added:
                yield Hunk(position, old[position : position + removed], added, authors)
            position += removed + component
            removed, added = 0, ""


def _json(found: Sequence[Hunk], backwards: bool) -> bytes:
    return encode(
        [
            {
                "position": hunk.position,
                "removed": hunk.removed,
                "added": hunk.added,
                "authors": [{"userId": user_id, "userName": name} for user_id, name in hunk.authors.items()],
            }
            for hunk in (_reversed(found) if backwards else found)
        ]
    )


def _reversed(found: Iterable[Hunk]) -> Iterator[Hunk]:
    """The hunks from the newer text to the older one: removed and added text are swapped."""
    shift = 0
    for hunk in found:
        yield Hunk(hunk.position + shift, hunk.added, hunk.removed, hunk.authors)
        shift += len(hunk.added) - len(hunk.removed)
