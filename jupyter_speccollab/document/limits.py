"""The limits of rates, lengths and numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits that clients receive when they join; each can be configured (see `SpecCollabApp`).

    ``operations_per_minute`` counts the operations of a user over all specs, and ``writes_per_minute`` their saves,
    restores, new specs, labels and changes of entries. ``operation_length`` is the length of a frame's data as
    compact JSON, in UTF-16 units; ``frame_bytes`` is the size of the largest frame that a client may send;
    ``document_length`` is in code points; ``max_stale_versions`` is the greatest number of versions between an
    operation's base and the current version. ``specs_per_user`` and ``bytes_per_user`` count the specs that a user
    has created, with their history and pictures, and ``total_bytes`` all specs; 0 means that there is no limit.
    ``attachment_bytes`` is the size of the largest picture, ``attachments_bytes`` that of all pictures of a spec.
    """

    operations_per_minute: int = 100
    writes_per_minute: int = 60
    operation_length: int = 10_000
    frame_bytes: int = 65_536
    document_length: int = 2_000_000
    sessions_per_user: int = 5
    sessions_per_user_in_all: int = 50
    users_per_spec: int = 50
    cursor_updates_per_second: int = 20
    max_stale_versions: int = 1_000
    specs_per_user: int = 1_000
    bytes_per_user: int = 1 << 30
    total_bytes: int = 0
    attachment_bytes: int = 10 << 20
    attachments_bytes: int = 200 << 20

    def to_wire(self, *, attachments: bool = False) -> dict[str, int]:
        """The ``limits`` of ``session_joined``; with ``attachments`` also that of pictures."""
        limits = {
            "operationsPerMinute": self.operations_per_minute,
            "operationLength": self.operation_length,
            "frameBytes": self.frame_bytes,
            "documentLength": self.document_length,
            "sessionsPerUser": self.sessions_per_user,
            "usersPerSpec": self.users_per_spec,
            "cursorUpdatesPerSecond": self.cursor_updates_per_second,
            "maxStaleVersions": self.max_stale_versions,
        }
        return {**limits, "attachmentBytes": self.attachment_bytes} if attachments else limits
