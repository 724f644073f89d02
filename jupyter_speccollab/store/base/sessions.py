"""Sessions: which connections of which users are in a document, on any server."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A row of ``editing_sessions``; ``cursor_position`` is a cursor as in the protocol, or ``None``.

    ``color`` is the one that the session's server has chosen for the user.
    """

    session_id: str
    spec_id: str
    user_id: str
    user_name: str
    socket_id: str
    joined_at: datetime
    last_activity: datetime
    cursor_position: Mapping[str, Any] | None = None
    color: str = ""


class SessionStore(Protocol):
    """The ``editing_sessions`` table."""

    async def add_sessions(self, sessions: Collection[SessionRecord]) -> None:
        """Insert all. Each replaces a row with the same ``session_id``, or the same ``socket_id`` in its spec.

        Raises `SpecMissing` if the spec of any of them does not exist; none is inserted then.
        """

    async def touch_sessions(self, server: str, at: datetime, moved: Collection[SessionRecord]) -> int:
        """Set ``last_activity`` to ``at`` for all sessions whose ``socket_id`` starts with ``server``.

        Also sets ``cursor_position`` of the sessions in ``moved``; unknown ones are ignored. Returns how many
        sessions this server has.
        """

    async def remove_sessions(self, session_ids: Collection[str]) -> None:
        """Delete these sessions; unknown ones are ignored."""

    async def sessions(self, spec_ids: Collection[str]) -> Sequence[SessionRecord]:
        """Return all sessions of these specs, in the order of joining."""

    async def sweep_sessions(self, idle_since: datetime) -> int:
        """Delete sessions whose ``last_activity`` is before ``idle_since``; returns how many were deleted."""
