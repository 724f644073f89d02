"""Active users: the users who have a spec open on any server, one row for each user, in order of joining."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jupyter_speccollab.document.colors import ColoredSession, colors_of
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.user import User
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import SessionRecord


def active_collaborators(sessions: Iterable[SessionRecord]) -> list[dict[str, Any]]:
    """The ``activeCollaborators`` of a document, from the sessions of its spec."""
    return [
        {"userId": first.user_id, "userName": first.user_name, "joinedAt": iso(first.joined_at)}
        for first in _first_of_each(sessions)
    ]


async def active_users(documents: Documents, spec_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The ``activeUsers`` of the entries of these specs, in the same form as in the events of a session.

    Cursors are current if the spec is open on this server; else they are those that were stored last.
    """
    sessions = await documents.sessions(spec_ids)
    users = await documents.store.users({session.user_id for session in sessions}) if sessions else {}
    by_spec: dict[str, list[SessionRecord]] = {spec_id: [] for spec_id in spec_ids}
    for session in sessions:
        by_spec[session.spec_id].append(session)
    return {spec_id: _rows(documents, spec_id, of_spec, users) for spec_id, of_spec in by_spec.items()}


def _rows(
    documents: Documents, spec_id: str, sessions: Sequence[SessionRecord], users: Mapping[str, User]
) -> list[dict[str, Any]]:
    live = documents.live(spec_id)
    rows = live.attendance.presence.active_users(live.document) if live is not None else []
    here = {row["userId"]: row for row in rows}
    colors = colors_of(
        ColoredSession(each.session_id, each.user_id, each.joined_at, each.color) for each in sessions
    )
    return [
        here.get(first.user_id) or _row(first, users.get(first.user_id), colors[first.user_id])
        for first in _first_of_each(sessions)
    ]


def _row(session: SessionRecord, user: User | None, color: str) -> dict[str, Any]:
    return {
        "userId": session.user_id,
        "userName": session.user_name,
        "color": color,
        "avatarUrl": (user.avatar_url or None) if user else None,
        "cursor": session.cursor_position,
        "joinedAt": iso(session.joined_at),
    }


def _first_of_each(sessions: Iterable[SessionRecord]) -> list[SessionRecord]:
    first: dict[str, SessionRecord] = {}
    for session in sessions:
        first.setdefault(session.user_id, session)
    return list(first.values())
