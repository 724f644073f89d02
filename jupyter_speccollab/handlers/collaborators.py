"""``/api/specs/:specId/collaborators``: the people and groups with a role in a spec."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.protocol.bodies import GiveRole


class CollaboratorsHandler(SpecHandler):
    """Lists the collaborators of a spec."""

    @authenticated
    @authorized
    async def get(self, spec_id: str) -> None:
        self.reply(await self.services.collaborators.all(self.caller, self.spec_id(spec_id)))


class CollaboratorHandler(SpecHandler):
    """Gives a role to a user or a group, or takes it away."""

    @authenticated
    @authorized
    async def put(self, spec_id: str, principal: str) -> None:
        spec, role = self.spec_id(spec_id), Role.named((await self.body(GiveRole)).role)
        self.reply(await self.services.collaborators.give(self.caller, spec, principal, role))

    @authenticated
    @authorized
    async def delete(self, spec_id: str, principal: str) -> None:
        self.reply(await self.services.collaborators.remove(self.caller, self.spec_id(spec_id), principal))
