"""Export and import in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from jupyter_speccollab.document.committed import CommittedOperation
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    DeletedThread,
    Grant,
    LoggedOperation,
    Part,
    PartRefused,
    Snapshot,
    SpecIdTaken,
    SpecRecord,
    StoredAttribution,
    StoredThread,
)
from jupyter_speccollab.store.checks import refused, users_of_thread
from jupyter_speccollab.text import EMPTY, Change, operation_of, pack, unpack

from .state import MemoryState, StoredAttachment, StoredSpec


class MemoryTransfer(MemoryState):
    """Implements `TransferStore`."""

    async def rows(
        self, spec_id: str, after: int, until: int, limit: int, characters: int
    ) -> Sequence[LoggedOperation]:
        if spec_id not in self._specs:
            return ()
        spec = self._specs[spec_id]
        found: list[LoggedOperation] = []
        for committed in spec.log[after:until][:limit]:
            changes = None if committed.version <= spec.folded else pack(committed.components)
            characters -= sum(len(removed) + len(added) for _, removed, added in changes or ())
            if found and characters < 0:
                break
            found.append(_row(committed, changes))
        return tuple(found)

    async def import_spec(self, parts: Callable[[], Iterator[Part]]) -> None:
        stored: StoredSpec | None = None
        users = dict(self._users)
        for part in parts():
            if isinstance(part, User):
                users.setdefault(part.user_id, part)
            elif isinstance(part, SpecRecord):
                if part.spec_id in self._specs:
                    raise SpecIdTaken(part.spec_id)
                _require(part, {part.created_by, part.modified_by}, users)
                stored = StoredSpec(part)
            else:
                assert stored is not None
                _add(stored, part, users)
        assert stored is not None
        self._users = users
        self._specs[stored.record.spec_id] = stored


def _row(committed: CommittedOperation, changes: Sequence[Change] | None) -> LoggedOperation:
    return LoggedOperation(
        committed.version,
        committed.operation_id,
        committed.user_id,
        committed.session_id,
        changes,
        committed.timestamp,
        committed.fingerprint,
        committed.author_id,
        committed.thread_id,
    )


def _committed(row: LoggedOperation) -> CommittedOperation:
    return CommittedOperation(
        row.version,
        row.operation_id,
        row.user_id,
        "",
        row.session_id,
        EMPTY if row.changes is None else operation_of(row.changes),
        unpack(row.changes or ()),
        row.applied_at,
        row.fingerprint,
        row.author_id,
        None,
        row.thread_id,
    )


def _add(
    spec: StoredSpec,
    part: Grant
    | Snapshot
    | StoredAttribution
    | Attachment
    | AttachmentPart
    | StoredThread
    | DeletedThread
    | Sequence[LoggedOperation],
    users: Mapping[str, User],
) -> None:
    """Add a part of an import. Raises `PartRefused`."""
    if isinstance(part, Grant):
        _require(part, {part.granted_by}, users)
        spec.add_grant(part)
    elif isinstance(part, Snapshot):
        _require(part, {part.created_by}, users)
        spec.snapshots[part.version] = part
    elif isinstance(part, StoredAttribution):
        spec.attributions[part.version] = part.runs
    elif isinstance(part, Attachment):
        _require(part, {part.created_by}, users)
        spec.attachments[part.attachment_id] = StoredAttachment(part)
    elif isinstance(part, AttachmentPart):
        spec.attachments[part.attachment_id].parts.append(part.content)
    elif isinstance(part, StoredThread):
        _require(part, users_of_thread(part), users)
        spec.threads[part.thread_id] = part
    elif isinstance(part, DeletedThread):
        spec.deleted_threads[part.thread_id] = part
    else:
        _require(part, {row.author_id or row.user_id for row in part} | {row.user_id for row in part}, users)
        spec.append([_committed(row) for row in part])
        spec.folded += sum(row.changes is None for row in part)
        if len(spec.first_commits) < len(spec.log):
            raise PartRefused(refused(part))


def _require(part: Part, user_ids: set[str], users: Mapping[str, User]) -> None:
    if not user_ids <= users.keys():
        raise PartRefused(refused(part))
