"""``/api/specs/:specId/document``: reads and saves the whole text."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.document.name import name
from jupyter_speccollab.errors import InvalidMessage
from jupyter_speccollab.handlers.base import SpecHandler, stops_without_client
from jupyter_speccollab.protocol.bodies import SaveDocument
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.specs.document_text import Save


class DocumentHandler(SpecHandler):
    """Reads the document, and saves it: a save is merged with concurrent edits."""

    takes_text = True

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str) -> None:
        contents = self.services.contents
        async with contents.answer(self.caller):
            await self.deliver(await contents.read(self.caller, self.spec_id(spec_id)))

    @authenticated
    @authorized
    async def put(self, spec_id: str) -> None:
        contents = self.services.contents
        async with contents.saving(self.caller):
            spec = self.spec_id(spec_id)
            await self.deliver(await contents.save(self.caller, spec, await self._asked()))

    async def _asked(self) -> Save:
        """The save that the request asks for. Raises `InvalidMessage`, `InvalidContent` (the label)."""
        asked = await self.body(SaveDocument)
        operation_id = None if asked.operation_id is None else canonical_uuid(asked.operation_id)
        if operation_id is None and asked.operation_id is not None:
            raise InvalidMessage("operationId must be a UUID string.")
        label = None if asked.label is None else name(asked.label, "The label")
        on_conflict = self.get_query_argument("onConflict", "merge")
        if on_conflict not in ("merge", "reject"):
            raise InvalidMessage("onConflict is merge (the default) or reject.")
        return Save(asked.content, asked.version, label, operation_id, reject=on_conflict == "reject")
