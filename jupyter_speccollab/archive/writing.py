"""Writing an archive: a spec with its history up to one version, while users may go on editing.

The history is replayed while it is written, so that an archive that could not be imported again is never written.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Protocol

from jupyter_speccollab.archive.attachments import AttachmentCheck
from jupyter_speccollab.archive.flaw import BadArchive, Flaw
from jupyter_speccollab.archive.records import (
    CONTENTS,
    AnyRecord,
    ArchiveEnd,
    ArchiveHeader,
    Row,
    encode,
    record_of,
)
from jupyter_speccollab.archive.referenced_users import referenced_users
from jupyter_speccollab.archive.replay import Replay
from jupyter_speccollab.archive.threads import ThreadCheck
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    CorruptSnapshot,
    DeletedThread,
    Grant,
    LoggedOperation,
    Snapshot,
    SpecMissing,
    SpecRecord,
    Store,
    StoredAttribution,
    StoredMessage,
    StoredThread,
)

PAGE: Final = 1_000
"""The largest number of operations that are read at a time."""

CHARACTERS: Final = 4_000_000
"""The largest number of characters that are read at a time, unless the first operation alone has more."""


THREAD_BYTES: Final = 8_388_608
"""The bytes of threads that are read at a time, unless one thread has more."""


class Sink(Protocol):
    """A destination of uncompressed bytes."""

    def write(self, data: bytes, /) -> object:
        """Write all of ``data``."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an archive contains."""

    spec: SpecRecord
    revisions: int


async def write(store: Store, spec_id: str, sink: Sink) -> Written:
    """Write the spec as it is now: its entry, the access list and threads of the same moment, the log up to then.

    The revision of a version is read when its operation is written. Keeps the text, the ids of the users and a
    page of the log in memory. Raises `SpecMissing`, and `BadArchive` if the history is damaged, or if the spec
    is deleted or replaced during the export.
    """
    return await _Writing(store, spec_id, sink).run()


