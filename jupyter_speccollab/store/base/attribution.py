"""Attribution: who inserted which letter of a snapshot, and who made each version, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.text import Change


@dataclass(frozen=True, slots=True)
class StoredAttribution:
    """The attribution of the snapshot at ``version``, as `jupyter_speccollab.text.Attribution` stores it."""

    version: int
    runs: bytes


class AttributionStore(Protocol):
    """The column ``attribution`` of ``document_versions``, and the table ``bylines``.

    Both follow from the log as long as it is not folded. They are stored so that nobody has to read all of it. A
    page of bylines says of `PAGE_VERSIONS` versions who made them and when, and never changes
    (`jupyter_speccollab.document.bylines`). What is stored for a spec is deleted with the spec.
    """

    async def attribution(self, spec_id: str, at: int | None = None) -> StoredAttribution | None:
        """Return the attribution of the newest snapshot at or below version ``at`` that has one."""

    async def set_attribution(self, spec_id: str, epoch: str, attribution: StoredAttribution) -> None:
        """Store it with the snapshot at its version.

        Does nothing if there is no such snapshot, or if the spec has another history than that of ``epoch``.
        """

    async def unattributed(
        self, spec_id: str, after: int, until: int | None = None, limit: int | None = None
    ) -> Sequence[int]:
        """Return versions in ``(after, until]`` whose snapshot has no attribution, ascending, at most ``limit``."""

    async def byline_pages(self, spec_id: str) -> Sequence[bytes]:
        """Return all pages of bylines, in the order of their numbers, up to the first one that is missing."""

    async def add_byline_page(self, spec_id: str, epoch: str, number: int, page: bytes) -> None:
        """Store the page with this number, from 0, unless there is one already.

        Does nothing if there is no such spec, or if it has another history than that of ``epoch``.
        """

    async def changes(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[tuple[int, Sequence[Change] | None]]:
        """Return versions in ``(after, until]`` and what each changed, ascending, at most ``limit``.

        ``None``: it is folded. Beyond the first, only as many as have ``characters`` of stored changes together.
        """

    async def made_by(self, spec_id: str, after: int, until: int) -> Sequence[tuple[str, datetime]]:
        """Return the author and the time of each version in ``(after, until]``, ascending, folded or not."""
