"""``/api/specs`` and ``/api/specs/:specId``: list, create, change, delete and restore specs."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from jupyter_server.auth.decorator import authorized
from msgspec.structs import asdict
from tornado.web import authenticated

from jupyter_speccollab.document.name import name, one_line, paragraph
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client
from jupyter_speccollab.protocol.bodies import ChangeSpec, CreateSpec
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.specs.specs import NewSpec
from jupyter_speccollab.store.base import Choice, SpecOrder

MAX_PAGE_SIZE: Final = 200
"""The maximum number of specs in a page; a larger ``limit`` is reduced to it."""


class SpecsHandler(SpecHandler):
    """Lists specs, and creates one."""

    takes_text = True

    @authenticated
    @authorized
    @stops_without_client
    async def get(self) -> None:
        query = self.get_query_argument("q", "")
        cursor = self.get_query_argument("cursor", "") or None
        limit = min(self.query_number("limit", 50, least=1) or 50, MAX_PAGE_SIZE)
        query = normalize("NFC", query)[:200]
        if self.query_flag("trashed"):
            page = await self.services.trash.page(self.caller, query, cursor, limit)
        else:
            notebook = normalize("NFC", self.get_query_argument("notebook", ""))
            page = await self.services.specs.page(self.caller, query, cursor, limit, notebook, self._choice())
        if self.query_flag("facets"):
            page = {**page, "facets": await self.services.specs.facets(self.caller)}
        if self.get_query_argument("trashed", ""):  # asked by a client that knows of the trash
            page = {**page, "trashDays": self.services.trash.days}
        self.reply(page)

    def _choice(self) -> Choice:
        """Which specs the query asks for. Raises `InvalidMessage`."""
        order = self.get_query_argument("sort", "") or SpecOrder.CHANGED.value
        if order not in list(SpecOrder):
            raise InvalidMessage(f"sort is {', '.join(SpecOrder)}.")
        return Choice(
            SpecOrder(order),
            self.get_query_argument("status", "") or None,
            self.get_query_argument("type", "") or None,
            [self.caller.user.user_id] if self.query_flag("mine") else None,
            self.caller.user.user_id if self.query_flag("unread") else None,
        )

    @authenticated
    @authorized
    async def post(self) -> None:
        asked = await self.body(CreateSpec)
        spec_id = None if asked.spec_id is None else canonical_uuid(asked.spec_id)
        if spec_id is None and asked.spec_id is not None:
            raise InvalidMessage("specId must be a UUID string.")
        entry = checked_entry(asked)
        new = NewSpec(entry["title"], asked.content, entry["description"], entry["type"], spec_id)
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
        changes = checked_entry(await self.body(ChangeSpec))
        self.reply(await self.services.specs.update(self.caller, self.spec_id(spec_id), changes))

    @authenticated
    @authorized
    async def delete(self, spec_id: str) -> None:
        permanently = self.query_flag("permanently")
        await self.services.trash.delete(self.caller, self.spec_id(spec_id), permanently=permanently)
        self.reply({})


class UndeleteHandler(SpecHandler):
    """Takes a spec out of the trash."""

    @authenticated
    @authorized
    async def post(self, spec_id: str) -> None:
        self.reply(await self.services.trash.undelete(self.caller, self.spec_id(spec_id)))


CHECKS: Final = {"title": name, "description": paragraph, "type": one_line, "status": one_line}
"""What each field of an entry may contain."""


def checked_entry(asked: CreateSpec | ChangeSpec) -> dict[str, str]:
    """The fields of an entry that a body has, in NFC. Raises `InvalidContent`, `InvalidMessage` (a blank title)."""
    return {
        field: CHECKS[field](value, f"The {field}")
        for field, value in asdict(asked).items()
        if field in CHECKS and isinstance(value, str)
    }
