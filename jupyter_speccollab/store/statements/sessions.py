"""Statements on ``editing_sessions``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select, update

from jupyter_speccollab.store.base import SessionRecord
from jupyter_speccollab.store.tables import editing_sessions, users

_session = editing_sessions.c
_COLUMNS = [name for name in SessionRecord.__slots__ if name not in ("session_id", "user_name")]

_ADD = insert(editing_sessions)
_REPLACE = delete(editing_sessions).where(
    or_(
        _session.id == bindparam("key"),
        and_(_session.spec_id == bindparam("spec"), _session.socket_id == bindparam("socket")),
    )
)
_MOVE = (
    update(editing_sessions)
    .where(_session.id == bindparam("key"))
    .values(cursor_position=bindparam("cursor"))
)
_REMOVE = delete(editing_sessions).where(_session.id.in_(bindparam("keys", expanding=True)))
_SWEEP = delete(editing_sessions).where(_session.last_activity < bindparam("idle_since"))
_OF_SPECS = (
    select(editing_sessions, users.c.name)
    .join(users, users.c.id == _session.user_id)
    .where(_session.spec_id.in_(bindparam("specs", expanding=True)))
    .order_by(_session.joined_at, _session.id)
)


def add(connection: Connection, sessions: Collection[SessionRecord]) -> None:
    """Insert all. Each replaces a row with the same id, or with the same socket in its spec."""
    connection.execute(
        _REPLACE,
        [
            {"key": session.session_id, "spec": session.spec_id, "socket": session.socket_id}
            for session in sessions
        ],
    )
    connection.execute(
        _ADD,
        [
            {"id": session.session_id, **{name: getattr(session, name) for name in _COLUMNS}}
            for session in sessions
        ],
    )


def touch(connection: Connection, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
    """Set the time for all sessions of the server by one statement, and the cursor of each one in ``moved``."""
    of_server = _session.socket_id.startswith(server, autoescape=True)
    touched = connection.execute(update(editing_sessions).where(of_server).values(last_activity=at)).rowcount
    if moved:
        connection.execute(
            _MOVE, [{"key": session.session_id, "cursor": session.cursor_position} for session in moved]
        )
    return touched


def remove(connection: Connection, session_ids: Collection[str]) -> None:
    """Delete these sessions."""
    connection.execute(_REMOVE, {"keys": list(session_ids)})


def of_specs(connection: Connection, spec_ids: Collection[str]) -> list[SessionRecord]:
    """Return all sessions of these specs, in the order of joining."""
    return [
        SessionRecord(
            session_id=row.id, user_name=row.name, **{name: getattr(row, name) for name in _COLUMNS}
        )
        for row in connection.execute(_OF_SPECS, {"specs": list(spec_ids)})
    ]


def sweep(connection: Connection, idle_since: datetime) -> int:
    """Delete sessions that are idle since before ``idle_since``; returns how many."""
    return connection.execute(_SWEEP, {"idle_since": idle_since}).rowcount
