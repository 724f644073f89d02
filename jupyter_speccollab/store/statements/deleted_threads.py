"""Statements on ``deleted_thread_ids``."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, insert, select

from jupyter_speccollab.store.base import DeletedThread
from jupyter_speccollab.store.tables import deleted_thread_ids

_gone = deleted_thread_ids.c

_OF_SPEC: Final = _gone.spec_id == bindparam("spec")
_ADD = insert(deleted_thread_ids)
_SINCE: Final[Select[Any]] = (
    select(_gone.changed, _gone.thread_id)
    .where(_OF_SPEC, _gone.changed > bindparam("since"), _gone.id == _gone.thread_id)
    .limit(bindparam("most"))
)
_NEWEST: Final[Select[Any]] = _SINCE.order_by(_gone.changed.desc())
_OLDEST: Final[Select[Any]] = _SINCE.order_by(_gone.changed)
_MESSAGES = select(_gone.changed, _gone.id).where(
    _OF_SPEC,
    _gone.changed.between(bindparam("first"), bindparam("last")),
    _gone.id != _gone.thread_id,
)
_WITH_ID = select(_gone.thread_id, _gone.changed).where(_OF_SPEC, _gone.id == bindparam("key"))


def add(connection: Connection, spec_id: str, gone: DeletedThread) -> None:
    """Insert what is kept of a deleted thread."""
    row = {"spec_id": spec_id, "thread_id": gone.thread_id, "changed": gone.changed}
    connection.execute(_ADD, [{**row, "id": key} for key in (gone.thread_id, *gone.message_ids)])


def deletions(
    connection: Connection, spec_id: str, since: int, before: int | None, limit: int
) -> dict[int, str]:
    """Return the ids of deleted threads by the changes that deleted them, newest first."""
    statement = _NEWEST if before is None else _NEWEST.where(_gone.changed < before)
    rows = connection.execute(statement, {"spec": spec_id, "since": since, "most": limit})
    return {row.changed: row.thread_id for row in rows}


def since(connection: Connection, spec_id: str, version: int, limit: int) -> list[DeletedThread]:
    """Return those that were deleted after ``version``, oldest first."""
    rows = connection.execute(_OLDEST, {"spec": spec_id, "since": version, "most": limit}).all()
    return [] if not rows else _with_messages(connection, spec_id, [(row[0], row[1]) for row in rows])


def one(connection: Connection, spec_id: str, thread_id: str) -> DeletedThread | None:
    """Return what is kept of this thread; ``None`` if it was not deleted."""
    row = connection.execute(_WITH_ID, {"spec": spec_id, "key": thread_id}).first()
    if row is None or row.thread_id != thread_id:
        return None
    return _with_messages(connection, spec_id, [(row.changed, thread_id)])[0]


def thread_of(connection: Connection, spec_id: str, message_id: str) -> str | None:
    """Return the id of the deleted thread that had the message."""
    found: str | None = connection.execute(_WITH_ID, {"spec": spec_id, "key": message_id}).scalar()
    return found


def _with_messages(
    connection: Connection, spec_id: str, threads: list[tuple[int, str]]
) -> list[DeletedThread]:
    """Return these threads, by ascending changes that follow each other, with the ids of their messages."""
    ids: dict[int, list[str]] = {}
    between = {"spec": spec_id, "first": threads[0][0], "last": threads[-1][0]}
    for row in connection.execute(_MESSAGES, between):
        ids.setdefault(row.changed, []).append(row.id)
    return [
        DeletedThread(thread_id, changed, tuple(sorted(ids.get(changed, ()))))
        for changed, thread_id in threads
    ]
