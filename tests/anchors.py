"""Anchors after several operations, moved over one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_speccollab.text.anchor import Anchor, Components, moved


def brought_on(anchor: Anchor, operations: Iterable[Components], quote: str) -> Anchor:
    """The anchor after operations that follow each other."""
    for components in operations:
        anchor = moved(anchor, components, quote)
    return anchor
