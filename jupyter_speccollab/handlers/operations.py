"""``/api/specs/:specId/operations``: what each version of a spec changed."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client

MAX_PAGE_SIZE: Final = 2_000
"""The maximum number of operations in a page; a larger ``limit`` is reduced to it."""


class OperationsHandler(SpecHandler):
    """Lists the operations of a spec, oldest first."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        after = self.query_number("after", 0) or 0
        limit = min(self.query_number("limit", 500, least=1) or 500, MAX_PAGE_SIZE)
        pages = self.services.operation_pages
        async with self.services.revisions.answer(self.caller):
            await self.deliver(await pages.page(self.caller, self.spec_id(spec_id), after, limit))
