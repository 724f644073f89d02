"""Statements on ``document_operations``: the commit and the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import AccessChanged, FirstCommit, SpecMissing, VersionTaken
from jupyter_speccollab.store.tables import document_operations, specifications, users
from jupyter_speccollab.text import operation_of, pack, unpack

_spec, _operation = specifications.c, document_operations.c

_ADVANCE = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"),
        _spec.version == bindparam("base"),
        _spec.access_version == bindparam("access"),
    )
    .values(
        version=_spec.version + bindparam("count"),
        modified_by=bindparam("by"),
        modified_at=bindparam("at"),
    )
)
_STAND = select(_spec.version).where(_spec.id == bindparam("spec"))
_LOCK = _STAND.with_for_update()
_APPEND = insert(document_operations)
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


def commit(
    connection: Connection,
    spec_id: str,
    base_version: int,
    access_version: int,
    operations: Sequence[CommittedOperation],
) -> None:
    """Advance the version by one conditional UPDATE, then append the rows.

    Law: of all who commit on one version exactly one advances it, for the UPDATE locks the spec's row
    (SQLite: the file) until the transaction ends (``contract/test_races.py::test_one_wins_each_version``).

    Raises `VersionTaken`, `AccessChanged`, `SpecMissing`, and `sqlalchemy.exc.IntegrityError` where an
    operationId is committed already; the caller rolls back.
    """
    last = operations[-1]
    parameters = {
        "spec": spec_id,
        "base": base_version,
        "access": access_version,
        "count": len(operations),
        "by": last.user_id,
        "at": last.timestamp,
    }
    if not connection.execute(_ADVANCE, parameters).rowcount:
        version = standing(connection, spec_id)
        if version is None:
            raise SpecMissing(spec_id)
        raise AccessChanged(spec_id) if version == base_version else VersionTaken(spec_id)
    append(connection, spec_id, operations)


def standing(connection: Connection, spec_id: str) -> int | None:
    """The spec's version; ``None`` where there is no such spec."""
    return connection.execute(_STAND, {"spec": spec_id}).scalar()


def lock(connection: Connection, spec_id: str) -> None:
    """Keep everybody else from advancing the spec until the transaction ends. Raises `SpecMissing`."""
    if connection.execute(_LOCK, {"spec": spec_id}).first() is None:
        raise SpecMissing(spec_id)


def append(connection: Connection, spec_id: str, operations: Sequence[CommittedOperation]) -> None:
    """Insert the rows; the version must stand at the last one in the same transaction."""
    connection.execute(
        _APPEND,
        [
            {
                "spec_id": spec_id,
                "version": operation.version,
                "operation_id": operation.operation_id,
                "user_id": operation.user_id,
                "session_id": operation.session_id,
                "operations": pack(operation.components),
                "applied_at": operation.timestamp,
                "fingerprint": operation.fingerprint,
            }
            for operation in operations
        ],
    )


def log(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[CommittedOperation]:
    """Versions in ``(after, until]``, ascending, at most ``limit``."""
    statement = _LOG if until is None else _LOG_UNTIL
    if limit is not None:
        statement = statement.limit(limit)
    rows = connection.execute(statement, {"spec": spec_id, "after": after, "until": until})
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
