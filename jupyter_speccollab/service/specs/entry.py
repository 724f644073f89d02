"""The entry of a spec in the form of the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.store.base import ReadState, SpecRecord


def entry_of(
    role: Role,
    record: SpecRecord,
    people: Sequence[Mapping[str, Any]],
    read: ReadState,
    threads: tuple[int, int],
) -> dict[str, Any]:
    """The entry, with the ``activeUsers``, the ``role`` of the user who asks, and how far they have read.

    ``threads``: how many threads are open, and how many of these mention the user, who has not answered.
    """
    open_threads, mentions = threads
    return {
        "specId": record.spec_id,
        "title": record.title,
        "description": record.description,
        "type": record.type,
        "status": record.status,
        "notebook": record.notebook,
        "role": role.label,
        "version": record.version,
        "lastModified": iso(record.modified_at),
        "lastModifiedBy": record.modified_by,
        "lastModifiedByName": record.modified_by_name,
        "activeUsers": people,
        "readVersion": read.version,
        "unread": read.unread,
        "openThreads": open_threads,
        "mentions": mentions,
    }
