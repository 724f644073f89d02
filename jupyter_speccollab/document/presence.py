"""Presence: who is in a document, with how many sessions, and where their cursors are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from jupyter_speccollab.document.cursor import Cursor, Offsets
from jupyter_speccollab.document.document import Document
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.user import User

RESTING: Final = 200
"""How many versions a cursor may lie behind before it is moved on."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One session of a user; ``cursor`` holds at ``version``, ``moved`` orders who moved last."""

    session_id: str
    user: User
    joined_at: datetime
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
        """Let a session in; whether its user was not there before."""
        is_new = participant.user.user_id not in self.user_ids()
        self._participants[participant.session_id] = participant
        return is_new

    def remove(self, session_id: str) -> bool:
        """Let a session out; whether its user is gone with it."""
        gone = self._participants.pop(session_id)
        return gone.user.user_id not in self.user_ids()

    def move(self, session_id: str, cursor: Cursor | None, version: int, document: Document) -> None:
        """Note a session's cursor, which holds at ``version``."""
        self._moves += 1
        self._participants[session_id] = replace(
            self._participants[session_id],
            cursor=None if cursor is None else document.offsets_of(cursor, version),
            version=document.version,
            moved=self._moves,
        )

    def follow(self, document: Document) -> None:
        """Move the cursors that rest, before the document forgets the way from their version."""
        for session_id, participant in self._participants.items():
            if participant.cursor is not None and document.version - participant.version >= RESTING:
                self._participants[session_id] = replace(
                    participant,
                    cursor=document.moved(participant.cursor, participant.version),
                    version=document.version,
                )

    def participant(self, session_id: str) -> Participant:
        """The session's entry; `KeyError` where it is not there."""
        return self._participants[session_id]

    def user_ids(self) -> set[str]:
        """Everybody who is there."""
        return {participant.user.user_id for participant in self._participants.values()}

    def sessions_of(self, user_id: str) -> int:
        """How many sessions a user has here."""
        return sum(participant.user.user_id == user_id for participant in self._participants.values())

    def active_users(self, document: Document) -> list[dict[str, Any]]:
        """The protocol's ``activeUsers``: one row a user, the cursor of the session that moved last.

        Cursors are brought to the document's present version.
        """
        rows: dict[str, list[Participant]] = {}
        for participant in self._participants.values():
            rows.setdefault(participant.user.user_id, []).append(participant)
        return [_row(sessions, document) for sessions in rows.values()]


def _row(sessions: list[Participant], document: Document) -> dict[str, Any]:
    first, latest = sessions[0], max(sessions, key=lambda session: session.moved)
    cursor = latest.cursor
    if cursor is not None:
        cursor = document.moved(cursor, latest.version)
    return {
        "userId": first.user.user_id,
        "userName": first.user.name,
        "color": first.user.color,
        "avatarUrl": first.user.avatar_url or None,
        "cursor": None if cursor is None else cursor.cursor(document.text).to_wire(),
        "joinedAt": iso(first.joined_at),
    }
