"""Usage: how many specs each user has created, and how many bytes these specs store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jupyter_speccollab.document.user import User


@dataclass(frozen=True, slots=True)
class Usage:
    """A number of specs, and the bytes of their texts and logs (see `jupyter_speccollab.store.stored_bytes`)."""

    specs: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """The most that a user may store. 0 means that there is no limit."""

    specs: int = 0
    bytes: int = 0

    def is_exceeded_by(self, usage: Usage) -> bool:
        """Whether ``usage`` is more than the quota."""
        return 0 < self.specs < usage.specs or 0 < self.bytes < usage.bytes


class QuotaReached(Exception):
    """A new spec would bring its creator beyond the quota. ``usage`` is what it would be with the spec."""

    def __init__(self, usage: Usage) -> None:
        super().__init__(f"{usage.specs} specs, {usage.bytes} bytes")
        self.usage = usage


class UsageStore(Protocol):
    """The column ``stored_bytes`` of ``specifications``: every write of a text or an operation updates it.

    A spec counts for the user who created it, whoever owns it now: nobody can use up another user's quota by
    making them an owner.
    """

    async def usage(self, user_ids: Collection[str]) -> Mapping[str, Usage]:
        """Return the usage of each of these users."""

    async def total_usage(self) -> Usage:
        """Return the usage of all users together."""

    async def largest_usage(self, limit: int) -> Sequence[tuple[User, Usage]]:
        """Return the users whose specs store most, largest first."""

    async def recount_usage(self, spec_id: str) -> None:
        """Count again what the spec stores, from its rows. Does nothing if there is no such spec."""
