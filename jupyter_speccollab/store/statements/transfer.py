"""Statements that read and insert a spec with its history, row by row, for export and import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Text, bindparam, cast, func, insert, or_, select, text
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    DeletedThread,
    Grant,
    LoggedOperation,
    Part,
    PartRefused,
    Snapshot,
    SpecIdTaken,
    SpecRecord,
    StoredAttribution,
    StoredThread,
)
from jupyter_speccollab.store.checks import refused
from jupyter_speccollab.store.tables import document_operations
from jupyter_speccollab.store.types import UuidText

from . import access, attachments, attribution, deleted_threads, snapshots, specs, threads, usage, users
from .thread_rows import ThreadRows

_operation = document_operations.c

_length = func.coalesce(func.length(cast(_operation.operations, Text)), 0)
_measured = (
    select(document_operations, func.sum(_length).over(order_by=_operation.version).label("total"))
    .where(
        _operation.spec_id == bindparam("spec"),
        _operation.version > bindparam("after"),
        _operation.version <= bindparam("until"),
    )
    .order_by(_operation.version)
    .limit(bindparam("most"))
    .subquery()
)
_row = _measured.c
_ROWS = (
    select(
        _row.version,
        _row.operation_id,
        _row.user_id,
        _row.session_id,
        _row.operations,
        _row.applied_at,
        _row.fingerprint,
        _row.author_id,
        _row.thread_id,
    )
    .where(or_(_row.total <= bindparam("characters"), _row.version == bindparam("after") + 1))
    .order_by(_row.version)
)
_APPEND = insert(document_operations)
_INTRODUCE = text(
    "INSERT INTO users (id, login, name, initials, color, avatar_url, issuer) "
    "VALUES (:user_id, :login, :name, :initials, :color, :avatar_url, :issuer) ON CONFLICT DO NOTHING"
).bindparams(bindparam("user_id", type_=UuidText))


def rows(
    connection: Connection, spec_id: str, after: int, until: int, limit: int, characters: int
) -> list[LoggedOperation]:
    """Return versions in ``(after, until]``, at most ``limit``; beyond the first, up to ``characters`` in total."""
    asked = {"spec": spec_id, "after": after, "until": until, "most": limit, "characters": characters}
    return [LoggedOperation(*row) for row in connection.execute(_ROWS, asked)]


def add(connection: Connection, parts: Iterator[Part]) -> None:
    """Insert a whole spec, part by part; known users are not changed.

    Raises `SpecIdTaken` and `PartRefused`; the caller rolls back.
    """
    spec_id = epoch = ""
    for part in parts:
        try:
            if isinstance(part, SpecRecord):
                spec_id, epoch = part.spec_id, part.epoch
                _add_spec(connection, part)
            else:
                _add_part(connection, spec_id, epoch, part)
        except IntegrityError as error:
            raise PartRefused(refused(part)) from error
    usage.recount(connection, spec_id)


def _add_spec(connection: Connection, spec: SpecRecord) -> None:
    if specs.exists(connection, spec.spec_id):
        raise SpecIdTaken(spec.spec_id)
    named = {spec.created_by, spec.modified_by}
    if named - users.find(connection, named).keys():
        raise PartRefused(refused(spec))
    try:
        specs.add(connection, spec)
    except IntegrityError as error:  # another server has inserted it at the same time
        raise SpecIdTaken(spec.spec_id) from error


def _add_part(
    connection: Connection,
    spec_id: str,
    epoch: str,
    part: User
    | Grant
    | Snapshot
    | StoredAttribution
    | Attachment
    | AttachmentPart
    | StoredThread
    | DeletedThread
    | Sequence[LoggedOperation],
) -> None:
    match part:
        case User():
            connection.execute(_INTRODUCE, {name: getattr(part, name) for name in User.__slots__})
        case Grant():
            access.add(connection, spec_id, part.principal, part.role, part.granted_by, part.granted_at)
        case Snapshot():
            snapshots.add(connection, spec_id, part)
        case StoredAttribution():
            attribution.store(connection, spec_id, epoch, part)
        case Attachment():
            attachments.add(connection, spec_id, part, is_complete=True)
        case AttachmentPart():
            attachments.add_part(connection, spec_id, part)
        case StoredThread():
            threads.add(connection, ThreadRows.of(spec_id, part))
        case DeletedThread():
            deleted_threads.add(connection, spec_id, part)
        case _:
            suggested = {row.author_id for row in part if row.author_id is not None}
            if suggested - users.find(connection, suggested).keys():  # no foreign key checks it
                raise PartRefused(refused(part))
            connection.execute(_APPEND, [_values(spec_id, row) for row in part])


def _values(spec_id: str, row: LoggedOperation) -> dict[str, Any]:
    return {
        "spec_id": spec_id,
        "version": row.version,
        "operation_id": row.operation_id,
        "user_id": row.user_id,
        "session_id": row.session_id,
        "operations": JSON.NULL if row.changes is None else row.changes,
        "applied_at": row.applied_at,
        "fingerprint": row.fingerprint,
        "author_id": row.author_id,
        "thread_id": row.thread_id,
    }
