"""Revisions: the labelled, saved and automatic snapshots of a document, and its text at any version."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final
from uuid import uuid4

from msgspec import Raw

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.content_hash import content_hash
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.submission import Submission
from jupyter_speccollab.errors import RevisionNotFound
from jupyter_speccollab.protocol.codec import encode_body, fingerprint
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.history.hunks import encoded, encoded_without_steps
from jupyter_speccollab.service.history.log import log
from jupyter_speccollab.service.history.steps import Steps
from jupyter_speccollab.service.history.versions import text_at
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.live.live_document import LiveDocument
from jupyter_speccollab.service.turns import Turns
from jupyter_speccollab.store.base import OperationsFolded, RevisionKind, Snapshot
from jupyter_speccollab.text import differing_length

PAGE_BYTES: Final = 8 * 1024 * 1024
"""The largest size of a page of revisions in bytes, unless one revision is larger."""

ANSWERS: Final = 2
"""How many answers about the history one user may have in memory at the same time."""

WAITING: Final = 20
"""How many requests about the history one user may have under way at the same time."""

LONG: Final = 100_000
"""The size of an entry, in bytes, after which other work of the event loop gets its turn."""

STEPS: Final = 20_000
"""The greatest number of versions between two whose operations are read to compare the two."""

PARTS: Final = 200_000
"""The greatest number of components in these operations."""

COST_OF_A_PART: Final = 10
"""A component costs as much as so many code points do in a comparison of two texts."""

CHEAP: Final = 10
"""So many code points that are only copied cost as much as one that is compared."""


class Revisions:
    """Lists, reads, compares, labels and restores revisions."""

    def __init__(self, documents: Documents, access: Access) -> None:
        self._documents = documents
        self._workers = documents.workers
        self._store = documents.store
        self._access = access
        self._answers = Turns(
            ANSWERS,
            WAITING,
            f"{WAITING} requests for old versions that you sent are not answered yet. Wait, and try again.",
        )

    def answer(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """Wait until less than `ANSWERS` of the caller's are in memory; stay inside until the client has this one.

        Raises `RateLimited` if too many wait already.
        """
        return self._answers.turn(caller.user.user_id)

    async def page(
        self, caller: Caller, spec_id: str, before: int | None, limit: int, content: bool
    ) -> dict[str, Any]:
        """A page of revisions, newest first. Raises `SpecNotFound`."""
        await self._access.require(caller, spec_id, Role.VIEWER)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            await asyncio.shield(
                live.snapshots.take_if_stale()
            )  # it writes: finish it though the client leaves
        found = await self._store.revisions(spec_id, before, limit, content, most_bytes=PAGE_BYTES)
        entries: list[Raw] = []
        last, size = None, 0
        for snapshot in found:
            entry = encode_body(_entry(snapshot))
            size += len(entry)
            if entries and size > PAGE_BYTES:
                break
            entries.append(Raw(entry))
            last = snapshot.version
            if len(entry) > LONG:
                await asyncio.sleep(0)
        more = last is not None and await self._store.revisions(spec_id, last, limit=1, content=False)
        return {"revisions": entries, "nextBefore": last if more else None}

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
        """The hunks from ``against`` (default: the version before) to ``version``, which are JSON already.

        Beyond `STEPS` versions or `PARTS` components between the two, and where some of them are folded, each hunk
        names all authors of these versions. Raises `RevisionNotFound`, `RateLimited`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        start = max(version - 1, 0) if against is None else against
        older, newer = sorted((start, version))
        async with self._documents.use(spec_id) as live, self._workers.turn(caller.user.user_id):
            await live.catch_up()
            old = str(await text_at(self._store, live.document, older))
            new = str(await text_at(self._store, live.document, newer))
            found = await self._hunks(spec_id, older, newer, old, new, backwards=start > version)
        return {"from": start, "to": version, "hunks": Raw(found)}

    async def _hunks(
        self, spec_id: str, older: int, newer: int, old: str, new: str, backwards: bool
    ) -> bytes:
        """The hunks between two versions with these texts, as JSON."""
        steps = await self._steps(spec_id, older, newer)
        if steps is not None:
            cost = COST_OF_A_PART * steps.size + steps.changed // CHEAP
            return await self._workers.run(cost, encoded, old, new, steps, backwards)
        authors = dict(await self._store.authors(spec_id, older, newer))
        cost = differing_length(old, new)
        return await self._workers.run(cost, encoded_without_steps, old, new, authors, backwards)

    async def _steps(self, spec_id: str, older: int, newer: int) -> Steps | None:
        """The steps from one version to the other; ``None`` if some are folded, or if they are too many."""
        if newer - older > STEPS:
            return None
        steps = Steps()
        with suppress(OperationsFolded):
            async for committed in log(self._store, spec_id, older, newer):
                steps.add(committed)
                if steps.size > PARTS:
                    return None
            return steps
        return None

    async def label(self, caller: Caller, spec_id: str, label: str) -> dict[str, Any]:
        """Store the current text as a revision with a label. Raises `SpecNotFound`, `Forbidden`."""
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        self._documents.writes.count(caller.user)
        async with self._documents.use(spec_id) as live:
            await self._documents.long_texts.turn(caller.user, len(live.document.text))
            await live.catch_up()
            document = live.document
            async with self._room(caller, live, str(document.text)):
                return _entry(
                    await live.snapshots.keep(
                        document.version, document.text, caller.user, RevisionKind.LABELLED, label
                    )
                )

    async def remove_label(self, caller: Caller, spec_id: str, version: int) -> None:
        """Take the label of a revision away; it stays as ``saved``. Nothing is done if it has none.

        Raises `RevisionNotFound`, `SpecNotFound`, `Forbidden`.
        """
        await self._access.require(caller, spec_id, Role.CONTRIBUTOR)
        self._documents.writes.count(caller.user)
        async with self._documents.use(spec_id) as live:
            present = (await live.catch_up()).version
            if version > present:
                raise RevisionNotFound(f"There is no version {version}; the document has 0 to {present}.")
            await self._store.remove_label(spec_id, version)

    async def restore(self, caller: Caller, spec_id: str, version: int) -> None:
        """Restore the text of an old version by a new edit. Raises `RevisionNotFound`, `Forbidden`."""
        await self._access.require(caller, spec_id, Role.ADMIN)
        self._documents.writes.count(caller.user)
        async with self._documents.use(spec_id) as live:
            await live.catch_up()
            document = live.document
            async with self._workers.turn(caller.user.user_id):
                old = str(await text_at(self._store, document, version))
                await self._documents.long_texts.turn(caller.user, len(old))
                base, present = document.version, str(document.text)
                operation = await self._workers.diff(present, old)
            if operation.is_empty:
                return
            async with self._room(caller, live, old):
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

    def _room(self, caller: Caller, live: LiveDocument, text: str) -> AbstractAsyncContextManager[None]:
        """Room for one more revision of this text. Raises `QuotaExceeded`."""
        more = len(text.encode())
        return self._documents.quotas.room(caller.user, live.entry.created_by, more)

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
