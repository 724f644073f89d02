"""``/api/specs/health``: the state of the server."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler


class HealthHandler(SpecHandler):
    """Answers with 200, or with 503 while the database is unavailable."""

    async def prepare(self, **options: Any) -> None:
        """Identify the caller without saving them, because saving needs the database."""
        self.saves_caller = False
        await super().prepare(**options)

    @authenticated
    @authorized
    async def get(self) -> None:
        self.reply(await self.services.health.report())
