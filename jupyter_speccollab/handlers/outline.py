"""``/api/specs/:specId/outline``: the headings, requirements and tasks of a text."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client


class OutlineHandler(SpecHandler):
    """Reads the outline at a version, the present one by default."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        version = self.query_number("version", None)
        await self.deliver(await self.services.outlines.at(self.caller, self.spec_id(spec_id), version))
