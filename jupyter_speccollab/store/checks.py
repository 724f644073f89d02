"""What every store asserts of the values that it takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.user import User

from .base import CorruptSnapshot, Grant, Part, Snapshot, SpecRecord

SPEC_FIELDS = frozenset({"title", "description", "type", "status"})
"""What `Store.update_spec` may set."""


def check_group(base_version: int, operations: Sequence[CommittedOperation]) -> None:
    """ValueError unless the versions go up by one from ``base_version`` and no id comes twice."""
    expected = range(base_version + 1, base_version + 1 + len(operations))
    if not operations or any(
        operation.version != v for operation, v in zip(operations, expected, strict=True)
    ):
        raise ValueError(f"A group on version {base_version} must hold the versions that follow it.")
    if len({operation.operation_id for operation in operations}) != len(operations):
        raise ValueError("An operationId stands twice in one group.")


def check_fields(fields: Iterable[str]) -> None:
    """ValueError for a field that `Store.update_spec` does not set."""
    if unknown := set(fields) - SPEC_FIELDS:
        raise ValueError(f"No such field of a spec: {', '.join(sorted(unknown))}")


def check_fold(until: int, base: int) -> None:
    """ValueError unless the text at ``base`` stands for what is folded up to ``until``."""
    if base < until:
        raise ValueError(f"The text of version {base} can't stand for versions up to {until}.")


def has_steps(version: int) -> ValueError:
    """What is raised where something is to be folded after a version that was not."""
    return ValueError(f"Version {version} has its steps: fold it first.")


def check_hash(snapshot: Snapshot) -> Snapshot:
    """Raises `CorruptSnapshot` where the content is not what was hashed."""
    if (
        snapshot.content is not None
        and sha256(snapshot.content.encode()).hexdigest() != snapshot.content_hash
    ):
        raise CorruptSnapshot(f"The stored text of version {snapshot.version} does not match its hash.")
    return snapshot


def refused(part: Part) -> str:
    """Why the keys of a store refuse a part of an import."""
    if isinstance(part, User | SpecRecord | Grant | Snapshot):
        return "It names somebody whom nothing before it introduces, or stands there twice."
    return f"An operationId stands twice, the second time in version {part[0].version} to {part[-1].version}."
