"""Revoked tokens in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from .state import MemoryState


class MemoryTokens(MemoryState):
    """Implements `TokenStore`."""

    async def revoke(self, subject: str, at: datetime) -> None:
        self._revoked[subject] = at

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        return {subject: self._revoked[subject] for subject in subjects if subject in self._revoked}
