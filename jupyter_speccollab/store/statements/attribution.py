"""Statements on the column ``attribution`` of ``document_versions``, and on ``bylines``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count, takewhile

from sqlalchemy import Connection, LargeBinary, Text, bindparam, cast, exists, func, or_, select, text, update

from jupyter_speccollab.store.base import StoredAttribution
from jupyter_speccollab.store.tables import bylines, document_operations, document_versions, specifications
from jupyter_speccollab.store.types import UuidText
from jupyter_speccollab.text import Change

from .operations import AUTHOR

_spec, _snapshot = specifications.c, document_versions.c
_operation, _page = document_operations.c, bylines.c

_NEWEST = (
    select(_snapshot.version, _snapshot.attribution)
    .where(_snapshot.spec_id == bindparam("spec"), _snapshot.attribution.is_not(None))
    .order_by(_snapshot.version.desc())
    .limit(1)
)
_NEWEST_UNTIL = _NEWEST.where(_snapshot.version <= bindparam("until"))
_STORE = (
    update(document_versions)
    .where(
        _snapshot.spec_id == bindparam("spec"),
        _snapshot.version == bindparam("at"),
        exists().where(_spec.id == bindparam("spec"), _spec.epoch == bindparam("of_epoch")),
    )
    .values(attribution=bindparam("runs"))
)
_UNATTRIBUTED = (
    select(_snapshot.version)
    .where(
        _snapshot.spec_id == bindparam("spec"),
        _snapshot.version > bindparam("after"),
        _snapshot.attribution.is_(None),
    )
    .order_by(_snapshot.version)
)
_PAGES = select(_page.number, _page.content).where(_page.spec_id == bindparam("spec")).order_by(_page.number)
_ADD_PAGE = text(
    "INSERT INTO bylines (spec_id, number, content) "
    "SELECT id, CAST(:number AS INTEGER), :content FROM specifications WHERE id = :spec AND epoch = :epoch "
    "ON CONFLICT DO NOTHING"
).bindparams(
    bindparam("spec", type_=UuidText),
    bindparam("epoch", type_=UuidText),
    bindparam("content", type_=LargeBinary),
)
_OF_THESE = (
    _operation.spec_id == bindparam("spec"),
    _operation.version > bindparam("after"),
    _operation.version <= bindparam("until"),
)
_MADE_BY = (
    select(AUTHOR.label("author"), _operation.applied_at).where(*_OF_THESE).order_by(_operation.version)
)
_length = func.coalesce(func.length(cast(_operation.operations, Text)), 0)
_measured = (
    select(
        _operation.version,
        _operation.operations,
        func.sum(_length).over(order_by=_operation.version).label("total"),
    )
    .where(*_OF_THESE)
    .order_by(_operation.version)
    .limit(bindparam("most"))
    .subquery()
)
_CHANGES = (
    select(_measured.c.version, _measured.c.operations)
    .where(or_(_measured.c.total <= bindparam("characters"), _measured.c.version == bindparam("after") + 1))
    .order_by(_measured.c.version)
)


def newest(connection: Connection, spec_id: str, at: int | None) -> StoredAttribution | None:
    """Return the attribution of the newest snapshot at or below version ``at`` that has one."""
    statement = _NEWEST if at is None else _NEWEST_UNTIL
    row = connection.execute(statement, {"spec": spec_id, "until": at}).first()
    return None if row is None else StoredAttribution(*row)


def store(connection: Connection, spec_id: str, epoch: str, attribution: StoredAttribution) -> None:
    """Store it with the snapshot at its version, if there is one in the history of ``epoch``."""
    values = {"at": attribution.version, "runs": attribution.runs}
    connection.execute(_STORE, {"spec": spec_id, "of_epoch": epoch, **values})


def unattributed(
    connection: Connection, spec_id: str, after: int, until: int | None, limit: int | None
) -> list[int]:
    """Return versions in ``(after, until]`` whose snapshot has no attribution, ascending, at most ``limit``."""
    statement = _UNATTRIBUTED.limit(limit)
    if until is not None:
        statement = statement.where(_snapshot.version <= bindparam("until"))
    asked = {"spec": spec_id, "after": after, "until": until}
    return list(connection.execute(statement, asked).scalars())


def pages(connection: Connection, spec_id: str) -> list[bytes]:
    """Return the pages of bylines up to the first one that is missing."""
    rows = connection.execute(_PAGES, {"spec": spec_id}).all()
    numbered = takewhile(lambda pair: pair[0].number == pair[1], zip(rows, count(), strict=False))
    return [row.content for row, _ in numbered]


def add_page(connection: Connection, spec_id: str, epoch: str, number: int, page: bytes) -> None:
    """Insert a page of bylines of the history of ``epoch``, unless there is one with this number."""
    connection.execute(_ADD_PAGE, {"spec": spec_id, "epoch": epoch, "number": number, "content": page})


def changes(
    connection: Connection, spec_id: str, after: int, until: int, limit: int, characters: int
) -> Sequence[tuple[int, Sequence[Change] | None]]:
    """Return versions in ``(after, until]`` and what each changed; ``None``: it is folded."""
    asked = {"spec": spec_id, "after": after, "until": until, "most": limit, "characters": characters}
    return [(version, changed) for version, changed in connection.execute(_CHANGES, asked)]


def made_by(connection: Connection, spec_id: str, after: int, until: int) -> Sequence[tuple[str, datetime]]:
    """Return the userId of the author, and the time, of each version in ``(after, until]``."""
    rows = connection.execute(_MADE_BY, {"spec": spec_id, "after": after, "until": until})
    return [(row.author, row.applied_at) for row in rows]
