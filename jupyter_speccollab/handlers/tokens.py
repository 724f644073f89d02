"""``/api/specs/:specId/token``: a token for this spec."""

from __future__ import annotations

from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, authorized_to


class TokenHandler(SpecHandler):
    """Makes one; who may only read gets one that is only for reading."""

    @authenticated
    @authorized_to("read")
    async def post(self, spec_id: str) -> None:
        self.reply(await self.services.tokens.mint(self.caller, self.spec_id(spec_id)))
