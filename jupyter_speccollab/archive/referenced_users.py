"""Referenced users: the users that a record of an archive refers to."""

from __future__ import annotations

from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.document.caller import GROUP
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import (
    Attachment,
    AttachmentPart,
    Grant,
    LoggedOperation,
    Snapshot,
    SpecRecord,
    StoredAttribution,
)


def referenced_users(row: Row) -> set[str]:
    """Return the userIds that the row refers to. A `User` row refers to no other user."""
    match row:
        case User() | AttachmentPart() | StoredAttribution():
            return set()
        case SpecRecord():
            return {row.created_by, row.modified_by}
        case Grant():
            return {row.granted_by} if row.principal.startswith(GROUP) else {row.granted_by, row.principal}
        case LoggedOperation():
            return {row.user_id}
        case Snapshot() | Attachment():
            return {row.created_by}
