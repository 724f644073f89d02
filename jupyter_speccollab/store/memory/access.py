"""Access lists in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import AccessChanged, Grant

from .state import MemoryState


class MemoryAccess(MemoryState):
    """Implements `AccessStore`."""

    async def access(self, spec_id: str) -> AccessList:
        spec = self._spec(spec_id)
        return AccessList(spec_id, spec.record.access_version, spec.roles)

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        found = {
            spec_id: {who: role for who, role in self._specs[spec_id].roles.items() if who in principals}
            for spec_id in spec_ids
            if spec_id in self._specs
        }
        return {spec_id: entries for spec_id, entries in found.items() if entries}

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        spec = self._spec(seen.spec_id)
        if spec.record.access_version != seen.version:
            raise AccessChanged(seen.spec_id)
        self._require_users({by})
        spec.grants.pop(principal, None)
        if role is not None:
            spec.add_grant(Grant(principal, role, by, at))
        spec.record = replace(spec.record, access_version=seen.version + 1)
        return await self.access(seen.spec_id)

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        grants = self._spec(spec_id).grants
        return tuple(grants[principal] for principal in sorted(grants))
