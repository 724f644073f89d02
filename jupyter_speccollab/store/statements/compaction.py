"""Statements of a compaction: which versions are old, which are folded, and folding.

The ``operations`` of a folded row are JSON's ``null`` (``docs/adr/0012-compaction.md``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, LargeBinary, bindparam, case, cast, func, select, update

from jupyter_speccollab.store.base import RevisionKind, Size, SnapshotMissing
from jupyter_speccollab.store.checks import check_fold, not_folded
from jupyter_speccollab.store.tables import document_operations, document_versions, specifications

from . import usage
from .operations import FOLDED, IS_FOLDED

_operation, _snapshot = document_operations.c, document_versions.c

_NOT_FOLDED: Final = _operation.operations != FOLDED
_OF_SPEC: Final = _operation.spec_id == bindparam("spec")

_VERSION = select(specifications.c.version).where(specifications.c.id == bindparam("spec"))
_FIRST_NEWER = select(func.min(_operation.version)).where(
    _OF_SPEC, _operation.applied_at >= bindparam("moment")
)
_NOT_FOLDED_AT = select(_operation.version).where(
    _OF_SPEC, _operation.version == bindparam("at"), _NOT_FOLDED
)
_FIRST_NOT_FOLDED = (
    select(_operation.version).where(_OF_SPEC, _NOT_FOLDED).order_by(_operation.version).limit(1)
)
_KEEP = (
    update(document_versions)
    .where(
        _snapshot.spec_id == bindparam("spec"),
        _snapshot.version == bindparam("at"),
        _snapshot.kind == RevisionKind.AUTO.value,
    )
    .values(kind=RevisionKind.BASE.value)
)
_KEPT = select(_snapshot.version).where(
    _snapshot.spec_id == bindparam("spec"),
    _snapshot.version == bindparam("at"),
    _snapshot.kind != RevisionKind.AUTO.value,
)
_RANGE = (
    _OF_SPEC,
    _operation.version > bindparam("after"),
    _operation.version <= bindparam("until"),
    _NOT_FOLDED,
)
_FOLD = update(document_operations).where(*_RANGE).values(operations=FOLDED)


def version_before(connection: Connection, spec_id: str, moment: datetime) -> int:
    """Return the newest version such that it and all versions before it are older than ``moment``; 0: none."""
    version = _version(connection, spec_id)  # read first, because later commits are newer than `moment`
    first = connection.execute(_FIRST_NEWER, {"spec": spec_id, "moment": moment}).scalar()
    return version if first is None else min(version, first - 1)


def folded(connection: Connection, spec_id: str) -> int:
    """Return the newest folded version; 0: none."""
    version = _version(connection, spec_id)
    first = connection.execute(_FIRST_NOT_FOLDED, {"spec": spec_id}).scalar()
    return version if first is None else min(version, first - 1)


def fold(connection: Connection, spec_id: str, after: int, until: int, base: int) -> None:
    """Drop the changes of ``(after, until]``, and keep the snapshot at ``base`` from being thinned.

    Law: if that snapshot is thinned at the same time, either it is deleted first and nothing is folded, or it
    is no longer automatic and stays, because both statements change its row
    (``contract/test_compaction.py::test_thinning_and_folding_at_once_never_lose_the_text``). Raises as
    `CompactionStore.fold`.
    """
    check_fold(until, base)
    place = {"spec": spec_id, "at": base}
    connection.execute(_KEEP, place)
    if connection.execute(_KEPT, place).first() is None:
        raise SnapshotMissing(f"{spec_id} at version {base}")
    if connection.execute(_NOT_FOLDED_AT, {"spec": spec_id, "at": after}).first() is not None:
        raise not_folded(after)
    place = {"spec": spec_id, "after": after, "until": until}
    dropped = select(func.coalesce(func.sum(usage.changes_bytes(connection)), 0)).where(*_RANGE)
    count = int(connection.execute(dropped, place).scalar_one())
    connection.execute(_FOLD, place)
    usage.add(connection, spec_id, -count)


def size(connection: Connection, spec_id: str, until: int | None) -> Size:
    """Return how much the spec stores up to version ``until``."""
    is_postgres = connection.dialect.name == "postgresql"
    steps = func.pg_column_size(_operation.operations) if is_postgres else _octets(_operation.operations)
    text = func.pg_column_size(_snapshot.content) if is_postgres else _octets(_snapshot.content)
    rows = select(
        func.count(),
        func.coalesce(func.sum(case((IS_FOLDED, 1), else_=0)), 0),
        func.coalesce(func.sum(case((IS_FOLDED, 0), else_=steps)), 0),
    ).where(_OF_SPEC)
    texts = select(func.count(), func.coalesce(func.sum(text), 0)).where(
        _snapshot.spec_id == bindparam("spec")
    )
    if until is not None:
        rows = rows.where(_operation.version <= bindparam("until"))
        texts = texts.where(_snapshot.version <= bindparam("until"))
    place = {"spec": spec_id, "until": until}
    operations, folded_ones, steps_bytes = connection.execute(rows, place).one()
    snapshots, text_bytes = connection.execute(texts, place).one()
    return Size(operations, folded_ones, steps_bytes, snapshots, text_bytes)


def _octets(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.length(cast(column, LargeBinary))


def _version(connection: Connection, spec_id: str) -> int:
    return connection.execute(_VERSION, {"spec": spec_id}).scalar() or 0
