"""Statements on ``specifications``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.store.base import SpecMissing, SpecRecord, SpecState
from jupyter_speccollab.store.tables import collaborators, specifications, users

_NOT_COLUMNS = ("spec_id", "modified_by_name")
_COLUMNS = [name for name in SpecRecord.__slots__ if name not in _NOT_COLUMNS]
_ADD = insert(specifications)
_DELETE = delete(specifications).where(specifications.c.id == bindparam("key"))
ALL: Final = select(specifications, users.c.name.label("modified_by_name")).join(
    users, users.c.id == specifications.c.modified_by
)
_PRESENT = ALL.where(specifications.c.trashed_at.is_(None))
_ONE = _PRESENT.where(specifications.c.id == bindparam("key"))
_EXISTS = select(specifications.c.id).where(specifications.c.id == bindparam("key"))
_LOCKED = _ONE.with_for_update(of=specifications, key_share=True)
_SEARCHED = ("title", "description")

_spec = specifications.c
_STATES = select(_spec.id, _spec.version, _spec.epoch, _spec.access_version, _spec.entry_version).where(
    _spec.id.in_(bindparam("keys", expanding=True)), _spec.trashed_at.is_(None)
)
_FOUND_BY = select(_spec.id, _spec.title, _spec.description, _spec.title_key, _spec.description_key).where(
    _spec.id.in_(bindparam("keys", expanding=True))
)
_WITHOUT_KEYS = (
    select(_spec.id)
    .where(
        or_(
            and_(_spec.title_key == "", _spec.title != ""),
            and_(_spec.description_key == "", _spec.description != ""),
        )
    )
    .limit(bindparam("most"))
)
_SET_KEYS = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"),
        _spec.title == bindparam("seen_title"),
        _spec.description == bindparam("seen_description"),
    )
    .values(title_key=bindparam("of_title"), description_key=bindparam("of_description"))
)
"""Changes nothing if the spec was renamed meanwhile, because whoever did that has set the keys."""


def record(row: Row[tuple[object, ...]]) -> SpecRecord:
    """Return the spec of a row of `ALL`."""
    columns = row._mapping
    return SpecRecord(
        spec_id=columns["id"],
        modified_by_name=columns["modified_by_name"],
        **{name: columns[name] for name in _COLUMNS},
    )


def add(connection: Connection, spec: SpecRecord) -> None:
    """Insert the spec."""
    values = {name: getattr(spec, name) for name in _COLUMNS}
    connection.execute(_ADD, {"id": spec.spec_id, **values, **_keys(values)})


def one(connection: Connection, spec_id: str) -> SpecRecord:
    """Return the spec. Raises `SpecMissing`."""
    row = connection.execute(_ONE, {"key": spec_id}).first()
    if row is None:
        raise SpecMissing(spec_id)
    return record(row)


def exists(connection: Connection, spec_id: str) -> bool:
    """Whether there is a spec with this id, in the trash or not."""
    return connection.execute(_EXISTS, {"key": spec_id}).first() is not None


def states(connection: Connection, spec_ids: Collection[str]) -> Mapping[str, SpecState]:
    """Return the `SpecState` of each spec among ``spec_ids`` that exists."""
    rows = connection.execute(_STATES, {"keys": list(spec_ids)})
    return {row[0]: SpecState(*row[1:]) for row in rows}


def page(
    connection: Connection,
    query: str,
    after: tuple[datetime, str] | None,
    limit: int,
    visible_to: Collection[str] | None,
    only: str | None,
    notebooks: Collection[str] | None,
) -> list[SpecRecord]:
    """Return up to ``limit`` specs whose title or description contains ``query``, last modified first.

    ``visible_to``, ``only`` and ``notebooks`` as in `SpecStore.specs`; ``after`` is the place of the last spec of
    the page before.
    """
    statement = _PRESENT
    if visible_to is not None:
        shared = select(collaborators.c.spec_id).where(collaborators.c.principal.in_(visible_to))
        statement = statement.where(specifications.c.id.in_(shared))
    if notebooks is not None:
        statement = statement.where(_spec.notebook.in_(notebooks))
    return found(connection, statement, specifications.c.modified_at, query, after, limit, only)


def found(
    connection: Connection,
    statement: Select[Any],
    time: ColumnElement[datetime],
    query: str,
    after: tuple[datetime, str] | None,
    limit: int,
    only: str | None,
) -> list[SpecRecord]:
    """Return what `page` returns, of the specs of ``statement``, sorted by ``time``."""
    if only is not None:
        statement = statement.where(specifications.c.id == only)
    if query:
        # `strpos` instead of LIKE, because `%` and `_` are ordinary characters here.
        matches = [
            func.strpos(column, bindparam("query")) > 0
            for column in (specifications.c.title_key, specifications.c.description_key)
        ]
        statement = statement.where(or_(*matches))
    key = specifications.c.id
    if after:
        statement = statement.where(
            or_(time < bindparam("time"), and_(time == bindparam("time"), key < bindparam("key")))
        )
    statement = statement.order_by(time.desc(), key.desc()).limit(limit)
    parameters = {"query": search_key(query), "time": after and after[0], "key": after and after[1]}
    return [record(row) for row in connection.execute(statement, parameters)]


def change(connection: Connection, spec_id: str, fields: Mapping[str, str]) -> SpecRecord:
    """Set columns; returns the spec. Raises `SpecMissing`."""
    row = connection.execute(_LOCKED, {"key": spec_id}).first()
    if row is None:
        raise SpecMissing(spec_id)
    changed = {name: value for name, value in fields.items() if row._mapping[name] != value}
    if not changed:
        return record(row)
    values = {**changed, **_keys(changed), "entry_version": _spec.entry_version + 1}
    connection.execute(update(specifications).where(_spec.id == spec_id).values(values))
    return one(connection, spec_id)


def without_keys(connection: Connection, limit: int) -> list[str]:
    """Return up to ``limit`` specs that no search finds, because a server from before schema 0004 made them."""
    return [row.id for row in connection.execute(_WITHOUT_KEYS, {"most": limit})]


def renew_keys(connection: Connection, spec_ids: Collection[str]) -> None:
    """Set the columns by which these specs are found, where they do not fit title and description."""
    for row in connection.execute(_FOUND_BY, {"keys": list(spec_ids)}).all():
        of_title, of_description = search_key(row.title), search_key(row.description)
        if (of_title, of_description) != (row.title_key, row.description_key):
            seen = {"spec": row.id, "seen_title": row.title, "seen_description": row.description}
            connection.execute(_SET_KEYS, {**seen, "of_title": of_title, "of_description": of_description})


def _keys(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the columns by which these fields are found."""
    return {f"{name}_key": search_key(fields[name]) for name in _SEARCHED if name in fields}


def remove(connection: Connection, spec_id: str) -> None:
    """Delete the spec with all rows that refer to it. Raises `SpecMissing`."""
    if not connection.execute(_DELETE, {"key": spec_id}).rowcount:
        raise SpecMissing(spec_id)
