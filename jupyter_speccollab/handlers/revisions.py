"""``/api/specs/:specId/revisions`` and below: the history of a spec."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.document.name import name
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client
from jupyter_speccollab.protocol.bodies import LabelRevision
from jupyter_speccollab.service.history.revisions import parse_version

MAX_PAGE_SIZE: Final = 100
"""The maximum number of revisions in a page; a larger ``limit`` is reduced to it."""


class RevisionsHandler(SpecHandler):
    """Lists the revisions, and labels the current text."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        before = self.query_number("before", None)
        limit = min(self.query_number("limit", 20, least=1) or 20, MAX_PAGE_SIZE)
        content = self.get_query_argument("content", "") or "true"
        if content not in ("true", "false"):
            raise InvalidMessage("content is true or false.")
        revisions = self.services.revisions
        async with revisions.answer(self.caller):
            page = await revisions.page(self.caller, self.spec_id(spec_id), before, limit, content == "true")
            await self.deliver(page)

    @authenticated
    @authorized
    async def post(self, spec_id: str) -> None:
        label = name((await self.body(LabelRevision)).label, "The label")
        async with self.services.contents.saving(self.caller):
            revision = await self.services.revisions.label(self.caller, self.spec_id(spec_id), label)
            self.set_status(201)
            await self.deliver(revision)


class RevisionHandler(SpecHandler):
    """Reads the document at a version."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str, version: str) -> None:
        revisions = self.services.revisions
        async with revisions.answer(self.caller):
            await self.deliver(await revisions.at(self.caller, self.spec_id(spec_id), parse_version(version)))


class RevisionDiffHandler(SpecHandler):
    """Compares two versions."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str, version: str) -> None:
        against = self.query_number("against", None)
        revisions = self.services.revisions
        async with revisions.answer(self.caller):
            await self.deliver(
                await revisions.diff(self.caller, self.spec_id(spec_id), parse_version(version), against)
            )


class LabelHandler(SpecHandler):
    """Takes the label of a revision away."""

    @authenticated
    @authorized
    async def delete(self, spec_id: str, version: str) -> None:
        await self.services.revisions.remove_label(self.caller, self.spec_id(spec_id), parse_version(version))
        self.reply({})


class RestoreHandler(SpecHandler):
    """Restores the text of a version."""

    @authenticated
    @authorized
    async def post(self, spec_id: str, version: str) -> None:
        contents = self.services.contents
        async with contents.saving(self.caller):
            await self.services.revisions.restore(self.caller, self.spec_id(spec_id), parse_version(version))
            await self.deliver(await contents.read(self.caller, self.spec_id(spec_id)))
