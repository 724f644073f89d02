"""Statements on ``document_operations``: the log, and what a commit of any kind needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import (
    AccessChanged,
    FirstCommit,
    OperationsFolded,
    SpecMissing,
    VersionTaken,
)
from jupyter_speccollab.store.tables import document_operations, specifications, users
from jupyter_speccollab.text import operation_of, pack, unpack

_spec, _operation = specifications.c, document_operations.c

_STAND = select(_spec.version).where(_spec.id == bindparam("spec"))
_LOCK = _STAND.with_for_update()
APPEND: Final = insert(document_operations)
_LOG = (
    select(
        _operation.version,
        _operation.operation_id,
        _operation.user_id,
        users.c.name,
        _operation.session_id,
        _operation.operations,
        _operation.applied_at,
        _operation.fingerprint,
    )
    .join_from(document_operations, users, users.c.id == _operation.user_id)
    .where(_operation.spec_id == bindparam("spec"), _operation.version > bindparam("after"))
    .order_by(_operation.version)
)
_LOG_UNTIL = _LOG.where(_operation.version <= bindparam("until"))
_FIRST = select(
    _operation.operation_id, _operation.version, _operation.user_id, _operation.fingerprint
).where(_operation.spec_id == bindparam("spec"), _operation.operation_id == bindparam("id"))


def why_not(connection: Connection, spec_id: str, base_version: int) -> Exception:
    """Why nothing could be committed on ``base_version``."""
    version = connection.execute(_STAND, {"spec": spec_id}).scalar()
    if version is None:
        return SpecMissing(spec_id)
    return AccessChanged(spec_id) if version == base_version else VersionTaken(spec_id)


def lock(connection: Connection, spec_id: str) -> None:
    """Keep everybody else from advancing the spec until the transaction ends. Raises `SpecMissing`."""
    if connection.execute(_LOCK, {"spec": spec_id}).first() is None:
        raise SpecMissing(spec_id)


def append(connection: Connection, spec_id: str, operations: Sequence[CommittedOperation]) -> None:
    """Insert the rows; the version must stand at the last one in the same transaction."""
    connection.execute(APPEND, [row_of(spec_id, operation) for operation in operations])


def step(
    spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
) -> dict[str, Any]:
    """By what a commit of these advances the spec's row, and where."""
    last = operations[-1]
    return {
        "spec": spec_id,
        "base": base_version,
        "access": access_version,
        "count": len(operations),
        "by": last.user_id,
        "at": last.timestamp,
    }


def row_of(spec_id: str, operation: CommittedOperation) -> dict[str, Any]:
    """The operation as a row."""
    return {
        "spec_id": spec_id,
        "version": operation.version,
        "operation_id": operation.operation_id,
        "user_id": operation.user_id,
        "session_id": operation.session_id,
        "operations": pack(operation.components),
        "applied_at": operation.timestamp,
        "fingerprint": operation.fingerprint,
    }


def log(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[CommittedOperation]:
    """Versions in ``(after, until]``, ascending, at most ``limit``. Raises `OperationsFolded`."""
    statement = _LOG if until is None else _LOG_UNTIL
    if limit is not None:
        statement = statement.limit(limit)
    rows = connection.execute(statement, {"spec": spec_id, "after": after, "until": until}).all()
    if folded := [row.version for row in rows if row.operations is None]:
        raise OperationsFolded(spec_id, folded[-1])
    return [
        CommittedOperation(
            version,
            operation_id,
            user_id,
            name,
            session_id,
            operation_of(changes),
            unpack(changes),
            at,
            print_,
        )
        for version, operation_id, user_id, name, session_id, changes, at, print_ in rows
    ]


def first_commits(
    connection: Connection, spec_id: str, operation_ids: Collection[str]
) -> Mapping[str, FirstCommit]:
    """Those of ``operation_ids`` that were committed.

    One by one: for ``operation_id IN (...)`` SQLite prefers to walk through the spec's whole log.
    """
    found = (connection.execute(_FIRST, {"spec": spec_id, "id": key}).first() for key in operation_ids)
    return {row.operation_id: FirstCommit(*row) for row in found if row is not None}
