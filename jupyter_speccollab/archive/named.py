"""Which users a record of an archive names."""

from __future__ import annotations

from jupyter_speccollab.archive.records import Row
from jupyter_speccollab.document.caller import GROUP
from jupyter_speccollab.document.user import User
from jupyter_speccollab.store.base import Grant, LoggedOperation, Snapshot, SpecRecord


def named_by(row: Row) -> set[str]:
    """Return the userIds that the row refers to; a `User` refers to nobody."""
    match row:
        case User():
            return set()
        case SpecRecord():
            return {row.created_by, row.modified_by}
        case Grant():
            return {row.granted_by} if row.principal.startswith(GROUP) else {row.granted_by, row.principal}
        case LoggedOperation():
            return {row.user_id}
        case Snapshot():
            return {row.created_by}
