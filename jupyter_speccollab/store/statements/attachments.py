"""Statements on ``attachments`` and ``attachment_parts``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    LargeBinary,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    AttachmentsFull,
    SpecMissing,
)
from jupyter_speccollab.store.base.attachments import UNFINISHED
from jupyter_speccollab.store.stored_bytes import ROW_BYTES
from jupyter_speccollab.store.tables import attachment_parts, attachments, specifications
from jupyter_speccollab.store.types import HexDigest, UuidText

from . import usage

_attachment, _part, _spec = attachments.c, attachment_parts.c, specifications.c
_COLUMNS: Final = [_attachment[name] for name in Attachment.__slots__]
_KEY: Final = (
    _attachment.spec_id == bindparam("spec"),
    _attachment.attachment_id == bindparam("key", type_=HexDigest),
)
_LOCK = (
    select(_spec.id)
    .where(_spec.id == bindparam("spec"), _spec.trashed_at.is_(None))
    .with_for_update(key_share=True)
)
_STATE = select(_attachment.is_complete).where(*_KEY)
_SIZE = select(func.coalesce(func.sum(_attachment.size), 0)).where(_attachment.spec_id == bindparam("spec"))
_ADD = insert(attachments)
_RENEW = update(attachments).where(*_KEY).values(created_at=bindparam("at"))
_COMPLETE = update(attachments).where(*_KEY).values(is_complete=True)
_ADD_PART = text(
    "INSERT INTO attachment_parts (spec_id, attachment_id, number, content) "
    "VALUES (:spec, :key, :number, :content) ON CONFLICT DO NOTHING"
).bindparams(
    bindparam("spec", type_=UuidText),
    bindparam("key", type_=HexDigest),
    bindparam("content", type_=LargeBinary),
)
_PART = (
    select(_part.content)
    .join(
        attachments,
        (_attachment.spec_id == _part.spec_id) & (_attachment.attachment_id == _part.attachment_id),
    )
    .where(*_KEY, _attachment.is_complete, _part.number == bindparam("number"))
)
_ONE = select(*_COLUMNS).where(*_KEY, _attachment.is_complete)
_LIST = (
    select(*_COLUMNS)
    .where(
        _attachment.spec_id == bindparam("spec"),
        _attachment.is_complete,
        _attachment.attachment_id > bindparam("after", type_=HexDigest),
    )
    .order_by(_attachment.attachment_id)
    .limit(bindparam("most"))
)
_OLD: Final = (
    _attachment.spec_id == bindparam("spec"),
    _attachment.attachment_id.in_(bindparam("keys", expanding=True, type_=HexDigest)),
    _attachment.created_at < bindparam("before"),
)
_UNFINISHED: Final = (
    _attachment.spec_id == bindparam("spec"),
    ~_attachment.is_complete,
    _attachment.created_at < bindparam("before"),
)
_BYTES: Final = select(func.count(), func.coalesce(func.sum(_attachment.size), 0))


def begin(connection: Connection, spec_id: str, attachment: Attachment, most_bytes: int) -> bool:
    """Make the row of an attachment whose parts follow; returns whether it is complete already.

    Raises `SpecMissing`, `AttachmentsFull`.
    """
    key = {"spec": spec_id, "key": attachment.attachment_id}
    if connection.execute(_LOCK, key).first() is None:
        raise SpecMissing(spec_id)
    _delete(connection, spec_id, _UNFINISHED, {"before": attachment.created_at - UNFINISHED})
    is_complete = connection.execute(_STATE, key).scalar()
    if is_complete is not None:
        connection.execute(_RENEW, {**key, "at": attachment.created_at})
        return bool(is_complete)
    size = int(connection.execute(_SIZE, key).scalar_one())
    if 0 < most_bytes < size + attachment.size:
        raise AttachmentsFull(size)
    add(connection, spec_id, attachment, is_complete=False)
    usage.add(connection, spec_id, ROW_BYTES + attachment.size)
    return False


def add(connection: Connection, spec_id: str, attachment: Attachment, *, is_complete: bool) -> None:
    """Insert the row of an attachment."""
    values = {name: getattr(attachment, name) for name in Attachment.__slots__}
    connection.execute(_ADD, {**values, "spec_id": spec_id, "is_complete": is_complete})


def add_part(connection: Connection, spec_id: str, part: AttachmentPart) -> None:
    """Insert a part, unless it is there already: equal ids have equal bytes."""
    values = {"key": part.attachment_id, "number": part.number, "content": part.content}
    connection.execute(_ADD_PART, {"spec": spec_id, **values})


def complete(connection: Connection, spec_id: str, attachment_id: str) -> None:
    """Let the attachment be seen. Raises `SpecMissing` if it has been deleted with its spec."""
    if not connection.execute(_COMPLETE, {"spec": spec_id, "key": attachment_id}).rowcount:
        raise SpecMissing(spec_id)


def one(connection: Connection, spec_id: str, attachment_id: str) -> Attachment | None:
    """Return the attachment; ``None`` if there is none, or it is not complete."""
    row = connection.execute(_ONE, {"spec": spec_id, "key": attachment_id}).first()
    return None if row is None else Attachment(*row)


def part(connection: Connection, spec_id: str, attachment_id: str, number: int) -> bytes | None:
    """Return a part of the bytes; ``None`` if there is none."""
    place = {"spec": spec_id, "key": attachment_id, "number": number}
    content: bytes | None = connection.execute(_PART, place).scalar()
    return content


def page(connection: Connection, spec_id: str, after: str, limit: int) -> Sequence[Attachment]:
    """Return attachments in the order of their ids."""
    rows = connection.execute(_LIST, {"spec": spec_id, "after": after, "most": limit})
    return [Attachment(*row) for row in rows]


def remove(connection: Connection, spec_id: str, keys: Collection[str], before: datetime) -> int:
    """Delete those that were given last before a moment; returns how many."""
    return _delete(connection, spec_id, _OLD, {"keys": list(keys), "before": before})


def _delete(
    connection: Connection, spec_id: str, which: tuple[object, ...], values: dict[str, object]
) -> int:
    place = {"spec": spec_id, **values}
    count, size = connection.execute(_BYTES.where(*which), place).one()  # type: ignore[arg-type]
    if count:
        connection.execute(delete(attachments).where(*which), place)  # type: ignore[arg-type]
        usage.add(connection, spec_id, -(ROW_BYTES * count + int(size)))
    return int(count)
