"""Statements on ``threads``, ``thread_messages`` and ``unanswered_mentions``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from jupyter_speccollab.document.passage import SHOWN
from jupyter_speccollab.store.base import (
    AccessChanged,
    AnchorState,
    DeletedThread,
    SpecMissing,
    StoredMessage,
    StoredThread,
    ThreadsChanged,
    ThreadState,
)
from jupyter_speccollab.store.paging import fitting
from jupyter_speccollab.store.stored_bytes import deleted_thread_bytes
from jupyter_speccollab.store.tables import (
    specifications,
    thread_messages,
    threads,
    unanswered_mentions,
    users,
)
from jupyter_speccollab.store.types import HexDigest
from jupyter_speccollab.text.anchor import Anchor

from . import deleted_threads
from .thread_rows import ThreadRows, stored_message, stored_thread

_spec, _thread, _message = specifications.c, threads.c, thread_messages.c
_mention = unanswered_mentions.c

_OF_SPEC: Final = _thread.spec_id == bindparam("spec")
_THIS: Final = (_OF_SPEC, _thread.thread_id == bindparam("key"))
_ADVANCE = (
    update(specifications)
    .where(
        _spec.id == bindparam("spec"), _spec.threads_version == bindparam("base"), _spec.trashed_at.is_(None)
    )
    .values(threads_version=_spec.threads_version + 1, stored_bytes=_spec.stored_bytes + bindparam("more"))
)
_PRESENT = select(_spec.access_version).where(_spec.id == bindparam("spec"), _spec.trashed_at.is_(None))
_SIZE = select(_thread.size).where(*_THIS)
_ADD = insert(threads)
_of_version = bindparam("of_version", type_=Integer)
_moves = _thread.anchor_version <= _of_version
_ANCHORED: Final = ("anchor_start", "anchor_end", "letters")
_ANCHOR: Final[dict[str, Any]] = {
    name: case((_moves, bindparam(f"to_{name}", type_=_thread[name].type)), else_=_thread[name])
    for name in _ANCHORED
} | {"anchor_version": case((_moves, _of_version), else_=_thread.anchor_version)}
"""Sets the anchor, unless a later one is stored."""

_MOVE = update(threads).where(*_THIS, _moves).values(_ANCHOR)
_CHANGED: Final = ("state", "changed", "size", "resolved_by", "resolved_at", "accepted_version")
_CHANGE = (
    update(threads)
    .where(*_THIS)
    .values({name: bindparam(f"to_{name}", type_=_thread[name].type) for name in _CHANGED} | _ANCHOR)
)
_REMOVE = delete(threads).where(*_THIS)

_OF_THREAD: Final = (_message.spec_id == bindparam("spec"), _message.thread_id == bindparam("key"))
_HASHES = select(_message.number, _message.row_hash).where(*_OF_THREAD)
_ADD_MESSAGE = insert(thread_messages)
_REMOVE_MESSAGE = delete(thread_messages).where(*_OF_THREAD, _message.number == bindparam("at"))
_IDS = select(_message.message_id).where(*_OF_THREAD)
_THREAD_OF = select(_message.thread_id).where(
    _message.spec_id == bindparam("spec"), _message.message_id == bindparam("key")
)

_WAITING = select(_mention.user_id).where(
    _mention.spec_id == bindparam("spec"), _mention.thread_id == bindparam("key")
)
_ADD_MENTION = insert(unanswered_mentions)
_REMOVE_MENTION = delete(unanswered_mentions).where(
    _mention.user_id == bindparam("who"),
    _mention.spec_id == bindparam("spec"),
    _mention.thread_id == bindparam("key"),
)

_resolvers = users.alias("resolvers")
_NAMED: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_WHOLE = (
    select(threads, users.c.name.label("created_by_name"), _resolvers.c.name.label("resolved_by_name"))
    .join_from(threads, users, users.c.id == _thread.created_by)
    .outerjoin(_resolvers, _resolvers.c.id == _thread.resolved_by)
    .where(_OF_SPEC, _thread.thread_id.in_(_NAMED))
    .order_by(_thread.changed.desc())
)
_MESSAGES: Final[Select[Any]] = (
    select(
        _thread.thread_id,
        _thread.changed,
        _message.message_id,
        _message.user_id,
        users.c.name.label("user_name"),
        _message.body,
        _message.created_at,
        func.coalesce(_message.fingerprint, literal("", HexDigest)).label("fingerprint"),
        _message.edited_at,
        _message.deleted,
        _message.mentions,
    )
    .select_from(threads)
    .outerjoin(
        thread_messages,
        (_message.spec_id == _thread.spec_id) & (_message.thread_id == _thread.thread_id),
    )
    .outerjoin(users, users.c.id == _message.user_id)
    .where(_OF_SPEC, _thread.thread_id.in_(_NAMED))
    .order_by(_thread.thread_id, _message.number)
)
"""The messages of threads, each with the ``changed`` of its thread: so it shows whether they are of the same change
as a thread that was read before."""

_LIST = (
    select(_thread.thread_id, _thread.size)
    .where(_OF_SPEC, _thread.changed > bindparam("since"))
    .order_by(_thread.changed.desc())
    .limit(bindparam("most"))
)
_ANCHORS = (
    select(
        _thread.thread_id,
        _thread.anchor_start,
        _thread.anchor_end,
        _thread.letters,
        _thread.anchor_version,
        func.substr(_thread.quote, 1, SHOWN),
    )
    .where(_OF_SPEC, _thread.anchor_version < bindparam("below"))
    .order_by(_thread.anchor_version, _thread.thread_id)
    .limit(bindparam("most"))
)
_OPEN = (
    select(_thread.spec_id, func.count())
    .where(_thread.spec_id.in_(_NAMED), _thread.state == ThreadState.OPEN.value)
    .group_by(_thread.spec_id)
)
_MENTIONS = (
    select(_mention.spec_id, func.count())
    .where(_mention.user_id == bindparam("who"), _mention.spec_id.in_(_NAMED))
    .group_by(_mention.spec_id)
)


def write(connection: Connection, base: int, rows: ThreadRows, access_version: int | None = None) -> None:
    """Insert the thread or replace it. Raises `ThreadsChanged`, `AccessChanged`, `SpecMissing`.

    What is read before `_advance` is of the threads at ``base``, because `_advance` refuses everything else.
    """
    thread = rows.thread
    spec_id = thread["spec_id"]
    place = {"spec": spec_id, "key": thread["thread_id"]}
    before: int | None = connection.execute(_SIZE, place).scalar()
    _advance(connection, spec_id, base, access_version, thread["size"] - (before or 0))
    if before is None:
        add(connection, rows)
        return
    set_to = {f"to_{name}": thread[name] for name in (*_CHANGED, *_ANCHORED)}
    connection.execute(_CHANGE, {**place, **set_to, "of_version": thread["anchor_version"]})
    _write_messages(connection, place, rows.messages)
    _write_mentions(connection, place, rows.waiting)


def add(connection: Connection, rows: ThreadRows) -> None:
    """Insert a thread with its messages."""
    connection.execute(_ADD, rows.thread)
    if rows.messages:
        connection.execute(_ADD_MESSAGE, rows.messages)
    place = {"spec": rows.thread["spec_id"], "key": rows.thread["thread_id"]}
    _add_mentions(connection, place, rows.waiting)


def remove(
    connection: Connection, spec_id: str, base: int, thread_id: str, access_version: int | None
) -> None:
    """Delete the thread, and keep its ids. Raises `ThreadsChanged`, `AccessChanged`, `SpecMissing`."""
    place = {"spec": spec_id, "key": thread_id}
    size: int | None = connection.execute(_SIZE, place).scalar()
    if size is None:
        _require(connection, spec_id, base, access_version)
        return
    ids = set(connection.execute(_IDS, place).scalars()) - {thread_id}
    gone = DeletedThread(thread_id, base + 1, tuple(sorted(ids)))
    _advance(connection, spec_id, base, access_version, deleted_thread_bytes(gone) - size)
    connection.execute(_REMOVE, place)
    deleted_threads.add(connection, spec_id, gone)


def move(connection: Connection, spec_id: str, version: int, anchors: Sequence[tuple[str, Anchor]]) -> None:
    """Store anchors as of ``version``, except those of threads that have a later one."""
    connection.execute(
        _MOVE,
        [
            {"spec": spec_id, "key": key, "of_version": version, **_to_anchor(anchor)}
            for key, anchor in anchors
        ],
    )


def anchors_before(connection: Connection, spec_id: str, version: int, limit: int) -> list[AnchorState]:
    """Return anchors that are stored at a version below ``version``, oldest first."""
    rows = connection.execute(_ANCHORS, {"spec": spec_id, "below": version, "most": limit})
    return [
        AnchorState(thread_id, Anchor(start, end, letters), at, quote)
        for thread_id, start, end, letters, at, quote in rows
    ]


def page(
    connection: Connection,
    spec_id: str,
    states: Collection[ThreadState] | None,
    since: int,
    before: int | None,
    limit: int,
    most_bytes: int | None,
) -> list[StoredThread]:
    """Return threads, newest change first, as `ThreadStore.threads` says."""
    statement = _LIST
    if states is not None:
        statement = statement.where(_thread.state.in_([state.value for state in states]))
    if before is not None:
        statement = statement.where(_thread.changed < before)
    asked = {"spec": spec_id, "since": since, "most": limit}
    while True:
        keys = [(row.thread_id, row.size) for row in connection.execute(statement, asked)]
        named = [key for key, _ in keys] if most_bytes is None else fitting(keys, most_bytes)
        found = _whole(connection, spec_id, named)
        if found is not None:
            return found


def one(connection: Connection, spec_id: str, thread_id: str) -> StoredThread | DeletedThread | None:
    """Return the thread, what is kept of a deleted one, or ``None``."""
    place = {"spec": spec_id, "key": thread_id}
    while connection.execute(_SIZE, place).first() is not None:
        if found := _whole(connection, spec_id, [thread_id]):
            return found[0]
    return deleted_threads.one(connection, spec_id, thread_id)


def thread_of_message(connection: Connection, spec_id: str, message_id: str) -> str | None:
    """Return the id of the thread that has or had the message."""
    place = {"spec": spec_id, "key": message_id}
    found: str | None = connection.execute(_THREAD_OF, place).scalar()
    return deleted_threads.thread_of(connection, spec_id, message_id) if found is None else found


def counts(connection: Connection, spec_ids: Collection[str], user_id: str) -> Mapping[str, tuple[int, int]]:
    """Return how many threads of each spec are open, and how many of these wait for the user."""
    keys = {"keys": list(spec_ids)}
    are_open = {row[0]: row[1] for row in connection.execute(_OPEN, keys)}
    waiting = {row[0]: row[1] for row in connection.execute(_MENTIONS, {**keys, "who": user_id})}
    return {key: (are_open.get(key, 0), waiting.get(key, 0)) for key in spec_ids}


def _advance(connection: Connection, spec_id: str, base: int, access_version: int | None, more: int) -> None:
    """Make it the next change of the threads. Raises `ThreadsChanged`, `AccessChanged`, `SpecMissing`."""
    statement = _ADVANCE
    if access_version is not None:
        statement = statement.where(_spec.access_version == access_version)
    if not connection.execute(statement, {"spec": spec_id, "base": base, "more": more}).rowcount:
        raise _conflict(connection, spec_id, access_version)


def _require(connection: Connection, spec_id: str, base: int, access_version: int | None) -> None:
    """Raises as `_advance` unless the threads are at ``base``."""
    at_base = _PRESENT.where(_spec.threads_version == base)
    if access_version is not None:
        at_base = at_base.where(_spec.access_version == access_version)
    if connection.execute(at_base, {"spec": spec_id}).first() is None:
        raise _conflict(connection, spec_id, access_version)


def _conflict(connection: Connection, spec_id: str, access_version: int | None) -> Exception:
    """Why a write was not carried out."""
    present: int | None = connection.execute(_PRESENT, {"spec": spec_id}).scalar()
    if present is None:
        return SpecMissing(spec_id)
    return ThreadsChanged(spec_id) if access_version in (None, present) else AccessChanged(spec_id)


def _write_messages(
    connection: Connection, place: Mapping[str, str], messages: Sequence[dict[str, Any]]
) -> None:
    """Write the messages that differ from those that are stored."""
    stored = {row.number: row.row_hash for row in connection.execute(_HASHES, place)}
    new = [row for row in messages if stored.get(row["number"]) != row["row_hash"]]
    old = [{**place, "at": row["number"]} for row in new if row["number"] in stored]
    if old:
        connection.execute(_REMOVE_MESSAGE, old)
    if new:
        connection.execute(_ADD_MESSAGE, new)


def _write_mentions(connection: Connection, place: Mapping[str, str], waiting: Collection[str]) -> None:
    before = set(connection.execute(_WAITING, place).scalars())
    if gone := sorted(before.difference(waiting)):
        connection.execute(_REMOVE_MENTION, [{**place, "who": who} for who in gone])
    _add_mentions(connection, place, set(waiting) - before)


def _add_mentions(connection: Connection, place: Mapping[str, str], waiting: Collection[str]) -> None:
    key = {"spec_id": place["spec"], "thread_id": place["key"]}
    if waiting:
        connection.execute(_ADD_MENTION, [{**key, "user_id": who} for who in sorted(waiting)])


def _whole(connection: Connection, spec_id: str, keys: Sequence[str]) -> list[StoredThread] | None:
    """Return these threads with their messages, newest change first; ``None`` if one has changed in between."""
    if not keys:
        return []
    asked = {"spec": spec_id, "keys": list(keys)}
    rows = connection.execute(_WHOLE, asked).all()
    changes: dict[str, int] = {}
    messages: dict[str, list[StoredMessage]] = {}
    for row in connection.execute(_MESSAGES, asked):
        changes[row.thread_id] = row.changed
        if row.message_id is not None:
            messages.setdefault(row.thread_id, []).append(stored_message(row))
    if changes != {row.thread_id: row.changed for row in rows} or len(rows) < len(keys):
        return None
    return [stored_thread(row, messages.get(row.thread_id, ())) for row in rows]


def _to_anchor(anchor: Anchor) -> dict[str, Any]:
    return {"to_anchor_start": anchor.start, "to_anchor_end": anchor.end, "to_letters": anchor.letters}
