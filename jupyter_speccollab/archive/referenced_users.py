"""Referenced users: the users that a record of an archive refers to."""

from __future__ import annotations

from collections.abc import Collection

from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.document.caller import GROUP
from jupyter_speccollab.store.base import (
    Attachment,
    Grant,
    LoggedOperation,
    Snapshot,
    SpecRecord,
    StoredMessage,
    StoredThread,
)


def referenced_users(row: Row) -> set[str]:
    """Return the userIds that the row refers to. A `User` row refers to no other user."""
    return {user_id for user_id in _named(row) if user_id is not None}


def _named(row: Row) -> Collection[str | None]:
    found: Collection[str | None] = ()
    match row:
        case SpecRecord():
            found = (row.created_by, row.modified_by)
        case Grant():
            found = (row.granted_by, None if row.principal.startswith(GROUP) else row.principal)
        case LoggedOperation():
            found = (row.user_id, row.author_id)
        case StoredThread():
            found = (row.created_by, row.resolved_by)
        case StoredMessage():
            found = (row.user_id, *row.mentions)
        case Snapshot() | Attachment():
            found = (row.created_by,)
    return found
