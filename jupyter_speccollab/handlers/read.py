"""``/api/specs/:specId/read``: up to which version the caller has read a spec."""

from __future__ import annotations

from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, authorized_to
from jupyter_speccollab.protocol.bodies import MarkRead


class ReadHandler(SpecHandler):
    """Raises the read mark of the caller, also of one who may only read."""

    @authenticated
    @authorized_to("read")
    async def put(self, spec_id: str) -> None:
        version = (await self.body(MarkRead)).version
        marked = await self.services.read_marks.mark(self.caller, self.spec_id(spec_id), version)
        self.reply({"version": marked})
