"""Statements of a compaction: what is old, what was folded, and folding.

A folded row has JSON's ``null`` in the place of its changes (``docs/adr/0012-compaction.md``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    LargeBinary,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    update,
)

from jupyter_speccollab.store.base import CommitRecord, RevisionKind, Size, SnapshotMissing
from jupyter_speccollab.store.checks import check_fold, has_steps
from jupyter_speccollab.store.tables import document_operations, document_versions, specifications, users
from jupyter_speccollab.store.types import COMPACT_JSON

_operation, _snapshot = document_operations.c, document_versions.c

_NULL: Final = literal(JSON.NULL, COMPACT_JSON)
IS_FOLDED: Final = _operation.operations == _NULL
_HAS_STEPS: Final = _operation.operations != _NULL
_OF_SPEC: Final = _operation.spec_id == bindparam("spec")

_COMMITS = (
    select(
        _operation.version,
        _operation.operation_id,
        _operation.user_id,
        users.c.name,
        _operation.session_id,
        _operation.applied_at,
        _operation.fingerprint,
        IS_FOLDED,
    )
    .join_from(document_operations, users, users.c.id == _operation.user_id)
    .where(_OF_SPEC, _operation.version > bindparam("after"))
    .order_by(_operation.version)
)
_COMMITS_UNTIL = _COMMITS.where(_operation.version <= bindparam("until"))
_VERSION = select(specifications.c.version).where(specifications.c.id == bindparam("spec"))
_FIRST_YOUNG = select(func.min(_operation.version)).where(
    _OF_SPEC, _operation.applied_at >= bindparam("moment")
)
_STEPS_AT = select(_operation.version).where(_OF_SPEC, _operation.version == bindparam("at"), _HAS_STEPS)
_FIRST_WITH_STEPS = (
    select(_operation.version).where(_OF_SPEC, _HAS_STEPS).order_by(_operation.version).limit(1)
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
_FOLD = (
    update(document_operations)
    .where(
        _OF_SPEC,
        _operation.version > bindparam("after"),
        _operation.version <= bindparam("until"),
        _HAS_STEPS,
    )
    .values(operations=_NULL)
)


def commits(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[CommitRecord]:
    """Versions in ``(after, until]``, ascending, at most ``limit``; folded or not."""
    statement = _COMMITS if until is None else _COMMITS_UNTIL
    if limit is not None:
        statement = statement.limit(limit)
    rows = connection.execute(statement, {"spec": spec_id, "after": after, "until": until})
    return [CommitRecord(*row) for row in rows]


def version_before(connection: Connection, spec_id: str, moment: datetime) -> int:
    """The newest version that was committed, as all before it were, earlier than ``moment``."""
    version = _version(connection, spec_id)  # first: what is committed meanwhile is young
    first = connection.execute(_FIRST_YOUNG, {"spec": spec_id, "moment": moment}).scalar()
    return version if first is None else min(version, first - 1)


def folded(connection: Connection, spec_id: str) -> int:
    """The newest version that was folded; 0: none."""
    version = _version(connection, spec_id)
    first = connection.execute(_FIRST_WITH_STEPS, {"spec": spec_id}).scalar()
    return version if first is None else min(version, first - 1)


def fold(connection: Connection, spec_id: str, after: int, until: int, base: int) -> None:
    """Drop the steps of ``(after, until]``; the snapshot at ``base`` stays from now on.

    Law: whoever thins that snapshot at the same time either comes first, and nothing is folded, or finds that it is
    no automatic one any more: both change its row (``contract/test_folding.py``). Raises as `Store.fold`.
    """
    check_fold(until, base)
    place = {"spec": spec_id, "at": base}
    connection.execute(_KEEP, place)
    if connection.execute(_KEPT, place).first() is None:
        raise SnapshotMissing(f"{spec_id} at version {base}")
    if connection.execute(_STEPS_AT, {"spec": spec_id, "at": after}).first() is not None:
        raise has_steps(after)
    connection.execute(_FOLD, {"spec": spec_id, "after": after, "until": until})


def size(connection: Connection, spec_id: str, until: int | None) -> Size:
    """What the spec holds up to version ``until``."""
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
