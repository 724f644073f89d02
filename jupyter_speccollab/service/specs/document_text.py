"""DocumentText: reads and saves a document as a whole, for clients that do not follow it live."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import DocumentTooLarge, OperationIdReused, RevisionNotFound, VersionConflict
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.specs.active_users import active_collaborators
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import RevisionKind
from jupyter_speccollab.text import check_content

NAMESPACE: Final = UUID("0a4e3e83-4b0b-5f0f-8d4f-3f9a52f9f7c2")
"""The namespace of operationIds that are derived for saves without one."""


ANSWERS: Final = 8
"""How many documents that are read as a whole one user may have in memory at the same time."""

WAITING: Final = 200
"""How many such requests of a user may be under way at the same time."""


SAVES_WAITING: Final = 60
"""How many saves and restores of a user may be under way at the same time: as many as are allowed in a minute."""


@dataclass(frozen=True, slots=True)
class Save:
    """A whole text, edited from the text of ``version``."""

    content: str
    version: int
    label: str | None = None
    operation_id: str | None = None
    reject: bool = False
    """Whether to refuse the save, instead of merging it, if ``version`` is not the current version."""


class DocumentText:
    """Reads and saves whole texts; a save is merged like any other edit."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._workers = documents.workers
        self._store = documents.store
        self._access = access
        self._answers = Turns(
            ANSWERS,
            WAITING,
            f"{WAITING} requests for documents that you sent are not answered yet. Wait, and try again.",
        )
        self._saves = Turns(
            ANSWERS,
            SAVES_WAITING,
            f"{SAVES_WAITING} saves that you sent are not answered yet. Nothing was changed by this one. Wait, and "
            "try again.",
        )

    def answer(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """Wait until less than `ANSWERS` of the caller's are in memory; stay inside until the client has this one.

        Raises `RateLimited` if too many wait already.
        """
        return self._answers.turn(caller.user.user_id)

    def saving(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """As `answer`, for what changes a document and is answered with it."""
        return self._saves.turn(caller.user.user_id)

    async def read(self, caller: Caller, spec_id: str) -> dict[str, Any]:
        """The document at its current version. Raises `SpecNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            return await self._current(live)

    async def save(self, caller: Caller, spec_id: str, save: Save) -> dict[str, Any]:
        """Merge the change from the text at ``save.version`` to ``save.content``. Repeating a save has no effect.

        A repeat counts only against the number of repeats. It stores the revision if the first attempt did not get
        that far, and adds its label to a revision without one; it replaces no label.

        Raises `VersionConflict` (the version is ahead, too old or folded, or ``save.reject`` is set and it is not
        the current one), `OperationIdReused`, `RateLimited`, `QuotaExceeded`, `InvalidContent`,
        `DocumentTooLarge`, `SpecNotFound`, `Forbidden`.
        """
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        await asyncio.to_thread(check_content, save.content)
        longest = self._documents.limits.document_length
        if len(save.content) > longest:
            raise DocumentTooLarge(
                f"A document may hold {longest:,} characters; this one has {len(save.content):,}. Split it in two."
            )
        async with self._documents.use(spec_id) as live:
            merged = await self._merge(caller, live, save)
            return {**await self._current(live), "merged": merged}

    async def _merge(self, caller: Caller, live: LiveDocument, save: Save) -> bool:
        """Commit the save and store its revision, once; returns whether edits of others came in between."""
        spec_id, user = live.document.spec_id, caller.user
        save_key = f"{user.user_id}\n{save.version}\n{await asyncio.to_thread(content_hash, save.content)}"
        operation_id = save.operation_id or str(uuid5(NAMESPACE, save_key))
        fingerprint = hashlib.sha256(f"save\n{save_key}".encode()).hexdigest()[:32]
        first = (await self._store.first_commits(spec_id, [operation_id])).get(operation_id)
        if first is not None:
            if first.user_id != user.user_id or first.fingerprint != fingerprint:
                raise OperationIdReused(
                    f"Another edit was committed under this operationId, as version {first.version}. "
                    "Save again under a new one.",
                    version=first.version,
                )
            self._documents.repeats.count(user)
            await self._keep_again(live, caller, save, first.version)
            return first.version != save.version + 1
        self._documents.writes.count(user)
        await self._documents.long_texts.turn(user, len(save.content))
        more = len(save.content.encode())
        async with self._documents.quotas.room(user, live.entry.created_by, more):
            return await self._commit(caller, live, save, operation_id, fingerprint)

    async def _commit(
        self, caller: Caller, live: LiveDocument, save: Save, operation_id: str, fingerprint: str
    ) -> bool:
        user = caller.user
        await live.catch_up()
        current = live.document.version
        if save.version > current or (save.reject and save.version != current):
            raise VersionConflict(
                f"The document is at version {current}, not {save.version}. Read it again and save onto that.",
                currentVersion=current,
            )
        try:
            base = await text_at(self._store, live.document, save.version)
        except RevisionNotFound:
            raise VersionConflict(
                f"The text of version {save.version} was folded away to save space: nothing can be saved onto it. "
                f"The document is at version {current}: read it again, and save onto that.",
                currentVersion=current,
            ) from None
        async with self._workers.turn(user.user_id):
            operation = await self._workers.diff(str(base), save.content)
        if operation.is_empty:
            version = live.document.version
            await self._keep(live, caller, save, version)
            return version != save.version
        accepted = await live.committer.write(
            Submission(operation_id, user, save.version, operation, fingerprint, exact=save.reject),
            caller,
            Role.CONTRIBUTOR,
        )
        await self._keep(live, caller, save, accepted.version)
        return accepted.version != save.version + 1

    async def _keep_again(self, live: LiveDocument, caller: Caller, save: Save, version: int) -> None:
        """Store the revision of a repeated save, unless it is there, with a label if the repeat has one."""
        spec_id = live.document.spec_id
        for kept in await self._store.revisions(spec_id, version + 1, limit=1, content=False):
            labelled = save.label is None or kept.label is not None
            if kept.version == version and labelled and not kept.kind.is_automatic:
                return
        with suppress(RevisionNotFound):  # if folded since, its text is gone
            await self._keep(live, caller, save, version)

    async def _keep(self, live: LiveDocument, caller: Caller, save: Save, version: int) -> None:
        """Store the revision of the save."""
        if version > live.document.version:
            await live.catch_up()
        text = await text_at(self._store, live.document, version)
        kind = RevisionKind.LABELLED if save.label else RevisionKind.SAVED
        await live.snapshots.keep(version, text, caller.user, kind, save.label)

    async def _current(self, live: LiveDocument) -> dict[str, Any]:
        record = await live.catch_up()
        document = live.document
        content = str(document.text)
        version, digest = document.version, await asyncio.to_thread(content_hash, content)
        sessions = await self._documents.sessions([document.spec_id])
        return {
            "specId": document.spec_id,
            "version": version,
            "epoch": document.epoch,
            "content": content,
            "contentHash": digest,
            "lastModified": iso(record.modified_at),
            "lastModifiedBy": record.modified_by,
            "activeCollaborators": active_collaborators(sessions),
        }
