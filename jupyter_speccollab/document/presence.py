"""Presence: the sessions in a document, their users and their cursors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from jupyter_speccollab.document.colors import ColoredSession, colors_of, free_color
from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.user import User

RESTING: Final = 200
"""The cost of the versions (see `Window.cost_since`) after which a cursor that did not move is updated."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One session of a user; ``cursor`` is valid at ``version``, and ``moved`` increases with every move of any.

    ``color`` is the one that the session's server has chosen for the user (see `colors_of`).
    """

    session_id: str
    user: User
    joined_at: datetime
    color: str = ""
    cursor: Offsets | None = None
    version: int = 0
    moved: int = 0


class Presence:
    """The participants of one document, in order of joining."""

    def __init__(self) -> None:
        self._participants: dict[str, Participant] = {}
        self._moves = 0

    def __len__(self) -> int:
        return len(self._participants)

    def add(self, participant: Participant) -> bool:
        """Add a session; return whether it is the first one of its user."""
        is_new = participant.user.user_id not in self.user_ids()
        self._participants[participant.session_id] = participant
        return is_new

    def remove(self, session_id: str) -> bool:
        """Remove a session; return whether it was the last one of its user."""
        gone = self._participants.pop(session_id)
        return gone.user.user_id not in self.user_ids()

    def move(self, session_id: str, cursor: Cursor | None, version: int, document: Document) -> None:
        """Set a session's cursor, which is valid at ``version``."""
        self._moves += 1
        self._participants[session_id] = replace(
            self._participants[session_id],
            cursor=None if cursor is None else document.offsets_of(cursor, version),
            version=document.version,
            moved=self._moves,
        )

    def follow(self, document: Document) -> None:
        """Update cursors that did not move for long, while the operations since their version are still kept."""
        for session_id, participant in self._participants.items():
            cost = document.window.cost_since(participant.version)
            if participant.cursor is not None and (cost is None or cost >= RESTING):
                self._participants[session_id] = replace(
                    participant,
                    cursor=document.moved(participant.cursor, participant.version),
                    version=document.version,
                )

    @property
    def colors(self) -> Mapping[str, str]:
        """The color of each user, by userId."""
        return colors_of(
            ColoredSession(each.session_id, each.user.user_id, each.joined_at, each.color)
            for each in self._participants.values()
        )

    def color_for(self, user_id: str) -> str:
        """The color for a session of this user that joins now: the one that they have, or else a free one."""
        colors = self.colors
        return colors.get(user_id) or free_color(colors.values())

    def recolor(self, session_id: str, color: str) -> Participant:
        """Set the color that is chosen with a session; returns the participant."""
        changed = self._participants[session_id] = replace(self._participants[session_id], color=color)
        return changed

    def participant(self, session_id: str) -> Participant:
        """The participant with this session. Raises `KeyError`."""
        return self._participants[session_id]

    def user(self, user_id: str) -> User:
        """The user with this id, who has a session. Raises `StopIteration` without one."""
        return next(each.user for each in self._participants.values() if each.user.user_id == user_id)

    def shown_name(self, user_id: str) -> str:
        """What others read of a user: the login's name, or that of a program while only programs are here.

        Empty if the user has no session.
        """
        return _shown([each.user for each in self._participants.values() if each.user.user_id == user_id])

    def user_ids(self) -> set[str]:
        """The users with at least one session."""
        return {participant.user.user_id for participant in self._participants.values()}

    def sessions_of(self, user_id: str) -> int:
        """The number of sessions of a user in this document."""
        return sum(participant.user.user_id == user_id for participant in self._participants.values())

    def active_users(self, document: Document) -> list[dict[str, Any]]:
        """The protocol's ``activeUsers``: one row per user, with the cursor of the session that moved last.

        Cursors are given in the document's current version.
        """
        rows: dict[str, list[Participant]] = {}
        for participant in self._participants.values():
            rows.setdefault(participant.user.user_id, []).append(participant)
        colors = self.colors
        return [_row(sessions, colors[user_id], document) for user_id, sessions in rows.items()]


def _shown(sessions_of_one: list[User]) -> str:
    for user in sessions_of_one:
        if not user.program:
            return user.shown
    return sessions_of_one[0].shown if sessions_of_one else ""


def _row(sessions: list[Participant], color: str, document: Document) -> dict[str, Any]:
    first, latest = sessions[0], max(sessions, key=lambda session: session.moved)
    cursor = latest.cursor
    if cursor is not None:
        cursor = document.moved(cursor, latest.version)
    return {
        "userId": first.user.user_id,
        "userName": _shown([session.user for session in sessions]),
        "color": color,
        "avatarUrl": first.user.avatar_url or None,
        "cursor": None if cursor is None else cursor.cursor(document.text).to_wire(),
        "joinedAt": iso(first.joined_at),
    }
