"""Access: the access list of each spec."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.role import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A row of ``collaborators``: the role of a principal, who gave it and when."""

    principal: str
    role: Role
    granted_by: str
    granted_at: datetime


class AccessChanged(Exception):
    """The access list is no longer at the ``access_version`` that the commit or the change was checked against."""


class AccessStore(Protocol):
    """The ``collaborators`` table, and ``access_version`` of the spec."""

    async def access(self, spec_id: str) -> AccessList:
        """Return the access list. Raises `SpecMissing`."""

    async def roles(
        self, spec_ids: Collection[str], principals: Collection[str]
    ) -> Mapping[str, Mapping[str, Role]]:
        """Return the entries of ``principals`` by spec; specs without any are left out."""

    async def change_access(
        self, seen: AccessList, principal: str, role: Role | None, by: str, at: datetime
    ) -> AccessList:
        """Set an entry of the access list ``seen``, or remove it if ``role`` is ``None``; returns the new list.

        Increments the list's version by one. Raises `AccessChanged` if ``seen`` is not the current list, and
        `SpecMissing`; nothing is changed then.
        """

    async def grants(self, spec_id: str) -> Sequence[Grant]:
        """Return the entries with who gave them and when, sorted by principal. Raises `SpecMissing`."""
