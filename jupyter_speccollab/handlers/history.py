"""``/api/specs/:specId/history``: the history of a spec by sittings."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.history.sittings import Asked

MAX_PAGE_SIZE: Final = 100
"""The maximum number of sittings in a page; a larger ``limit`` is reduced to it."""


class HistoryHandler(SpecHandler):
    """Lists the sittings of a spec."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        user = self.get_query_argument("user", "")
        user_id = canonical_uuid(user) if user else None
        if user and user_id is None:
            raise InvalidMessage("user must be a userId.")
        asked = Asked(
            self.query_number("before", None),
            min(self.query_number("limit", 20, least=1) or 20, MAX_PAGE_SIZE),
            user_id,
            self.get_query_argument("subject", "", strip=False) or None,
        )
        async with self.services.revisions.answer(self.caller):
            await self.deliver(await self.services.history.page(self.caller, self.spec_id(spec_id), asked))
