"""``/api/specs`` and ``/api/specs/:specId``: list, create, change and delete specs."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.decorator import authorized
from msgspec.structs import asdict
from tornado.web import authenticated

from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.protocol.bodies import ChangeSpec, CreateSpec
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.text import check_content

MAX_PAGE_SIZE: Final = 200
"""The maximum number of specs in a page; a larger ``limit`` is reduced to it."""


class SpecsHandler(SpecHandler):
    """Lists specs, and creates one."""

    @authenticated
    @authorized
    async def get(self) -> None:
        query = self.get_query_argument("q", "")
        cursor = self.get_query_argument("cursor", "") or None
        limit = min(self.query_number("limit", 50, least=1) or 50, MAX_PAGE_SIZE)
        self.reply(await self.services.specs.page(self.caller, query[:200], cursor, limit))

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = self.body(CreateSpec)
        spec_id = None if asked.spec_id is None else canonical_uuid(asked.spec_id)
        if spec_id is None and asked.spec_id is not None:
            raise InvalidMessage("specId must be a UUID string.")
        for line in (asked.title, asked.description, asked.type):
            check_line(line)
        new = NewSpec(asked.title, asked.content, asked.description, asked.type, spec_id)
        self.reply(await self.services.specs.create(self.caller, new), status=201)


class SpecEntryHandler(SpecHandler):
    """Reads, changes or deletes the entry of a spec."""

    @authenticated
    @authorized
    async def get(self, spec_id: str) -> None:
        self.reply(await self.services.specs.get(self.caller, self.spec_id(spec_id)))

    @authenticated
    @authorized
    async def patch(self, spec_id: str) -> None:
        changes = {
            name: value for name, value in asdict(self.body(ChangeSpec)).items() if isinstance(value, str)
        }
        for value in changes.values():
            check_line(value)
        self.reply(await self.services.specs.update(self.caller, self.spec_id(spec_id), changes))

    @authenticated
    @authorized
    async def delete(self, spec_id: str) -> None:
        await self.services.specs.delete(self.caller, self.spec_id(spec_id))
        self.reply({})


def check_line(text: str) -> None:
    """Check a title, type or description. Raises `InvalidContent` for text that can't be stored."""
    check_content(text)
