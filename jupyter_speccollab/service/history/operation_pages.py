"""Pages of operations: what each version changed, for clients that run through the history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Raw
from msgspec.json import encode

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.service.history.versions import no_version
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.store.base import OperationsFolded

PAGE_BYTES: Final = 1024 * 1024
"""The largest size of the operations of a page in bytes of JSON, unless one operation is larger."""

Edit = tuple[int, str, str]
"""The text at a position goes, and another one comes there."""


class OperationPages:
    """Reads the log of a spec for clients, in pages of bounded size."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._access = access

    async def page(self, caller: Caller, spec_id: str, after: int, limit: int) -> dict[str, Any]:
        """The operations that led to the versions after ``after``, ascending, at most ``limit``.

        Raises `SpecNotFound`; `RevisionNotFound` if there is no version ``after``, or if what came after it was
        folded: ``details.nearest`` is then the first version from which the log can be read.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            if not 0 <= after <= document.version:
                raise no_version(document, after)
            people: dict[str, int] = {}
            names: dict[str, str] = {}
            entries: list[Raw] = []
            size = 0
            until = min(after + limit, document.version)
            try:
                async for committed in log(self._documents.store, spec_id, after, until):
                    person = people.setdefault(committed.author, len(people))
                    names[committed.author] = committed.author_shown
                    seconds = int(committed.timestamp.timestamp())
                    entry = encode((person, seconds, edits(committed)))
                    size += len(entry)
                    if entries and size > PAGE_BYTES:
                        break
                    entries.append(Raw(entry))
            except OperationsFolded:
                raise await self._folded(spec_id) from None
            last = after + len(entries)
            return {
                "epoch": document.epoch,
                "version": document.version,
                "after": after,
                "operations": entries,
                "people": [{"userId": user_id, "userName": names[user_id]} for user_id in people],
                "nextAfter": last if last < document.version else None,
            }

    async def _folded(self, spec_id: str) -> RevisionNotFound:
        """The error for operations that were folded: those of the oldest versions, without a gap."""
        first = await self._documents.store.folded(spec_id)
        return RevisionNotFound(
            f"What was changed up to version {first} was folded away to save space. The history can be read from "
            f"version {first}.",
            nearest=first,
        )


def edits(committed: CommittedOperation) -> Sequence[Edit]:
    """What an operation removed and inserted, at positions in the text before it, which descend."""
    found: list[Edit] = []
    for component in committed.components:
        position, content = component["position"], component["content"]
        if component["type"] == "delete":
            found.append((position, content, ""))
        elif found and found[-1][0] == position:
            found[-1] = (position, found[-1][1], content)
        else:
            found.append((position, "", content))
    return found
