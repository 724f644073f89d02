"""Statements on ``document_operations``: the log, and the parts of a commit that all databases share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Connection, bindparam, cast, func, insert, literal, or_, select

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.store.base import (
    AccessChanged,
    CommitRecord,
    FirstCommit,
    OperationsFolded,
    SpecMissing,
    VersionTaken,
)
from jupyter_speccollab.store.stored_bytes import operation_bytes
from jupyter_speccollab.store.tables import document_operations, specifications, users
from jupyter_speccollab.store.types import COMPACT_JSON
from jupyter_speccollab.text import operation_of, pack, unpack

from .sizes import StoredSize

_spec, _operation = specifications.c, document_operations.c

FOLDED: Final = literal(JSON.NULL, COMPACT_JSON)
"""The value of ``operations`` in a folded row: JSON's ``null`` (``docs/adr/0012-compaction.md``)."""

LAST_VERSION: Final = 2**31 - 1
"""The largest number that fits into the column ``version``."""

IS_FOLDED: Final = _operation.operations == FOLDED

_VERSION = select(_spec.version).where(_spec.id == bindparam("spec"), _spec.trashed_at.is_(None))
_LOCK = _VERSION.with_for_update()
APPEND: Final = insert(document_operations)
OF_A_SUGGESTION: Final = ("author_id", "thread_id")
"""The columns of an accepted suggestion; they are not written for the other operations, which are nearly all."""

ORDINARY: Final = [column.name for column in _operation if column.name not in OF_A_SUGGESTION]
"""The other columns."""

_authors = users.alias("authors")
AUTHOR: Final = func.coalesce(_operation.author_id, _operation.user_id)
"""Who wrote what an operation inserts."""

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
        _operation.author_id,
        _authors.c.name.label("author_name"),
        _operation.thread_id,
    )
    .join_from(document_operations, users, users.c.id == _operation.user_id)
    .outerjoin(_authors, _authors.c.id == _operation.author_id)
    .where(_operation.spec_id == bindparam("spec"), _operation.version > bindparam("after"))
    .order_by(_operation.version)
)
_LOG_UNTIL = _LOG.where(_operation.version <= bindparam("until"))
_COMMITS = _LOG.with_only_columns(
    _operation.version,
    _operation.operation_id,
    _operation.user_id,
    users.c.name,
    _operation.session_id,
    _operation.applied_at,
    _operation.fingerprint,
    IS_FOLDED,
)
_COMMITS_UNTIL = _COMMITS.where(_operation.version <= bindparam("until"))
_FIRST_OF_PAGE = (
    select(_operation.version, cast(StoredSize(_operation.operations), BigInteger).label("total"))
    .where(
        _operation.spec_id == bindparam("spec"),
        _operation.version == bindparam("after") + 1,
        _operation.version <= bindparam("last"),
    )
    .cte("page", recursive=True)
)
_PAGE = _FIRST_OF_PAGE.union_all(
    select(_operation.version, _FIRST_OF_PAGE.c.total + StoredSize(_operation.operations)).where(
        _operation.spec_id == bindparam("spec"),
        _operation.version == _FIRST_OF_PAGE.c.version + 1,
        _operation.version <= bindparam("last"),
        _FIRST_OF_PAGE.c.total <= bindparam("most"),
    )
)
"""The versions of a page and one more. It is recursive, so that no size beyond them is computed: PostgreSQL has to
decompress a value to know its size."""

_END_OF_PAGE = select(func.max(_PAGE.c.version)).where(
    or_(_PAGE.c.total <= bindparam("most"), _PAGE.c.version == bindparam("after") + 1)
)
_AUTHORS = (
    select(users.c.id, users.c.name)
    .join_from(document_operations, users, users.c.id == AUTHOR)
    .where(
        _operation.spec_id == bindparam("spec"),
        _operation.version > bindparam("after"),
        _operation.version <= bindparam("until"),
    )
    .distinct()
)
_FIRST = select(
    _operation.operation_id, _operation.version, _operation.user_id, _operation.fingerprint
).where(_operation.spec_id == bindparam("spec"), _operation.operation_id == bindparam("id"))


