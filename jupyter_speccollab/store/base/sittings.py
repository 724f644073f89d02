"""Sittings: where those of each spec begin, and what was done in them (`jupyter_speccollab.document.sitting`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.document.sitting import Sitting

from .snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Measure:
    """What was done in a sitting.

    ``people`` is how many versions each user made, by userId. ``added`` and ``removed`` count code points; they are
    ``None`` if the operations were folded before the sitting was measured. ``summary`` says in words what changed.
    """

    people: Mapping[str, int]
    added: int | None
    removed: int | None
    summary: str


@dataclass(frozen=True, slots=True)
class StoredSitting:
    """A row of ``sittings``.

    ``measure`` is ``None`` until the sitting is measured. ``subjects`` are the ids of the outline in which letters
    came or went; ``None`` until somebody asked for them.
    """

    sitting: Sitting
    measure: Measure | None = None
    subjects: Sequence[str] | None = None


class SittingStore(Protocol):
    """The ``sittings`` table, and what the rows are made of.

    The rows are derived from the log and the revisions. Versions may be in none of them: sittings are found as they
    are needed (`jupyter_speccollab.service.live.sitting_log`). A row that another one follows without a gap is a
    sitting. The last one before a gap, and the last one of all, may go on. The first one after a gap begins with a
    version with which a sitting begins, wherever the one before began.
    """

    async def sittings(
        self, spec_id: str, before: int | None = None, limit: int = 20
    ) -> Sequence[StoredSitting]:
        """Return the sittings whose last version is below ``before``, newest first, at most ``limit``."""

    async def next_sitting(self, spec_id: str, after: int) -> Sitting | None:
        """Return the oldest sitting that begins after version ``after``; ``None`` if there is none."""

    async def add_sittings(self, spec_id: str, before: Sitting | None, found: Sequence[Sitting]) -> bool:
        """Add ``found``, which follow each other; returns whether it was done.

        ``before`` is the stored sitting from which on they were found: the first of ``found`` follows it, or goes
        on with it, with the same first version, and replaces it. ``None``: the first of ``found`` begins wherever
        the one before began. Nothing is done if there is no such spec, if ``before`` is no longer stored like that,
        if other sittings with some of these versions are stored, or if a revision that somebody asked for lies
        inside of one of ``found``.

        Law (``contract/test_sittings.py::test_a_late_revision_ends_a_sitting``): saving such a revision at an
        earlier version deletes the sittings that may be others now (`changed_by`), so that they are found anew.
        """

    async def set_measure(self, spec_id: str, sitting: Sitting, measure: Measure) -> None:
        """Store what was done in ``sitting``; nothing is done if that one is no longer stored, or went on."""

    async def set_subjects(self, spec_id: str, sitting: Sitting, subjects: Sequence[str]) -> None:
        """Store the subjects of ``sitting``; nothing is done if that one is no longer stored, or went on."""

    async def commit_times(self, spec_id: str, after: int, limit: int) -> Sequence[tuple[int, datetime]]:
        """Return the versions after ``after`` with their times, ascending, at most ``limit``; folded ones too."""

    async def kept_revisions(self, spec_id: str, after: int, until: int) -> Sequence[Snapshot]:
        """Return the revisions in ``(after, until]`` that are not automatic, ascending, without their content."""

    async def contributions(self, spec_id: str, after: int, until: int) -> Mapping[str, int]:
        """Return how many of the versions in ``(after, until]`` each user made, by userId; folded ones too.

        An accepted suggestion counts for its author and for who accepted it.
        """
