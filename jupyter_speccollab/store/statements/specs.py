"""Statements on ``specifications``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    collate,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.words import START, key_of, terms_of
from jupyter_speccollab.store.base import (
    Choice,
    Facets,
    SpecMissing,
    SpecOrder,
    SpecRecord,
    SpecState,
)
from jupyter_speccollab.store.base.specs import FACETS
from jupyter_speccollab.store.paging import Place
from jupyter_speccollab.store.tables import collaborators, specifications, users

from . import read_marks, search

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

_spec, _entry = specifications.c, collaborators.c
_STATES = select(
    _spec.id,
    _spec.version,
    _spec.epoch,
    _spec.access_version,
    _spec.entry_version,
    _spec.threads_version,
).where(_spec.id.in_(bindparam("keys", expanding=True)), _spec.trashed_at.is_(None))
_FOUND_BY = select(_spec.id, _spec.title, _spec.description, _spec.title_key, _spec.description_key).where(
    _spec.id.in_(bindparam("keys", expanding=True))
)
_WITHOUT_KEYS = (
    select(_spec.id)
    .where(
        or_(
            and_(func.substr(_spec.title_key, 1, 1) != START, _spec.title != ""),
            and_(func.substr(_spec.description_key, 1, 1) != START, _spec.description != ""),
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


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that specs are sorted by, the last of them different for each spec."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False

    def sorted(self, statement: Select[Any]) -> Select[Any]:
        """The statement, sorted."""
        return statement.order_by(*(each.desc() if self.descending else each for each in self.columns))

    def behind(self, place: Place) -> ColumnElement[bool]:
        """What is behind a place."""
        steps = []
        for number, (column, value) in enumerate(zip(self.columns, place, strict=True)):
            same = [a == b for a, b in zip(self.columns[:number], place[:number], strict=True)]
            steps.append(and_(*same, column < value if self.descending else column > value))
        return or_(*steps)


def by(time: ColumnElement[datetime]) -> Order:
    """Latest first."""
    return Order((time, _spec.id), descending=True)


def _text_order(connection: Connection, *columns: ColumnElement[str]) -> Order:
    """By code points, as Python sorts, whatever the database sorts by."""
    is_postgres = connection.dialect.name == "postgresql"
    return Order((*(collate(each, "C") if is_postgres else each for each in columns), _spec.id))


def _order(connection: Connection, order: SpecOrder) -> Order:
    match order:
        case SpecOrder.CHANGED:
            return by(_spec.modified_at)
        case SpecOrder.TITLE:
            return _text_order(connection, _spec.title_key)
        case SpecOrder.STATUS:
            return _text_order(connection, _spec.status, _spec.title_key)


def page(
    connection: Connection,
    query: str,
    after: Place | None,
    limit: int,
    visible_to: Collection[str] | None,
    only: str | None,
    notebooks: Collection[str] | None,
    choice: Choice,
) -> list[SpecRecord]:
    """Return up to ``limit`` specs that have every term of ``query``, in the order of ``choice``.

    ``visible_to``, ``only`` and ``notebooks`` as in `SpecStore.specs`; ``after`` is the place of the last spec of
    the page before.
    """
    statement = _visible(_PRESENT, visible_to)
    if notebooks is not None:
        statement = statement.where(_spec.notebook.in_(notebooks))
    if choice.status is not None:
        statement = statement.where(_spec.status == choice.status)
    if choice.type is not None:
        statement = statement.where(_spec.type == choice.type)
    if choice.owned_by is not None:
        owned = select(_entry.spec_id).where(
            _entry.principal.in_(choice.owned_by), _entry.role == Role.OWNER.label
        )
        statement = statement.where(_spec.id.in_(owned))
    if choice.unread_by is not None:
        statement = statement.where(read_marks.unread_by(choice.unread_by))
    return found(connection, statement, _order(connection, choice.order), query, after, limit, only)


def found(
    connection: Connection,
    statement: Select[Any],
    order: Order,
    query: str,
    after: Place | None,
    limit: int,
    only: str | None,
) -> list[SpecRecord]:
    """Return what `page` returns, of the specs of ``statement``."""
    if only is not None:
        statement = statement.where(_spec.id == only)
    for term in terms_of(query):
        # `strpos` instead of LIKE, because `%` and `_` are ordinary characters here.
        of_entry = [
            func.strpos(key, literal(term.key)) > 0 for key in (_spec.title_key, _spec.description_key)
        ]
        statement = statement.where(or_(*of_entry, _spec.id.in_(search.holding(connection, term))))
    if after:
        statement = statement.where(order.behind(after))
    rows = connection.execute(order.sorted(statement).limit(limit))
    return [record(row) for row in rows]


def facets(connection: Connection, visible_to: Collection[str] | None, only: str | None) -> Facets:
    """Return how many specs have each status, and each type."""

    def counted(column: ColumnElement[str]) -> dict[str, int]:
        count = func.count()
        listed: Any = select(column, count).where(_spec.trashed_at.is_(None))
        statement = _visible(listed, visible_to)
        if only is not None:
            statement = statement.where(_spec.id == only)
        grouped = statement.where(column != "").group_by(column)
        rows = connection.execute(grouped.order_by(count.desc(), column).limit(FACETS))
        return {row[0]: row[1] for row in rows}

    return Facets(counted(_spec.status), counted(_spec.type))


def _visible(statement: Select[Any], visible_to: Collection[str] | None) -> Select[Any]:
    if visible_to is None:
        return statement
    shared = select(_entry.spec_id).where(_entry.principal.in_(visible_to))
    return statement.where(_spec.id.in_(shared))


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
    """Return up to ``limit`` specs whose keys are missing or of a form from before schema 0007."""
    return [row.id for row in connection.execute(_WITHOUT_KEYS, {"most": limit})]


def renew_keys(connection: Connection, spec_ids: Collection[str]) -> None:
    """Set the columns by which these specs are found, where they do not fit title and description."""
    for row in connection.execute(_FOUND_BY, {"keys": list(spec_ids)}).all():
        of_title, of_description = key_of(row.title), key_of(row.description)
        if (of_title, of_description) != (row.title_key, row.description_key):
            seen = {"spec": row.id, "seen_title": row.title, "seen_description": row.description}
            connection.execute(_SET_KEYS, {**seen, "of_title": of_title, "of_description": of_description})


def _keys(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the columns by which these fields are found."""
    return {f"{name}_key": key_of(fields[name]) for name in _SEARCHED if name in fields}


def remove(connection: Connection, spec_id: str) -> None:
    """Delete the spec with all rows that refer to it. Raises `SpecMissing`."""
    if not connection.execute(_DELETE, {"key": spec_id}).rowcount:
        raise SpecMissing(spec_id)
