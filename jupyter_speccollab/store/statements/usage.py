"""Statements on ``specifications.stored_bytes``: what users store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    Text,
    bindparam,
    case,
    cast,
    func,
    select,
    update,
)

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Usage
from jupyter_speccollab.store.stored_bytes import ROW_BYTES
from jupyter_speccollab.store.tables import (
    attachments,
    deleted_thread_ids,
    document_operations,
    document_versions,
    specifications,
    threads,
)
from jupyter_speccollab.store.tables import users as people

from . import users
from .sizes import StoredSize

_spec, _operation, _snapshot = specifications.c, document_operations.c, document_versions.c
_attachment, _thread, _gone = attachments.c, threads.c, deleted_thread_ids.c

_SUM: Final = (func.count(), func.coalesce(func.sum(_spec.stored_bytes), 0))
_TOTAL = select(*_SUM)
_OF_USERS = (
    select(_spec.created_by, *_SUM)
    .where(_spec.created_by.in_(bindparam("ids", expanding=True)))
    .group_by(_spec.created_by)
)
_LARGEST = (
    select(_spec.created_by, *_SUM)
    .group_by(_spec.created_by)
    .order_by(func.sum(_spec.stored_bytes).desc(), _spec.created_by)
    .limit(bindparam("most"))
)
_LOCK = select(people.c.id).where(people.c.id == bindparam("key")).with_for_update(key_share=True)
_LOCK_SPEC = select(_spec.id).where(_spec.id == bindparam("spec")).with_for_update(key_share=True)
_ADD = (
    update(specifications)
    .where(_spec.id == bindparam("spec"))
    .values(stored_bytes=_spec.stored_bytes + bindparam("more", type_=BigInteger))
)
_SET = (
    update(specifications)
    .where(_spec.id == bindparam("spec"))
    .values(stored_bytes=bindparam("counted", type_=BigInteger))
)


def lock(connection: Connection, user_id: str) -> None:
    """Let no other transaction create a spec of this user, until this one ends."""
    connection.execute(_LOCK, {"key": user_id})


def lock_spec(connection: Connection, spec_id: str) -> None:
    """Let no other transaction change the row of the spec, until this one ends."""
    connection.execute(_LOCK_SPEC, {"spec": spec_id})


def of_users(connection: Connection, user_ids: Collection[str]) -> Mapping[str, Usage]:
    """Return the usage of each of these users."""
    found = {
        key: Usage(specs, int(size))
        for key, specs, size in connection.execute(_OF_USERS, {"ids": list(user_ids)})
    }
    return {user_id: found.get(user_id, Usage()) for user_id in user_ids}


def total(connection: Connection) -> Usage:
    """Return the usage of all users together."""
    specs, size = connection.execute(_TOTAL).one()
    return Usage(specs, int(size))


def largest(connection: Connection, limit: int) -> Sequence[tuple[User, Usage]]:
    """Return the users whose specs store most, largest first."""
    rows = connection.execute(_LARGEST, {"most": limit}).all()
    known = users.find(connection, [row[0] for row in rows])
    return [(known[user_id], Usage(specs, int(size))) for user_id, specs, size in rows]


def add(connection: Connection, spec_id: str, more: int) -> None:
    """Add to what a spec stores; ``more`` is negative if something was deleted."""
    if more:
        connection.execute(_ADD, {"spec": spec_id, "more": more})


def recount(connection: Connection, spec_id: str) -> None:
    """Count what a spec stores from its rows, in as many bytes as `jupyter_speccollab.store.stored_bytes`."""
    changes, content = changes_bytes(connection), StoredSize(_snapshot.content)
    log = select(func.coalesce(func.sum(ROW_BYTES + changes), 0)).where(
        _operation.spec_id == bindparam("spec")
    )
    texts = select(func.coalesce(func.sum(ROW_BYTES + content), 0)).where(
        _snapshot.spec_id == bindparam("spec")
    )
    pictures = select(func.coalesce(func.sum(ROW_BYTES + _attachment.size), 0)).where(
        _attachment.spec_id == bindparam("spec")
    )
    of_threads = select(func.coalesce(func.sum(_thread.size), 0)).where(_thread.spec_id == bindparam("spec"))
    gone = select(ROW_BYTES * func.count()).where(_gone.spec_id == bindparam("spec"))
    place = {"spec": spec_id}
    lock_spec(connection, spec_id)  # so that no commit is missed
    parts = (log, texts, pictures, of_threads, gone)
    counted = sum(int(connection.execute(each, place).scalar_one()) for each in parts)
    connection.execute(_SET, {**place, "counted": counted})


def changes_bytes(connection: Connection) -> ColumnElement[int]:
    """The bytes of an operation's changes as compact JSON, for a query; 0 if it is folded.

    PostgreSQL writes a blank after each comma: 3 * n - 1 of them in a list of n changes.
    """
    value: ColumnElement[Any] = _operation.operations
    if connection.dialect.name == "postgresql":
        text, count = cast(value, Text), func.jsonb_array_length(value)
        size = func.octet_length(text) - func.greatest(3 * count - 1, 0)
        return case((func.jsonb_typeof(value) != "array", 0), else_=size)
    binary = cast(value, LargeBinary)
    return case((binary == b"null", 0), else_=func.length(binary))
