"""Revisions: the labelled, saved and automatic snapshots of a document, and its text at any version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.protocol.codec import fingerprint
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.hunks import Hunk, hunks, hunks_without_steps
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.workers import Workers
from jupyter_speccollab.store.base import OperationsFolded, RevisionKind, Snapshot

PAGE_BYTES: Final = 8 * 1024 * 1024
"""The largest size of a page of revisions, in bytes of content."""


class Revisions:
    """Lists, reads, compares, labels and restores revisions."""

    def __init__(self, documents: Documents, access: Access, workers: Workers) -> None:
        self._documents = documents
        self._workers = workers
        self._store = documents.store
        self._access = access

    async def page(
        self, caller: Caller, spec_id: str, before: int | None, limit: int, content: bool
    ) -> dict[str, Any]:
        """A page of revisions, newest first. Raises `SpecNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            await live.snapshots.take_if_stale()
        found = await self._store.revisions(spec_id, before, limit + 1, content)
        shown = _fitting(found[:limit])
        return {
            "revisions": [_entry(snapshot) for snapshot in shown],
            "nextBefore": shown[-1].version if len(shown) < len(found) else None,
        }

    async def at(self, caller: Caller, spec_id: str, version: int) -> dict[str, Any]:
        """The document at a version. Raises `RevisionNotFound`, `SpecNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            content = str(await text_at(self._store, live.document, version))
            return {
                "specId": spec_id,
                "version": version,
                "epoch": live.document.epoch,
                "content": content,
                "contentHash": await asyncio.to_thread(content_hash, content),
                **await self._made_by(spec_id, version),
            }

    async def diff(self, caller: Caller, spec_id: str, version: int, against: int | None) -> dict[str, Any]:
        """The hunks from ``against`` (default: the version before) to ``version``. Raises `RevisionNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        start = max(version - 1, 0) if against is None else against
        older, newer = sorted((start, version))
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            old = await text_at(self._store, live.document, older)
            new = await text_at(self._store, live.document, newer)
        try:
            operations = await self._store.operations(spec_id, after=older, until=newer)
        except OperationsFolded:
            commits = await self._store.commits(spec_id, after=older, until=newer)
            found = await asyncio.to_thread(hunks_without_steps, old, new, commits)
        else:
            found = await asyncio.to_thread(hunks, old, new, operations)
        if start > version:
            found = _reversed(found)
        return {"from": start, "to": version, "hunks": [_hunk(hunk) for hunk in found]}

    async def label(self, caller: Caller, spec_id: str, label: str) -> dict[str, Any]:
        """Store the current text as a revision with a label. Raises `SpecNotFound`, `Forbidden`."""
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            return _entry(
                await live.snapshots.keep(
                    document.version, document.text, caller.user, RevisionKind.LABELLED, label
                )
            )

    async def restore(self, caller: Caller, spec_id: str, version: int) -> None:
        """Restore the text of an old version by a new edit. Raises `RevisionNotFound`, `Forbidden`."""
        await self._access.require(caller, spec_id, Role.ADMIN)
        self._documents.count_write(caller.user)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            old = str(await text_at(self._store, document, version))
            base, present = document.version, str(document.text)
            async with self._workers.turn(caller.user.user_id):
                operation = await self._workers.diff(present, old)
            if not operation.is_empty:
                operation_id = str(uuid4())
                accepted = await live.committer.write(
                    Submission(operation_id, caller.user, base, operation, fingerprint(operation_id)),
                    caller,
                    Role.ADMIN,
                )
                text = await text_at(self._store, document, accepted.version)
                await live.snapshots.keep(accepted.version, text, caller.user, RevisionKind.RESTORED)
                self._access.audit.record(
                    "spec-restored", caller, spec_id, version=accepted.version, restored=version
                )

    async def _made_by(self, spec_id: str, version: int) -> dict[str, Any]:
        """The user and time of a version. Version 0 was made by the creator of the spec."""
        if version:
            (committed,) = await self._store.commits(spec_id, after=version - 1, until=version)
            return {
                "modifiedBy": committed.user_id,
                "modifiedByName": committed.user_name,
                "modifiedAt": iso(committed.timestamp),
            }
        record = await self._store.spec(spec_id)
        users = await self._store.users([record.created_by])
        creator = users.get(record.created_by)
        return {
            "modifiedBy": record.created_by,
            "modifiedByName": creator.name if creator else "",
            "modifiedAt": iso(record.created_at),
        }


def parse_version(text: str) -> int:
    """Parse the version in a URL. Raises `RevisionNotFound`."""
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    raise RevisionNotFound(f"{text[:20]!r} is no version. Versions are whole numbers from 0.")


def _fitting(found: Sequence[Snapshot]) -> Sequence[Snapshot]:
    """The first of ``found``, as many as fit a page, but at least one."""
    size = 0
    for index, snapshot in enumerate(found):
        size += len((snapshot.content or "").encode())
        if size > PAGE_BYTES and index:
            return found[:index]
    return found


def _entry(snapshot: Snapshot) -> dict[str, Any]:
    entry = {
        "version": snapshot.version,
        "contentHash": snapshot.content_hash,
        "modifiedBy": snapshot.created_by,
        "modifiedByName": snapshot.created_by_name,
        "modifiedAt": iso(snapshot.created_at),
        "changesSummary": snapshot.changes_summary,
        "label": snapshot.label,
        "kind": (RevisionKind.AUTO if snapshot.kind.is_automatic else snapshot.kind).value,
    }
    return entry if snapshot.content is None else {**entry, "content": snapshot.content}


def _hunk(hunk: Hunk) -> dict[str, Any]:
    return {
        "position": hunk.position,
        "removed": hunk.removed,
        "added": hunk.added,
        "authors": [{"userId": user_id, "userName": name} for user_id, name in hunk.authors.items()],
    }


def _reversed(found: Sequence[Hunk]) -> list[Hunk]:
    """The hunks from the newer text to the older one: removed and added text are swapped."""
    shift = 0
    back = []
    for hunk in found:
        back.append(Hunk(hunk.position + shift, hunk.added, hunk.removed, hunk.authors))
        shift += len(hunk.added) - len(hunk.removed)
    return back
