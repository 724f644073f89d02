"""Checks of arguments and results that every store makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from jupyter_speccollab.document.committed import CommittedOperation

from .base import (
    CorruptSnapshot,
    Part,
    Snapshot,
    StoredThread,
)

SPEC_FIELDS = frozenset({"title", "description", "type", "status", "notebook"})
"""The fields that `SpecStore.update_spec` may set."""


def check_group(base_version: int, operations: Sequence[CommittedOperation]) -> None:
    """Raises ValueError unless the versions follow ``base_version`` without a gap and no id occurs twice."""
    expected = range(base_version + 1, base_version + 1 + len(operations))
    if not operations or any(
        operation.version != v for operation, v in zip(operations, expected, strict=True)
    ):
        raise ValueError(
            f"A group based on version {base_version} must contain exactly the versions that follow it."
        )
    if len({operation.operation_id for operation in operations}) != len(operations):
        raise ValueError("An operationId occurs twice in one group.")


def users_of(operations: Iterable[CommittedOperation]) -> set[str]:
    """Return the users that the operations name."""
    return {operation.user_id for operation in operations} | {operation.author for operation in operations}


def users_of_thread(thread: StoredThread) -> set[str]:
    """Return the users that must be known for the thread to be stored."""
    users = {thread.created_by, *(message.user_id for message in thread.messages)}
    return users if thread.resolved_by is None else users | {thread.resolved_by}


def check_fields(fields: Iterable[str]) -> None:
    """Raises ValueError for a field that `SpecStore.update_spec` does not set."""
    if unknown := set(fields) - SPEC_FIELDS:
        raise ValueError(f"No such field of a spec: {', '.join(sorted(unknown))}")


def check_change(base: int, thread: StoredThread) -> None:
    """Raises ValueError unless the thread is the change that makes the threads' version ``base + 1``."""
    if thread.changed != base + 1:
        raise ValueError(f"A thread that is written at version {base} must have changed at {base + 1}.")


def check_fold(until: int, base: int) -> None:
    """Raises ValueError unless versions up to ``until`` can be folded into the snapshot at ``base``."""
    if base < until:
        raise ValueError(
            f"Versions up to {until} can't be folded into the earlier snapshot at version {base}."
        )


def not_folded(version: int) -> ValueError:
    """Return the exception for folding the versions after one that is not folded."""
    return ValueError(f"Version {version} is not folded yet: fold it first.")


def check_hash(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot. Raises `CorruptSnapshot` if its content does not match its hash."""
    if (
        snapshot.content is not None
        and sha256(snapshot.content.encode()).hexdigest() != snapshot.content_hash
    ):
        raise CorruptSnapshot(f"The stored text of version {snapshot.version} does not match its hash.")
    return snapshot


def refused(part: Part) -> str:
    """Return why a part of an import can't be stored, as a sentence."""
    if not isinstance(part, Sequence):
        return "It names a user that no part before it introduces, or it occurs twice."
    if named := [row for row in part if row.author_id is not None]:
        return f"The author of version {named[0].version} is unknown, or an operationId occurs twice."
    return f"An operationId occurs twice, the second time in version {part[0].version} to {part[-1].version}."
