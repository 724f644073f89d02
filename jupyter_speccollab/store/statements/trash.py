"""Statements on the specs in the trash: the rows of ``specifications`` with a ``trashed_at``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, null, select, update

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import SpecMissing, SpecRecord, Usage
from jupyter_speccollab.store.paging import Place
from jupyter_speccollab.store.tables import collaborators, specifications

from . import access as access_rows
from . import specs

_spec, _entry = specifications.c, collaborators.c
_PUT = (
    update(specifications)
    .where(_spec.id == bindparam("spec"), _spec.trashed_at.is_(None))
    .values(trashed_at=bindparam("at"), trashed_by=bindparam("by"), access_version=_spec.access_version + 1)
)
_TAKE_OUT = (
    update(specifications)
    .where(_spec.id == bindparam("spec"), _spec.trashed_at.is_not(None))
    .values(trashed_at=null(), trashed_by=null())
)
_ONE = specs.ALL.where(_spec.id == bindparam("key"), _spec.trashed_at.is_not(None))
_END = delete(specifications).where(_spec.id == bindparam("spec"), _spec.trashed_at <= bindparam("until"))
_EXPIRED = (
    select(_spec.id)
    .where(_spec.trashed_at <= bindparam("until"))
    .order_by(_spec.trashed_at, _spec.id)
    .limit(bindparam("most"))
)
_USAGE = select(func.count(), func.coalesce(func.sum(_spec.stored_bytes), 0)).where(
    _spec.trashed_at.is_not(None)
)


def put(connection: Connection, spec_id: str, by: str, at: datetime) -> None:
    """Put the spec into the trash. Raises `SpecMissing`."""
    if not connection.execute(_PUT, {"spec": spec_id, "by": by, "at": at}).rowcount:
        raise SpecMissing(spec_id)


def one(connection: Connection, spec_id: str) -> SpecRecord:
    """Return the spec. Raises `SpecMissing` if it is not in the trash."""
    row = connection.execute(_ONE, {"key": spec_id}).first()
    if row is None:
        raise SpecMissing(spec_id)
    return specs.record(row)


def access(connection: Connection, spec_id: str) -> AccessList:
    """Return its access list. Raises `SpecMissing` if it is not in the trash."""
    return access_rows.of_spec(connection, spec_id, in_trash=True)


def page(
    connection: Connection,
    query: str,
    after: Place | None,
    limit: int,
    owned_by: Collection[str] | None,
    only: str | None,
) -> list[SpecRecord]:
    """Return up to ``limit`` specs that match ``query``, last deleted first; the rest as in `TrashStore`."""
    statement = specs.ALL.where(_spec.trashed_at.is_not(None))
    if owned_by is not None:
        owned = select(_entry.spec_id).where(_entry.principal.in_(owned_by), _entry.role == Role.OWNER.label)
        statement = statement.where(_spec.id.in_(owned))
    return specs.found(connection, statement, specs.by(_spec.trashed_at), query, after, limit, only)


def take_out(connection: Connection, spec_id: str) -> SpecRecord:
    """Take the spec out of the trash; returns it. Raises `SpecMissing`."""
    if not connection.execute(_TAKE_OUT, {"spec": spec_id}).rowcount:
        raise SpecMissing(spec_id)
    return specs.one(connection, spec_id)


def end(connection: Connection, spec_id: str, until: datetime) -> bool:
    """Delete the spec, with all rows that refer to it, if it is in the trash since ``until`` or longer."""
    return connection.execute(_END, {"spec": spec_id, "until": until}).rowcount > 0


def expired(connection: Connection, until: datetime, limit: int) -> list[str]:
    """Return up to ``limit`` specs that are in the trash since ``until`` or longer, oldest first."""
    return list(connection.execute(_EXPIRED, {"until": until, "most": limit}).scalars())


def usage(connection: Connection) -> Usage:
    """Return what the specs in the trash store together."""
    count, size = connection.execute(_USAGE).one()
    return Usage(count, int(size))
