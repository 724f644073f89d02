"""Statements on ``collaborators``: the access lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import AccessChanged, Grant, SpecMissing
from jupyter_speccollab.store.tables import collaborators, specifications

_entry, _spec = collaborators.c, specifications.c

_ADD = insert(collaborators)
_REMOVE = delete(collaborators).where(
    _entry.spec_id == bindparam("spec"), _entry.principal == bindparam("who")
)
_VERSION = select(_spec.access_version).where(_spec.id == bindparam("spec"), _spec.trashed_at.is_(None))
_ADVANCE = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"), _spec.access_version == bindparam("seen"), _spec.trashed_at.is_(None)
    )
    .values(access_version=_spec.access_version + 1)
)
_LIST = (
    select(_spec.access_version, _entry.principal, _entry.role)
    .join_from(specifications, collaborators, isouter=True)
    .where(_spec.id == bindparam("spec"))
)
_LIST_IN_TRASH = _LIST.where(_spec.trashed_at.is_not(None))
_LIST_NOT_IN_TRASH = _LIST.where(_spec.trashed_at.is_(None))
_OF_MANY = select(_entry.spec_id, _entry.principal, _entry.role).where(
    _entry.spec_id.in_(bindparam("specs", expanding=True)),
    _entry.principal.in_(bindparam("principals", expanding=True)),
)
_GRANTS = select(_entry.principal, _entry.role, _entry.granted_by, _entry.granted_at).where(
    _entry.spec_id == bindparam("spec")
)


def of_spec(connection: Connection, spec_id: str, *, in_trash: bool = False) -> AccessList:
    """Return the access list with its version, by one statement.

    Raises `SpecMissing` if the spec is in the trash, or, with ``in_trash``, if it is not.
    """
    statement = _LIST_IN_TRASH if in_trash else _LIST_NOT_IN_TRASH
    rows = connection.execute(statement, {"spec": spec_id}).all()
    if not rows:
        raise SpecMissing(spec_id)
    entries = {row.principal: Role.named(row.role) for row in rows if row.principal is not None}
    return AccessList(spec_id, rows[0].access_version, entries)


def of_specs(
    connection: Connection, spec_ids: Collection[str], principals: Collection[str]
) -> Mapping[str, Mapping[str, Role]]:
    """Return the entries of ``principals`` by spec; specs without any are left out."""
    found: dict[str, dict[str, Role]] = {}
    for row in connection.execute(_OF_MANY, {"specs": list(spec_ids), "principals": list(principals)}):
        found.setdefault(row.spec_id, {})[row.principal] = Role.named(row.role)
    return found


def change(
    connection: Connection, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
) -> AccessList:
    """Set or remove an entry of the list ``seen``, which must be the current one.

    Raises `AccessChanged`, `SpecMissing`.
    """
    if not connection.execute(_ADVANCE, {"spec": seen.spec_id, "seen": seen.version}).rowcount:
        if connection.execute(_VERSION, {"spec": seen.spec_id}).scalar() is None:
            raise SpecMissing(seen.spec_id)
        raise AccessChanged(seen.spec_id)
    connection.execute(_REMOVE, {"spec": seen.spec_id, "who": principal})
    if role is not None:
        add(connection, seen.spec_id, principal, role, by, at)
    return of_spec(connection, seen.spec_id)


def add(connection: Connection, spec_id: str, principal: str, role: Role, by: str, at: datetime) -> None:
    """Insert an entry."""
    connection.execute(
        _ADD,
        {
            "spec_id": spec_id,
            "principal": principal,
            "role": role.label,
            "granted_by": by,
            "granted_at": at,
        },
    )


def grants(connection: Connection, spec_id: str) -> list[Grant]:
    """Return the entries with who gave them and when, sorted by principal. Raises `SpecMissing`."""
    if connection.execute(_VERSION, {"spec": spec_id}).scalar() is None:
        raise SpecMissing(spec_id)
    found = connection.execute(_GRANTS, {"spec": spec_id})
    entries = [Grant(principal, Role.named(role), by, at) for principal, role, by, at in found]
    return sorted(entries, key=lambda grant: grant.principal)
