"""Grants: the access list of one open document, as this server knows it."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.store.base import Store


class Grants:
    """Holds the list, reads it again, and derives roles from it without a query.

    ``changed`` is called after each reading that found another version of the list. The list may be older than the
    store's; therefore a commit names the `version` of the list by which it was allowed, and the store refuses it
    if that version is no longer current.
    """

    def __init__(
        self, store: Store, access: Access, access_list: AccessList, changed: Callable[[], None]
    ) -> None:
        self._store = store
        self._access = access
        self._list = access_list
        self._changed = changed

    @property
    def version(self) -> int:
        """The version of the list."""
        return self._list.version

    def role_of(self, caller: Caller) -> Role:
        """The role of ``caller`` by this list and the default role."""
        return self._access.role(caller, self._list)

    async def read(self) -> None:
        """Read the list from the store. Raises `SpecMissing`, `StoreUnavailable`."""
        before, self._list = self._list, await self._store.access(self._list.spec_id)
        if self._list.version != before.version:
            self._changed()
