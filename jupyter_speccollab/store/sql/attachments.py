"""Attachments in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from jupyter_speccollab.store.base import Attachment, AttachmentPart, SpecMissing
from jupyter_speccollab.store.base.attachments import parts_of
from jupyter_speccollab.store.statements import attachments as rows

from .transactions import SqlTransactions


class SqlAttachments(SqlTransactions):
    """Implements `AttachmentStore`."""

    async def add_attachment(
        self, spec_id: str, attachment: Attachment, content: bytes | bytearray, most_bytes: int = 0
    ) -> None:
        def begin(connection: Connection) -> bool:
            return rows.begin(connection, spec_id, attachment, most_bytes)

        try:
            is_complete = await self._write(begin)
        except IntegrityError:
            await self._require_users({attachment.created_by})
            raise
        if is_complete:
            return
        for part in parts_of(attachment.attachment_id, content):
            await self._add_part(spec_id, part)
        await self._write(lambda connection: rows.complete(connection, spec_id, attachment.attachment_id))

    async def _add_part(self, spec_id: str, part: AttachmentPart) -> None:
        try:
            await self._write(lambda connection: rows.add_part(connection, spec_id, part))
        except IntegrityError as error:  # the row that the part belongs to has been deleted with its spec
            raise SpecMissing(spec_id) from error

    async def attachment(self, spec_id: str, attachment_id: str) -> Attachment | None:
        return await self._read(lambda connection: rows.one(connection, spec_id, attachment_id))

    async def attachment_part(self, spec_id: str, attachment_id: str, number: int) -> bytes | None:
        return await self._read(lambda connection: rows.part(connection, spec_id, attachment_id, number))

    async def attachments(self, spec_id: str, after: str = "", limit: int = 100) -> Sequence[Attachment]:
        return await self._read(lambda connection: rows.page(connection, spec_id, after, limit))

    async def remove_attachments(
        self, spec_id: str, attachment_ids: Collection[str], before: datetime
    ) -> int:
        if not attachment_ids:
            return 0
        return await self._write(lambda connection: rows.remove(connection, spec_id, attachment_ids, before))