class _Writing:
    def __init__(self, store: Store, spec_id: str, sink: Sink) -> None:
        self._store = store
        self._spec_id = spec_id
        self._sink = sink
        self._replay = Replay()
        self._attachments = AttachmentCheck()
        self._threads = ThreadCheck(bounded=False)
        self._hash = sha256()
        self._lines = self._revisions = 0
        self._named: set[str] = set()
        self._found_unfolded = self._is_attributed = False

    async def run(self) -> Written:
        spec, grants, threads = await self._beginning()
        has_attachments = bool(await self._store.attachments(self._spec_id, limit=1))
        is_folded = await self._store.folded(self._spec_id) > 0
        has_threads = spec.threads_version > 0
        held = {"attachments": has_attachments, "attributions": is_folded, "threads": has_threads}
        self._put(ArchiveHeader(contents=tuple(name for name in CONTENTS if held[name])))
        await self._add(spec)
        for grant in grants:
            await self._add(grant)
        try:
            async for one in self._all_threads(spec, threads):
                await self._add(one)
            async for row in self._history(spec.version):
                await self._add(row)
            content_hash = self._replay.end(spec.version)
            if has_attachments:
                async for picture in self._pictures():
                    await self._add(picture)
            self._attachments.end()
        except (Flaw, CorruptSnapshot) as error:
            await self._check_still_there(spec)
            raise BadArchive(
                f"The history of this spec is damaged and can't be exported: {str(error).rstrip('.')}."
            ) from error
        await self._check_still_there(spec)
        self._put(ArchiveEnd(self._lines, content_hash, self._hash.hexdigest()))
        return Written(spec, self._revisions)

    async def _beginning(self) -> tuple[SpecRecord, list[Grant], Sequence[StoredThread]]:
        """Return the spec, with the access list and the first threads of the same moment. Raises `SpecMissing`."""
        while True:
            spec = await self._store.spec(self._spec_id)
            grants = list(await self._store.grants(self._spec_id))
            threads = await self._store.threads(self._spec_id, most_bytes=THREAD_BYTES)
            now = await self._store.spec(self._spec_id)
            if (now.access_version, now.threads_version) == (spec.access_version, spec.threads_version):
                return spec, grants, threads

    async def _all_threads(
        self, spec: SpecRecord, page: Sequence[StoredThread]
    ) -> AsyncIterator[StoredThread | StoredMessage | DeletedThread]:
        """Yield every thread, from ``page`` on, each followed by its messages; then the deleted ones."""
        while page:
            for thread in page:
                yield replace(thread, messages=())
                for message in thread.messages:
                    yield message
            page = await self._store.threads(self._spec_id, before=page[-1].changed, most_bytes=THREAD_BYTES)
        last = 0
        while deleted := await self._store.deleted_threads(self._spec_id, last):
            for gone in deleted:
                yield gone
            last = deleted[-1].changed
        with suppress(SpecMissing):
            if (await self._store.spec(self._spec_id)).threads_version != spec.threads_version:
                raise BadArchive("Somebody commented while the comments were exported: run it again.")

    async def _history(self, version: int) -> AsyncIterator[LoggedOperation | Snapshot | StoredAttribution]:
        """Yield every operation up to ``version``, each followed by the revision of its version.

        After folded operations, a revision is followed by its attribution: up to the first one after the last of
        them, from which on all others can be told.
        """
        for created in await self._store.revisions(self._spec_id, before=1):
            yield created
        after = 0
        while after < version:
            rows = await self._store.rows(self._spec_id, after, version, PAGE, CHARACTERS)
            if not rows:
                return
            # Read after the rows: a compaction that has folded some of them has saved its snapshot before.
            last = rows[-1].version
            listed = await self._store.revisions(self._spec_id, last + 1, len(rows), content=False)
            versions = {snapshot.version for snapshot in listed}
            for row in rows:
                if self._found_unfolded and row.changes is None:
                    raise BadArchive("Old operations were folded during the export: run it again.")
                self._found_unfolded = row.changes is not None
                yield row
                if row.version in versions:
                    snapshot = await self._store.snapshot(self._spec_id, at=row.version)
                    # Not found: it was thinned since the revisions were listed.
                    if snapshot is not None and snapshot.version == row.version:
                        yield snapshot
                        if self._replay.is_folded and not self._is_attributed:
                            stored = await self._store.attribution(self._spec_id, row.version)
                            if stored is not None and stored.version == row.version:
                                yield stored
                                self._is_attributed = self._found_unfolded
            after = last

    async def _pictures(self) -> AsyncIterator[Attachment | AttachmentPart]:
        """Yield every attachment, each followed by its parts."""
        after = ""
        while found := await self._store.attachments(self._spec_id, after):
            for attachment in found:
                yield attachment
                number = after_last = 0
                while after_last < attachment.size:
                    content = await self._store.attachment_part(
                        self._spec_id, attachment.attachment_id, number
                    )
                    if content is None:
                        raise BadArchive("A picture was removed during the export: run it again.")
                    yield AttachmentPart(attachment.attachment_id, number, content)
                    number, after_last = number + 1, after_last + len(content)
            after = found[-1].attachment_id

    async def _add(self, row: Row) -> None:
        new = referenced_users(row) - self._named
        if new:
            self._named |= new
            found = await self._store.users(new)
            for user_id in sorted(found):
                self._put(record_of(found[user_id]))
        match row:
            case SpecRecord():
                self._spec = row
            case StoredThread():
                self._threads.begin(row, self._spec)
                self._replay.anchor(row.anchor_version, row.anchor.end)
            case StoredMessage():
                self._threads.add(row)
            case DeletedThread():
                self._threads.delete(row, self._spec)
            case LoggedOperation():
                self._replay.operate(row)
            case Snapshot():
                self._replay.revise(row)
                self._revisions += 1
            case StoredAttribution():
                self._replay.attribute(row)
            case Attachment():
                self._attachments.begin(row)
            case AttachmentPart():
                self._attachments.add(row)
        self._put(record_of(row))

    def _put(self, record: AnyRecord) -> None:
        data = encode(record)
        self._hash.update(data)
        self._lines += 1
        self._sink.write(data)

    async def _check_still_there(self, spec: SpecRecord) -> None:
        """Raises `BadArchive` if the spec was deleted or replaced since ``spec`` was read."""
        epoch = None
        with suppress(SpecMissing):
            epoch = (await self._store.spec(self._spec_id)).epoch
        if epoch != spec.epoch:
            raise BadArchive("The spec was deleted or replaced during the export, so nothing was written.")
