"""Read marks: up to which version each user has read each spec."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

UNREAD: Final = 1_000
"""The number of newest versions among which the unread ones are counted, so that counting costs little."""


@dataclass(frozen=True, slots=True)
class ReadState:
    """How far a user has read a spec: up to ``version`` (``None``: the user never said).

    ``unread`` is how many of the `UNREAD` newest versions are later than that and made by somebody else.
    """

    version: int | None = None
    unread: int = 0


class ReadMarkStore(Protocol):
    """The ``read_marks`` table."""

    async def mark_read(self, spec_id: str, user_id: str, version: int) -> int:
        """Set the user's mark to ``version``, or to the spec's version if that is lower; returns the mark.

        A mark never falls: a lower version leaves it as it is. Raises `SpecMissing`.
        """

    async def read_states(self, user_id: str, spec_ids: Collection[str]) -> Mapping[str, ReadState]:
        """Return how far the user has read each of these specs; those that do not exist are left out.

        Law (``tests/store/contract/test_read_marks.py``): at most `UNREAD` rows of each spec's log are read.
        """
