"""Merges two texts that were edited from a common base."""

from __future__ import annotations

from .chunks import Component
from .diff import diff
from .operation import Builder, Operation, apply, normalise
from .transform import transform


def merge(base: str, mine: str, theirs: str) -> str:
    """*base* with the changes of both *mine* and *theirs*: a three-way merge by operations.

    Where both insert at one position, the text of *mine* comes first. If both insert the same text there, it
    is kept once: most likely it is one edit that arrived twice. The browser's ``merge`` gives the same text
    (``test_vectors.py::test_merge``).

    Laws (``test_merge.py``): ``merge(b, m, b) == m``; ``merge(b, b, t) == t``; ``merge(b, x, x) == x``; no
    text that either side inserted is lost.
    """
    if mine == theirs:
        return mine
    ours, other = diff(base, mine), diff(base, theirs)
    return apply(transform(_without_shared_inserts(ours, other), other, "left"), theirs)


def _without_shared_inserts(operation: Operation, other: Operation) -> Operation:
    """*operation* without the inserts that *other* makes too; both are in normal form."""
    shared = set(_inserts(other))
    result = Builder()
    for component, gap in _with_gaps(operation):
        if not isinstance(component, str) or (gap, component) not in shared:
            result.add(component)
    return normalise(result.build())


def _inserts(operation: Operation) -> list[tuple[int, str]]:
    return [(gap, component) for component, gap in _with_gaps(operation) if isinstance(component, str)]


def _with_gaps(operation: Operation) -> list[tuple[Component, int]]:
    """Each component with the offset in the base text where it begins."""
    pairs: list[tuple[Component, int]] = []
    base = 0
    for component in operation.components:
        pairs.append((component, base))
        base += 0 if isinstance(component, str) else abs(component)
    return pairs
