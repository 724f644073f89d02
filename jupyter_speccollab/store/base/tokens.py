"""Tokens: which of them were revoked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol


class TokenStore(Protocol):
    """The ``token_revocations`` table."""

    async def revoke(self, subject: str, at: datetime) -> None:
        """Record that ``subject`` was revoked at ``at``; a later time replaces an earlier one."""

    async def revoked(self, subjects: Collection[str]) -> Mapping[str, datetime]:
        """Return the revoked ones among ``subjects``, with the time of revocation."""
