"""Attachments: takes the pictures of specs, and hands them out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from hashlib import sha256
from typing import Any, Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.media_type import EXTENSIONS, media_type_of
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import (
    AttachmentNotFound,
    AttachmentsFull,
    AttachmentTooLarge,
    UnsupportedMediaType,
)
from jupyter_speccollab.service.access.roles import Access, not_found
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.quotas import size
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import Attachment, SpecMissing
from jupyter_speccollab.store.base import AttachmentsFull as Full

AT_ONCE: Final = 2
"""How many pictures that one user sends are in memory at the same time."""

WAITING: Final = 100
"""How many pictures of a user may be under way at the same time."""

TAKEN: Final = "Take a PNG, JPEG, GIF, WebP or SVG of up to {most}."


class Attachments:
    """The pictures of specs, in the form of the protocol.

    Law: a picture is in memory as a whole only while its user sends it, `AT_ONCE` of each user, and otherwise in
    parts (``tests/handlers/test_attachments.py``).
    """

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._store = documents.store
        self._limits = documents.limits
        self._access = access
        self._turns = Turns(
            AT_ONCE,
            WAITING,
            f"{WAITING} pictures that you sent are not stored yet. This one was not taken. Wait, and try again.",
        )

    async def receiving(self, caller: Caller, spec_id: str) -> AbstractAsyncContextManager[None]:
        """Check that the caller may send a picture; stay inside of the result while it is in memory.

        Raises `SpecNotFound`, `Forbidden`; on entering `RateLimited`, if too many wait already.
        """
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        return self._turns.turn(caller.user.user_id)

    def too_large(self) -> AttachmentTooLarge:
        """The refusal of a picture that is larger than one may be."""
        most = size(self._limits.attachment_bytes)
        return AttachmentTooLarge(
            f"This picture is too large, and was not stored. {TAKEN.format(most=most)}",
            limit=self._limits.attachment_bytes,
        )

    async def add(self, caller: Caller, spec_id: str, declared: str, content: bytearray) -> dict[str, Any]:
        """Store a picture. The same bytes again store nothing.

        ``declared`` is the media type that the request names. Raises `UnsupportedMediaType`, `AttachmentTooLarge`,
        `AttachmentsFull`, `QuotaExceeded`, `RateLimited`, `SpecNotFound`, `Forbidden`.
        """
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        media_type = await asyncio.to_thread(media_type_of, content)
        self._check(declared, media_type)
        assert media_type is not None
        digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
        attachment = Attachment(
            digest, media_type, len(content), caller.user.user_id, self._documents.clock()
        )
        try:
            if await self._store.attachment(spec_id, digest) is None:
                await self._store_new(caller, spec_id, attachment, content)
            else:
                self._documents.repeats.count(caller.user)
                await self._store.add_attachment(spec_id, attachment, content)
        except SpecMissing:
            raise not_found() from None
        return {
            "attachmentId": digest,
            "path": f"attachments/{digest}.{EXTENSIONS[media_type]}",
            "size": len(content),
            "mediaType": media_type,
        }

    async def find(self, caller: Caller, spec_id: str, name: str) -> Attachment:
        """The picture with this id, or this id with its extension. Raises `AttachmentNotFound`, `SpecNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        attachment_id, dot, extension = name.partition(".")
        missing = AttachmentNotFound(
            "This spec has no such picture. It may have been removed, because nothing named it any more."
        )
        if len(attachment_id) != 64 or not set(attachment_id) <= set("0123456789abcdef"):
            raise missing
        found = await self._store.attachment(spec_id, attachment_id)
        if found is None or (dot and extension != EXTENSIONS[found.media_type]):
            raise missing
        return found

    async def parts(self, spec_id: str, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of a picture in parts, of which one is in memory at a time."""
        number = 0
        while True:
            part = await self._store.attachment_part(spec_id, attachment.attachment_id, number)
            if part is None:
                return
            yield part
            number += 1

    async def _store_new(
        self, caller: Caller, spec_id: str, attachment: Attachment, content: bytearray
    ) -> None:
        self._documents.writes.count(caller.user)
        creator = (await self._store.spec(spec_id)).created_by
        try:
            async with self._documents.quotas.room(caller.user, creator, attachment.size):
                await self._store.add_attachment(spec_id, attachment, content, self._limits.attachments_bytes)
        except Full as full:
            raise AttachmentsFull(
                f"The pictures of this spec take {size(full.size)}, and may take "
                f"{size(self._limits.attachments_bytes)}. This one was not stored. Make it smaller, or put it into "
                "another spec.",
                limit=self._limits.attachments_bytes,
            ) from None

    def _check(self, declared: str, media_type: str | None) -> None:
        most = size(self._limits.attachment_bytes)
        if media_type is None or declared not in EXTENSIONS:
            raise UnsupportedMediaType(
                f"This is not a picture that a spec can hold, and was not stored. {TAKEN.format(most=most)}"
            )
        if declared != media_type:
            raise UnsupportedMediaType(
                f"The request says {declared}, but these bytes are {media_type}. Nothing was stored. Send them "
                "again with the right Content-Type.",
                mediaType=media_type,
            )
