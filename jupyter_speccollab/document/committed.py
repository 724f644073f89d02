"""A committed operation: one version of a document's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from jupyter_speccollab.text import Operation


class CommittedOperation(Struct, frozen=True):
    """The operation that made ``version`` out of ``version - 1``.

    ``components`` is the stored form of ``operation``: its wire form, where each delete also holds the deleted
    text as ``content``, so that it can be inverted and shown. ``fingerprint`` is the hex digest of the operations
    as they were received, by which a repeat is told from a reuse of the id. ``session_id`` is ``None`` for what
    no session sent (PUT, restore). ``timestamp`` is UTC.
    """

    version: int
    operation_id: str
    user_id: str
    user_name: str
    session_id: str | None
    operation: Operation
    components: list[dict[str, Any]]
    timestamp: datetime
    fingerprint: str
