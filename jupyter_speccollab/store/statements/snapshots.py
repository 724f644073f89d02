"""Statements on ``document_versions``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from jupyter_speccollab.store.base import RevisionKind, Snapshot
from jupyter_speccollab.store.paging import fitting
from jupyter_speccollab.store.stored_bytes import ROW_BYTES, snapshot_bytes
from jupyter_speccollab.store.tables import document_operations, document_versions, users

from . import sittings, usage
from .operations import IS_FOLDED
from .sizes import StoredSize

_snapshot = document_versions.c
_COLUMNS = [name for name in Snapshot.__slots__ if name != "created_by_name"]
_WITHOUT_CONTENT = [_snapshot[name] for name in _COLUMNS if name != "content"]

_ADD = insert(document_versions)
_RAISE = (
    update(document_versions)
    .where(_snapshot.spec_id == bindparam("spec"), _snapshot.version == bindparam("at"))
    .values(kind=bindparam("kind"), label=bindparam("label"))
)
_NEWEST = (
    select(*(_snapshot[name] for name in _COLUMNS), users.c.name.label("created_by_name"))
    .join(users, users.c.id == _snapshot.created_by)
    .where(_snapshot.spec_id == bindparam("spec"))
    .order_by(_snapshot.version.desc())
)
_LISTED = _NEWEST.with_only_columns(
    *_WITHOUT_CONTENT, null().label("content"), users.c.name.label("created_by_name")
)
_SIZES = (
    select(_snapshot.version, StoredSize(_snapshot.content))
    .where(_snapshot.spec_id == bindparam("spec"))
    .order_by(_snapshot.version.desc())
)
_NEXT_IS_FOLDED = exists().where(
    document_operations.c.spec_id == _snapshot.spec_id,
    document_operations.c.version == _snapshot.version + 1,
    IS_FOLDED,
)
_CAN_GO = (
    _snapshot.spec_id == bindparam("spec"),
    _snapshot.version.in_(bindparam("versions", expanding=True)),
    or_(
        _snapshot.kind == RevisionKind.AUTO.value,
        and_(_snapshot.kind == RevisionKind.BASE.value, _NEXT_IS_FOLDED),
    ),
)
_THINNED = (
    select(_snapshot.version, StoredSize(_snapshot.content))
    .where(*_CAN_GO)
    .with_for_update(of=document_versions)
)
_THIN = delete(document_versions).where(*_CAN_GO)
_REMOVE_LABEL = (
    update(document_versions)
    .where(
        _snapshot.spec_id == bindparam("spec"),
        _snapshot.version == bindparam("at"),
        _snapshot.label.is_not(None),
    )
    .values(label=null(), kind=RevisionKind.SAVED.value)
)
_SUM_UP = (
    update(document_versions)
    .where(
        _snapshot.spec_id == bindparam("spec"),
        _snapshot.version == bindparam("at"),
        _snapshot.kind.in_([RevisionKind.AUTO.value, RevisionKind.BASE.value]),
    )
    .values(changes_summary=bindparam("summary"))
)
_UP_TO = select(func.max(_snapshot.version)).where(
    _snapshot.spec_id == bindparam("spec"), _snapshot.version <= bindparam("at")
)
_FROM = select(func.min(_snapshot.version)).where(
    _snapshot.spec_id == bindparam("spec"), _snapshot.version >= bindparam("at")
)


def _read(row: Row[*tuple[Any, ...]]) -> Snapshot:
    columns = dict(row._mapping)
    kind = RevisionKind(columns["kind"])
    others = {name: columns[name] for name in Snapshot.__slots__ if name != "kind"}
    return Snapshot(**others, kind=kind)


def add(connection: Connection, spec_id: str, snapshot: Snapshot, attribution: bytes | None = None) -> None:
    """Insert the snapshot."""
    values = {name: getattr(snapshot, name) for name in _COLUMNS}
    more = {"kind": snapshot.kind.value, "id": str(uuid4()), "spec_id": spec_id, "attribution": attribution}
    connection.execute(_ADD, {**values, **more})
    usage.add(connection, spec_id, snapshot_bytes(snapshot))


def save(
    connection: Connection, spec_id: str, snapshot: Snapshot, attribution: bytes | None = None
) -> Snapshot:
    """Insert, or raise the kind and replace the label of the one at its version; returns the stored snapshot."""
    key = {"spec": spec_id, "at": snapshot.version}
    statement = _NEWEST.where(_snapshot.version == bindparam("at"))
    row = connection.execute(statement.with_for_update(of=document_versions), key).first()
    before = None if row is None else _read(row)
    if before is None:
        add(connection, spec_id, snapshot, attribution)
    else:
        raised = before.raised_by(snapshot)
        connection.execute(_RAISE, {**key, "kind": raised.kind.value, "label": raised.label})
    saved = _read(connection.execute(statement, key).one())
    if saved.kind.is_asked_for and not (before and before.kind.is_asked_for):
        # Locked, so that no sitting is added at the same time that goes on after this revision.
        usage.lock_spec(connection, spec_id)
        sittings.remove_changed(connection, spec_id, snapshot.version)
    return saved


def newest(connection: Connection, spec_id: str, at: int | None) -> Snapshot | None:
    """Return the newest snapshot at or below version ``at``, without checking its hash."""
    statement = _NEWEST if at is None else _NEWEST.where(_snapshot.version <= bindparam("at"))
    row = connection.execute(statement.limit(1), {"spec": spec_id, "at": at}).first()
    return None if row is None else _read(row)


def start_of_page(
    connection: Connection, spec_id: str, before: int | None, limit: int, most_bytes: int
) -> int | None:
    """Return the oldest version of a page whose contents have at most ``most_bytes``, but at least one."""
    statement = _SIZES if before is None else _SIZES.where(_snapshot.version < bindparam("before"))
    with connection.execute(statement.limit(limit), {"spec": spec_id, "before": before}) as sizes:
        return min(fitting(sizes, most_bytes), default=None)


def below(
    connection: Connection,
    spec_id: str,
    before: int | None,
    limit: int,
    content: bool,
    start: int | None = None,
) -> list[Snapshot]:
    """Return snapshots from version ``start`` and below version ``before``, newest first."""
    statement = _NEWEST if content else _LISTED
    if before is not None:
        statement = statement.where(_snapshot.version < bindparam("before"))
    if start is not None:
        statement = statement.where(_snapshot.version >= bindparam("start"))
    rows = connection.execute(statement.limit(limit), {"spec": spec_id, "before": before, "start": start})
    return [_read(row) for row in rows]


def thin(connection: Connection, spec_id: str, versions: Collection[int]) -> int:
    """Delete the automatic snapshots at ``versions`` that no version is rebuilt from; returns how many."""
    thinned = connection.execute(_THINNED, {"spec": spec_id, "versions": list(versions)}).all()
    if thinned:
        connection.execute(_THIN, {"spec": spec_id, "versions": [version for version, _ in thinned]})
        usage.add(connection, spec_id, -sum(ROW_BYTES + size for _, size in thinned))
    return len(thinned)


def remove_label(connection: Connection, spec_id: str, version: int) -> None:
    """Take the label of the snapshot at ``version`` away."""
    connection.execute(_REMOVE_LABEL, {"spec": spec_id, "at": version})


def set_summary(connection: Connection, spec_id: str, version: int, summary: str) -> None:
    """Set the summary of the automatic snapshot at ``version``."""
    connection.execute(_SUM_UP, {"spec": spec_id, "at": version, "summary": summary})


def nearest(connection: Connection, spec_id: str, version: int) -> int | None:
    """Return the version of the nearest snapshot; the later one if two are equally near."""
    found = [connection.execute(each, {"spec": spec_id, "at": version}).scalar() for each in (_FROM, _UP_TO)]
    return min(
        (each for each in found if each is not None), key=lambda each: abs(each - version), default=None
    )
