"""Bounds: how much of a file is imported, so that no file can fill the memory or the disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.store.base.attachments import PART_BYTES

USERS: Final = 50_000
COLLABORATORS: Final = 10_000

SMALL: Final = 1 << 28
"""The size in bytes up to which a file may expand, however small it is compressed."""

EXPANSION: Final = 200
"""How many times its compressed size a larger file may have; an export has five to fifty times its size."""

SHORT_FIELDS: Final = 1 << 16
"""The greatest length in bytes of a line without its texts and changes."""


MENTIONS: Final = 6_100
"""Quotation marks of the ids of a message's mentions, and of its other fields."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of an import. All of them follow from the greatest length of a document here, in code points.

    Law: reading a file takes some 100 bytes of memory for each character of ``document_length`` at most, whatever
    the file contains (``tests/archive/test_hostile.py::test_no_file_takes_more_memory_than_its_bounds_allow``).
    With ``any_size``, the file may expand to any size. ``attachment_bytes`` and ``attachments_bytes`` are as in
    `Limits`.
    """

    document_length: int = Limits().document_length
    any_size: bool = False
    attachment_bytes: int = Limits().attachment_bytes
    attachments_bytes: int = Limits().attachments_bytes

    @property
    def changes(self) -> int:
        """The greatest number of changes in one operation."""
        return max(1_000, self.document_length // 8)

    @property
    def line(self) -> int:
        """The greatest length of a line in bytes.

        An operation may remove one text and add another. JSON takes at most 6 bytes for a character, and 24 for
        the rest of a change. A part of an attachment takes four bytes for three.
        """
        text = 12 * self.document_length + 24 * self.changes
        return SHORT_FIELDS + max(text, 4 * PART_BYTES // 3 + 4)

    @property
    def quotes(self) -> int:
        """The greatest number of quotation marks in a line that are not escaped: those of texts and fields.

        A line has changes, or mentions.
        """
        return 4 * self.changes + MENTIONS

    def expanded(self, size: int) -> int | None:
        """The greatest size in bytes of a file that has ``size`` bytes compressed; ``None`` for no limit."""
        return None if self.any_size else max(SMALL, EXPANSION * size)
