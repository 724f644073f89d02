"""The people in a spec, according to the server's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class People:
    """The users who are present: one row for each, as in the protocol's ``activeUsers``."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Copies: ``userId, userName, color, avatarUrl, cursor, joinedAt``."""
        return [dict(row) for row in self._rows.values()]

    def receive(self, event: str, data: Mapping[str, Any]) -> None:
        """Take an event. Events about something else are ignored."""
        match event:
            case "session_joined" | "user_joined" | "user_left":
                self._rows = {row["userId"]: dict(row) for row in data["activeUsers"]}
            case "remote_cursor":
                if row := self._rows.get(data["userId"]):
                    row["cursor"] = data["cursor"]
