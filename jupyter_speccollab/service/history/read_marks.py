"""Read marks: up to which version each user has read a spec, as that user's client says."""

from __future__ import annotations

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.roles import Access, not_found
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import SpecMissing


class ReadMarks:
    """Keeps the read marks of users. Opening a spec alone sets none."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._access = access

    async def mark(self, caller: Caller, spec_id: str, version: int) -> int:
        """Raise the caller's mark to ``version``, or to the present version if that is lower; returns the mark.

        Raises `SpecNotFound`, `RateLimited`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        self._documents.marks.count(caller.user)
        try:
            return await self._documents.store.mark_read(spec_id, caller.user.user_id, version)
        except SpecMissing:
            raise not_found() from None
