"""``/api/specs/health``."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler


class HealthHandler(SpecHandler):
    """Whether the server can do its work: 200, or 503 while the database is away."""

    async def prepare(self, **options: Any) -> None:
        """As for every request, but without writing down who asks: that takes the database."""
        self.writes_callers_down = False
        await super().prepare(**options)

    @authenticated
    @authorized
    async def get(self) -> None:
        self.reply(await self.services.health.report())
