"""Attachments: the pictures of a spec, each under the SHA-256 of its bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

PART_BYTES: Final = 262_144
"""The bytes of a part. A transaction writes one part, so that others wait for no more than that."""

UNFINISHED: Final = timedelta(hours=1)
"""How old an attachment that was never completed is when its parts are deleted."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A row of ``attachments``.

    ``attachment_id`` is the hex SHA-256 of the bytes, ``size`` their number. ``created_at`` is when they were given
    last: giving the same bytes again renews it.
    """

    attachment_id: str
    media_type: str
    size: int
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentPart:
    """A row of ``attachment_parts``: the bytes from ``number * PART_BYTES`` on."""

    attachment_id: str
    number: int
    content: bytes


class AttachmentsFull(Exception):
    """With a new attachment, those of the spec would have more bytes than they may. ``size`` is what they have."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


def parts_of(attachment_id: str, content: bytes | bytearray) -> Iterator[AttachmentPart]:
    """The bytes in parts."""
    for number, start in enumerate(range(0, len(content), PART_BYTES)):
        yield AttachmentPart(attachment_id, number, bytes(content[start : start + PART_BYTES]))


class AttachmentStore(Protocol):
    """The tables ``attachments`` and ``attachment_parts``.

    The bytes are written and read in parts, each in a transaction of its own: neither a long write nor a slow
    reader holds others up. An attachment is seen when it is complete. A call that is cancelled before leaves parts
    that nobody sees; the next attachment of the spec deletes them once they are older than `UNFINISHED`.
    """

    async def add_attachment(
        self, spec_id: str, attachment: Attachment, content: bytes | bytearray, most_bytes: int = 0
    ) -> None:
        """Store the bytes; if the spec has them already, only renew ``created_at``.

        Raises `SpecMissing`, also for a spec in the trash, and `AttachmentsFull` if the spec's attachments would
        then have more than ``most_bytes`` (0: no limit). Law: however many are added at the same time, they never
        have more (``contract/test_attachments.py::test_together_they_keep_to_the_limit``).
        """

    async def attachment(self, spec_id: str, attachment_id: str) -> Attachment | None:
        """Return the attachment, ``None`` if the spec has none under this id."""

    async def attachment_part(self, spec_id: str, attachment_id: str, number: int) -> bytes | None:
        """Return a part of the bytes, from part 0 on; ``None`` after the last one."""

    async def attachments(self, spec_id: str, after: str = "", limit: int = 100) -> Sequence[Attachment]:
        """Return at most ``limit`` attachments, in the order of their ids, from the first id after ``after`` on."""

    async def remove_attachments(
        self, spec_id: str, attachment_ids: Collection[str], before: datetime
    ) -> int:
        """Delete those of these attachments that were given last before ``before``; returns how many."""
