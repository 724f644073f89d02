"""Checking the attachments of an archive while they are read or written."""

from __future__ import annotations

from hashlib import sha256

from jupyter_speccollab.archive.flaw import Flaw
from jupyter_speccollab.document.media_type import media_type_of
from jupyter_speccollab.store.base import Attachment, AttachmentPart
from jupyter_speccollab.store.base.attachments import PART_BYTES


class AttachmentCheck:
    """Takes attachments and their parts in order, and raises `Flaw` at the first wrong one.

    Law: in an archive that passes, every attachment is complete, has the bytes of its id and is the picture that it
    says it is (``tests/archive/test_attachments.py``).
    """

    def __init__(self, most_bytes: int | None = None, most_in_all: int | None = None) -> None:
        """At most ``most_bytes`` for each attachment, and ``most_in_all`` for all; ``None``: any number."""
        self._most_bytes = most_bytes
        self._most_in_all = most_in_all
        self._total = 0
        self._open: Attachment | None = None
        self._seen: set[str] = set()
        self._size = self._parts = 0

    def begin(self, attachment: Attachment) -> None:
        """Take an attachment, whose parts follow."""
        self.end()
        if attachment.attachment_id in self._seen:
            raise Flaw("it is the second attachment with this id")
        self._total += attachment.size
        if self._most_bytes is not None and attachment.size > self._most_bytes:
            raise Flaw(f"a picture here may have {self._most_bytes:,} bytes (SpecCollabApp.attachment_bytes)")
        if self._most_in_all is not None and self._total > self._most_in_all:
            raise Flaw(
                f"the pictures of a spec here may have {self._most_in_all:,} bytes "
                "(SpecCollabApp.attachments_bytes)"
            )
        self._open = attachment
        self._seen.add(attachment.attachment_id)
        self._hash = sha256()
        self._size = self._parts = 0

    def add(self, part: AttachmentPart) -> None:
        """Take the next part of the bytes."""
        attachment = self._open
        if attachment is None or attachment.attachment_id != part.attachment_id:
            raise Flaw("a part of a picture does not follow its picture")
        if part.number != self._parts:
            raise Flaw(f"part {part.number:,} of a picture is where part {self._parts:,} should be")
        if part.number == 0 and media_type_of(part.content) != attachment.media_type:
            raise Flaw("a picture is not of the kind that it says")
        self._parts += 1
        self._size += len(part.content)
        if self._size < attachment.size and len(part.content) != PART_BYTES:
            raise Flaw(f"a part of a picture that is not the last one has {PART_BYTES:,} bytes")
        if self._size > attachment.size:
            raise Flaw("a picture has more bytes than it says")
        self._hash.update(part.content)

    def end(self) -> None:
        """Check that the last attachment is complete."""
        attachment, self._open = self._open, None
        if attachment is not None and self._size < attachment.size:
            raise Flaw("a picture has fewer bytes than it says")
        if attachment is not None and self._hash.hexdigest() != attachment.attachment_id:
            raise Flaw("the bytes of a picture do not match its id")
