"""``/api/specs/:specId/token``: makes a token for a spec."""

from __future__ import annotations

from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, authorized_to


class TokenHandler(SpecHandler):
    """Makes a token with the caller's role, and ends such tokens. A viewer gets a token that can only read."""

    @authenticated
    @authorized_to("read")
    async def post(self, spec_id: str) -> None:
        self.reply(await self.services.tokens.mint(self.caller, self.spec_id(spec_id)))

    @authenticated
    @authorized_to("read")
    async def delete(self, spec_id: str) -> None:
        await self.services.tokens.end(self.caller, self.spec_id(spec_id))
        self.reply({})