def conflict(connection: Connection, spec_id: str, base_version: int) -> Exception:
    """Return the exception that says why a commit based on ``base_version`` changed no row."""
    version = connection.execute(_VERSION, {"spec": spec_id}).scalar()
    if version is None:
        return SpecMissing(spec_id)
    return AccessChanged(spec_id) if version == base_version else VersionTaken(spec_id)


def lock(connection: Connection, spec_id: str) -> None:
    """Lock the row of the spec until the transaction ends: no other commit can advance it. Raises `SpecMissing`."""
    if connection.execute(_LOCK, {"spec": spec_id}).first() is None:
        raise SpecMissing(spec_id)


def append(connection: Connection, spec_id: str, operations: Sequence[CommittedOperation]) -> None:
    """Insert the rows of ordinary operations.

    The same transaction must set the version of the spec to that of the last one.
    """
    connection.execute(APPEND, [row_of(spec_id, operation) for operation in operations])


def commit_parameters(
    spec_id: str, base_version: int, access_version: int, operations: Sequence[CommittedOperation]
) -> dict[str, Any]:
    """Return the parameters of the statement by which a commit of these operations updates the row of the spec."""
    last = operations[-1]
    return {
        "spec": spec_id,
        "base": base_version,
        "access": access_version,
        "count": len(operations),
        "by": last.user_id,
        "at": last.timestamp,
        "bytes": sum(map(operation_bytes, operations)),
    }


def row_of(spec_id: str, operation: CommittedOperation) -> dict[str, Any]:
    """Return the operation as a row, without what is NULL in an ordinary one."""
    row = {
        "spec_id": spec_id,
        "version": operation.version,
        "operation_id": operation.operation_id,
        "user_id": operation.user_id,
        "session_id": operation.session_id,
        "operations": pack(operation.components),
        "applied_at": operation.timestamp,
        "fingerprint": operation.fingerprint,
    }
    if operation.thread_id is not None or operation.author_id is not None:
        row |= {"author_id": operation.author_id, "thread_id": operation.thread_id}
    return row


def log(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[CommittedOperation]:
    """Return versions in ``(after, until]``, ascending, at most ``limit``. Raises `OperationsFolded`."""
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
            *others,
        )
        for version, operation_id, user_id, name, session_id, changes, at, *others in rows
    ]


def end_of_page(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None, most_bytes: int
) -> int | None:
    """Return the last version of a page of at most ``most_bytes``, but at least one; ``until`` if it is empty."""
    last = min(LAST_VERSION if until is None else until, LAST_VERSION if limit is None else after + limit)
    asked = {"spec": spec_id, "after": after, "last": last, "most": most_bytes}
    end: int | None = connection.execute(_END_OF_PAGE, asked).scalar()
    return until if end is None else end


def authors(connection: Connection, spec_id: str, after: int, until: int) -> Mapping[str, str]:
    """Return the names, by userId, of the authors of the versions in ``(after, until]``."""
    rows = connection.execute(_AUTHORS, {"spec": spec_id, "after": after, "until": until})
    return {row.id: row.name for row in rows}


def commits(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[CommitRecord]:
    """Return versions in ``(after, until]``, ascending, at most ``limit``, folded or not, without their changes."""
    statement = _COMMITS if until is None else _COMMITS_UNTIL
    if limit is not None:
        statement = statement.limit(limit)
    rows = connection.execute(statement, {"spec": spec_id, "after": after, "until": until})
    return [CommitRecord(*row) for row in rows]


def first_commits(
    connection: Connection, spec_id: str, operation_ids: Collection[str]
) -> Mapping[str, FirstCommit]:
    """Return the commits of those ``operation_ids`` that were committed.

    One statement for each id: for ``operation_id IN (...)`` SQLite would scan the whole log of the spec.
    """
    found = (connection.execute(_FIRST, {"spec": spec_id, "id": key}).first() for key in operation_ids)
    return {row.operation_id: FirstCommit(*row) for row in found if row is not None}
