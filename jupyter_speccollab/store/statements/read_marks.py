"""Statements on ``read_marks``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)

from jupyter_speccollab.store.base import ReadState
from jupyter_speccollab.store.base.read_marks import UNREAD
from jupyter_speccollab.store.tables import document_operations, read_marks, specifications

from .operations import lock

_spec, _operation, _mark = specifications.c, document_operations.c, read_marks.c

_PRESENT = select(_spec.version).where(_spec.id == bindparam("spec"))
_FIND = select(_mark.version).where(_mark.spec_id == bindparam("spec"), _mark.user_id == bindparam("user"))
_ADD = insert(read_marks)
_RAISE = (
    update(read_marks)
    .where(_mark.spec_id == bindparam("spec"), _mark.user_id == bindparam("user"))
    .values(version=bindparam("to"))
)
_bound = _spec.version - UNREAD


def _newer(read: ColumnElement[int], user: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Which operations of a spec are unread for a user whose mark is ``read``; 0 where there is none."""
    return and_(
        _operation.spec_id == _spec.id,
        _operation.version > case((read > _bound, read), else_=_bound),
        _operation.version <= _spec.version,
        _operation.user_id != user,
    )


_COUNT = (
    select(func.count())
    .select_from(document_operations)
    .where(_newer(func.coalesce(_mark.version, 0), bindparam("user")))
    .correlate(specifications, read_marks)
    .scalar_subquery()
)
_STATES = (
    select(_spec.id, _mark.version, _COUNT)
    .join_from(
        specifications,
        read_marks,
        and_(_mark.spec_id == _spec.id, _mark.user_id == bindparam("user")),
        isouter=True,
    )
    .where(_spec.id.in_(bindparam("keys", expanding=True)))
)


def mark(connection: Connection, spec_id: str, user_id: str, version: int) -> int:
    """Set or raise the mark, and return it. Raises `SpecMissing`.

    The spec is locked, so that of two marks that are set at the same time the higher one stays.
    """
    lock(connection, spec_id)
    key = {"spec": spec_id, "user": user_id}
    to: int = min(version, connection.execute(_PRESENT, {"spec": spec_id}).scalar_one())
    present: int | None = connection.execute(_FIND, key).scalar()
    if present is None:
        connection.execute(_ADD, {"spec_id": spec_id, "user_id": user_id, "version": to})
    elif to > present:
        connection.execute(_RAISE, {**key, "to": to})
    return to if present is None else max(present, to)


def states(connection: Connection, user_id: str, spec_ids: Collection[str]) -> Mapping[str, ReadState]:
    """Return how far the user has read each of these specs."""
    rows = connection.execute(_STATES, {"user": user_id, "keys": list(spec_ids)})
    return {spec_id: ReadState(version, unread) for spec_id, version, unread in rows}


def unread_by(user_id: str) -> ColumnElement[bool]:
    """Whether `states` tells unread versions of a spec for the user: for a statement that selects specs.

    Of each spec, it looks at as many rows of the log as `states` at most, and mostly at one.
    """
    mark = select(_mark.version).where(_mark.spec_id == _spec.id, _mark.user_id == user_id)
    read = func.coalesce(mark.correlate(specifications).scalar_subquery(), 0)
    return exists(select(_operation.version).where(_newer(read, user_id)).correlate(specifications))
