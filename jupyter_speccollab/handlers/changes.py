"""``/api/specs/:specId/changes``: what came and went between two versions, by heading and requirement."""

from __future__ import annotations

from datetime import UTC, datetime

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client
from jupyter_speccollab.service.history.changes import Place


class ChangesHandler(SpecHandler):
    """Tells what changed since a version or a time."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        since, until = self._place("since", 0), self._place("until", None)
        async with self.services.revisions.answer(self.caller):
            changes = self.services.changes
            await self.deliver(await changes.between(self.caller, self.spec_id(spec_id), since, until))

    def _place(self, name: str, default: Place) -> Place:
        """A version or a time in the query. Raises `InvalidMessage`."""
        text = self.get_query_argument(name, "")
        if not text or (text.isascii() and text.isdigit()):
            return self.query_number(name, None) if text else default
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise InvalidMessage(
                f"{name} must be a version, or a time such as 2026-11-28T09:30:00Z."
            ) from None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
