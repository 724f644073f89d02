"""Snapshots: whole texts at chosen versions. The history shows them as revisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class RevisionKind(StrEnum):
    """Why a snapshot was kept. Saving the same version again can only raise the kind (`rank`)."""

    AUTO = "auto"
    SAVED = "saved"
    LABELLED = "labelled"
    RESTORED = "restored"
    CREATED = "created"
    BASE = "base"
    """An automatic snapshot that later versions are rebuilt from, because the log before it is folded."""

    @property
    def rank(self) -> int:
        """``auto`` < ``base`` < ``saved`` < ``created``, ``restored`` < ``labelled``."""
        return {"auto": 0, "base": 1, "saved": 2, "created": 3, "restored": 3, "labelled": 4}[self.value]

    @property
    def is_automatic(self) -> bool:
        """Whether the program made it, not a user."""
        return self in (RevisionKind.AUTO, RevisionKind.BASE)

    @property
    def is_asked_for(self) -> bool:
        """Whether a user asked for a revision: a sitting ends after it."""
        return self in (RevisionKind.SAVED, RevisionKind.LABELLED, RevisionKind.RESTORED)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A row of ``document_versions``: the whole text at a version.

    ``content`` is ``None`` in listings without content. ``content_hash`` is the hex SHA-256 of the UTF-8;
    `SnapshotStore.snapshot` checks it and raises `CorruptSnapshot` on a mismatch.
    """

    version: int
    content: str | None
    content_hash: str
    created_by: str
    created_by_name: str
    created_at: datetime
    kind: RevisionKind
    label: str | None = None
    changes_summary: str = ""

    def raised_by(self, later: Snapshot) -> Snapshot:
        """Return this snapshot after ``later`` was saved at the same version: only kind and label can change."""
        return replace(
            self,
            kind=max(self.kind, later.kind, key=lambda kind: kind.rank),
            label=self.label if later.label is None else later.label,
        )


class CorruptSnapshot(Exception):
    """A stored text does not match its hash. It is never repaired silently."""


class SnapshotStore(Protocol):
    """The ``document_versions`` table."""

    async def save_snapshot(
        self, spec_id: str, snapshot: Snapshot, attribution: bytes | None = None
    ) -> Snapshot:
        """Insert the snapshot, or raise the kind and replace the label of the one at the same version.

        ``attribution`` (`StoredAttribution.runs`) is inserted with it. Storing it later writes the text once more.
        Returns the stored snapshot (`Snapshot.raised_by`). Raises `SpecMissing`.
        """

    async def snapshot(self, spec_id: str, at: int | None = None) -> Snapshot | None:
        """Return the newest snapshot at or below version ``at`` (``None``: the newest of all), with content.

        Raises `CorruptSnapshot`.
        """

    async def revisions(
        self,
        spec_id: str,
        before: int | None = None,
        limit: int = 20,
        content: bool = True,
        most_bytes: int | None = None,
    ) -> Sequence[Snapshot]:
        """Return snapshots below version ``before``, newest first, at most ``limit``.

        With ``content``, only as many of them as have at most ``most_bytes`` of UTF-8 together, but at least one.
        Law: the contents of the others are not taken into memory
        (``tests/store/contract/test_snapshots.py::test_a_page_of_revisions_is_cut_before_it_is_read``).
        """

    async def thin_snapshots(self, spec_id: str, versions: Collection[int]) -> int:
        """Delete the snapshots at ``versions`` whose kind is ``auto``; returns how many were deleted.

        A snapshot of kind ``base`` is deleted too if the next version is folded: no version is rebuilt from it.
        """

    async def remove_label(self, spec_id: str, version: int) -> None:
        """Take the label of the snapshot at ``version`` away, if there is one; it stays as ``saved``."""

    async def set_summary(self, spec_id: str, version: int, summary: str) -> None:
        """Set the summary of the automatic snapshot at ``version``, if there is one."""

    async def nearest_snapshot(self, spec_id: str, version: int) -> int | None:
        """Return the version of the snapshot nearest to ``version``; the later one if two are equally near."""
