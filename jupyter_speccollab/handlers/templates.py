"""``/api/specs/templates``: texts that a new spec can start from."""

from __future__ import annotations

import asyncio

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.service.specs.templates import templates_of


class TemplatesHandler(SpecHandler):
    """Lists the templates. Their files are read anew each time, so that an admin sees a change at once."""

    @authenticated
    @authorized
    async def get(self) -> None:
        found = await asyncio.to_thread(templates_of, self.services.templates_dir)
        self.reply({"templates": [each.to_wire() for each in found]})
