"""Attachments in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.store.base import Attachment, AttachmentsFull
from jupyter_speccollab.store.base.attachments import parts_of

from .state import MemoryState, StoredAttachment


class MemoryAttachments(MemoryState):
    """Implements `AttachmentStore`. Adding one is a single step, so none is ever incomplete."""

    async def add_attachment(
        self, spec_id: str, attachment: Attachment, content: bytes | bytearray, most_bytes: int = 0
    ) -> None:
        held = self._spec(spec_id).attachments
        self._require_users({attachment.created_by})
        stored = held.get(attachment.attachment_id)
        if stored is not None:
            stored.record = replace(stored.record, created_at=attachment.created_at)
            return
        size = sum(each.record.size for each in held.values())
        if 0 < most_bytes < size + attachment.size:
            raise AttachmentsFull(size)
        parts = [part.content for part in parts_of(attachment.attachment_id, content)]
        held[attachment.attachment_id] = StoredAttachment(attachment, parts)

    async def attachment(self, spec_id: str, attachment_id: str) -> Attachment | None:
        stored = self._attachments(spec_id).get(attachment_id)
        return None if stored is None else stored.record

    async def attachment_part(self, spec_id: str, attachment_id: str, number: int) -> bytes | None:
        stored = self._attachments(spec_id).get(attachment_id)
        return stored.parts[number] if stored and number < len(stored.parts) else None

    async def attachments(self, spec_id: str, after: str = "", limit: int = 100) -> Sequence[Attachment]:
        held = self._attachments(spec_id)
        return [held[key].record for key in sorted(held) if key > after][:limit]

    async def remove_attachments(
        self, spec_id: str, attachment_ids: Collection[str], before: datetime
    ) -> int:
        held = self._attachments(spec_id)
        old = [key for key in set(attachment_ids) if key in held and held[key].record.created_at < before]
        for key in old:
            del held[key]
        return len(old)

    def _attachments(self, spec_id: str) -> dict[str, StoredAttachment]:
        spec = self._specs.get(spec_id)
        return {} if spec is None else spec.attachments
