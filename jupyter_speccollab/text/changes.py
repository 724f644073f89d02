"""The form of operations in ``document_operations``: a list of changes ``[position, removed, added]``.

``[[9,"cat","dog"],[4,"","very "]]`` means: at 9 "cat" is replaced by "dog", at 4 "very " is inserted. Positions
are code points in the text before the operation, descending. It holds the same information as the stored
components in a third of their bytes; a `delete` and the `insert` after it at the same place are one change.

Laws (``test_changes.py``), for every stored form of a normal operation: ``unpack(pack(components))`` is that
stored form again, and ``operation_of(pack(components))`` the operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .operation import Builder, Operation

Change = tuple[int, str, str]
"""Position, removed text, added text."""


def pack(components: Iterable[dict[str, Any]]) -> list[Change]:
    """The changes that these stored components make."""
    changes: list[Change] = []
    removed: tuple[int, str] | None = None
    for component in components:
        position, content = component["position"], component["content"]
        if component["type"] == "delete":
            if removed:
                changes.append((*removed, ""))
            removed = (position, content)
        elif removed and removed[0] == position:
            changes.append((*removed, content))
            removed = None
        else:
            if removed:
                changes.append((*removed, ""))
                removed = None
            changes.append((position, "", content))
    if removed:
        changes.append((*removed, ""))
    return changes


def unpack(changes: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """The stored components of these changes."""
    components: list[dict[str, Any]] = []
    for position, removed, added in changes:
        if removed:
            length = len(removed)
            components.append({"type": "delete", "position": position, "length": length, "content": removed})
        if added:
            components.append({"type": "insert", "position": position, "content": added})
    return components


def operation_of(changes: Sequence[Sequence[Any]]) -> Operation:
    """The operation, in normal form, that makes these changes."""
    builder = Builder()
    behind = 0
    for position, removed, added in reversed(changes):
        builder.retain(position - behind)
        builder.insert(added)
        builder.delete(len(removed))
        behind = position + len(removed)
    return builder.build()
