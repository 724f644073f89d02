"""Quotas: how much users and the whole server may store.

A spec counts for the user who created it, with its history (`jupyter_speccollab.store.base.usage`), also while it
is in the trash: otherwise deleting and restoring would get around every quota.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Final

from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import QuotaExceeded
from jupyter_speccollab.store.base import Quota, Store, Usage

REFRESH: Final = 10.0
"""Seconds for which a number that was read from the store is used, where it need not be exact."""

GRACE: Final = 1.1
"""By what factor edits in an open document may exceed a quota, so that nobody is stopped within a sentence."""

NOTHING: Final = Usage()

NOTHING_CHANGED: Final = "Nothing was changed."
LESS: Final = "Delete specs that you no longer need, also from the trash, or ask your admin for more room."
EDIT_KEPT: Final = "Your latest edit is not saved; it is kept where you typed it."


class Quotas:
    """Refuses what would exceed a quota, in words that say what to do.

    New specs, saves, restores, labels, comments and suggestions are refused as soon as they would exceed it. Edits
    in open documents are refused only beyond `GRACE`, and compared with numbers that are up to `REFRESH` seconds
    old. Law: a refused edit is kept by its client (``tests/client/test_quota.py``). Law: what is refused takes no
    room (``tests/handlers/test_quotas.py::TestTotal``).
    """

    def __init__(self, store: Store, limits: Limits, monotonic: Callable[[], float]) -> None:
        self.of_user = Quota(limits.specs_per_user, limits.bytes_per_user)
        self._store = store
        self._most_in_all = limits.total_bytes
        self._monotonic = monotonic
        self._usage: Mapping[str, Usage] = {}
        self._total = NOTHING
        self._usage_at = self._total_at = -REFRESH
        self._added = self._reserved = 0

    @property
    def total(self) -> Usage:
        """What the store holds, as far as this server knows."""
        return Usage(self._total.specs, self._total.bytes + self._added)

    async def refresh(self, creators: Collection[str]) -> None:
        """Read the usage of the creators of open documents, and that of all users, unless that was done lately."""
        now = self._monotonic()
        if now >= self._usage_at + REFRESH:
            self._usage, self._usage_at = await self._store.usage(creators), now
            await self._read_total()

    async def look_again(self) -> None:
        """Read the same numbers anew, because something was deleted."""
        self._usage_at = self._total_at = -REFRESH
        await self.refresh(self._usage.keys())

    @asynccontextmanager
    async def server_room(self, more: int) -> AsyncIterator[None]:
        """Room on the server for ``more`` bytes, which are stored inside of this; free again if that fails.

        Raises `QuotaExceeded`.
        """
        await self._read_total()
        if 0 < self._most_in_all < self.total.bytes + self._reserved + more:
            raise self._server_is_full(NOTHING_CHANGED)
        self._reserved += more
        try:
            yield
            self._added += more
        finally:
            self._reserved -= more

    @asynccontextmanager
    async def room(self, user: User, creator_id: str, more: int) -> AsyncIterator[None]:
        """As `server_room`, for what ``user`` adds to a spec of ``creator_id``. Raises `QuotaExceeded`."""
        usage = (await self._store.usage([creator_id]))[creator_id]
        if 0 < self.of_user.bytes < usage.bytes + more:
            raise self._user_is_full(user, creator_id, usage, NOTHING_CHANGED)
        async with self.server_room(more):
            yield

    def refusal_of_edit(self, user: User, creator_id: str) -> QuotaExceeded | None:
        """The refusal of an edit in an open document of ``creator_id``; ``None`` if there is room for it."""
        usage = self._usage.get(creator_id, NOTHING)
        if 0 < self.of_user.bytes * GRACE < usage.bytes:
            return self._user_is_full(user, creator_id, usage, EDIT_KEPT)
        if 0 < self._most_in_all * GRACE < self._total.bytes + self._added:
            return self._server_is_full(EDIT_KEPT)
        return None

    def refusal_of_spec(self, usage: Usage) -> QuotaExceeded:
        """The refusal of a new spec, with which its creator would have this usage."""
        if 0 < self.of_user.specs < usage.specs:
            return QuotaExceeded(
                f"You have created {self.of_user.specs:,} specs, the most that this server keeps for one person. "
                f"No spec was created. {LESS}",
                limit=self.of_user.specs,
            )
        return QuotaExceeded(
            "With this one, your specs and their history would take "
            f"{size(usage.bytes)}, and this server keeps {size(self.of_user.bytes)} for one person. "
            f"No spec was created. {LESS}",
            limit=self.of_user.bytes,
        )

    async def _read_total(self) -> None:
        now = self._monotonic()
        if now >= self._total_at + REFRESH:
            self._total, self._total_at, self._added = await self._store.total_usage(), now, 0

    def _user_is_full(self, user: User, creator_id: str, usage: Usage, kept: str) -> QuotaExceeded:
        limit = self.of_user.bytes
        if user.user_id == creator_id:
            whose, mend = "Your specs", LESS
        else:
            whose, mend = (
                "The specs of the person who created this one",
                "Tell that person, or ask your admin.",
            )
        return QuotaExceeded(
            f"{whose} take {size(usage.bytes)} with their history, and this server keeps {size(limit)} for one "
            f"person. {kept} {mend}",
            limit=limit,
        )

    def _server_is_full(self, kept: str) -> QuotaExceeded:
        limit = self._most_in_all
        return QuotaExceeded(
            f"All specs on this server take {size(self.total.bytes)}, and may take {size(limit)}. {kept} "
            "Ask your admin for more room.",
            limit=limit,
        )


def size(count: int) -> str:
    """A number of bytes, for a person."""
    amount, unit = float(count), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"
