"""``/api/specs/:specId/attribution``: who wrote each letter of a text."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client


class AttributionHandler(SpecHandler):
    """Reads who wrote each letter at a version, the present one by default."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        version = self.query_number("version", None)
        async with self.services.revisions.answer(self.caller):
            await self.deliver(
                await self.services.attributions.at(self.caller, self.spec_id(spec_id), version)
            )
