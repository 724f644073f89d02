"""A committed operation: one version of a document's history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from jupyter_speccollab.text import Operation


class CommittedOperation(Struct, frozen=True):
    """The operation that leads from ``version - 1`` to ``version``.

    ``components`` is the stored form of ``operation``: its wire form, where each delete also holds the deleted
    text as ``content``, so that it can be inverted and shown. ``fingerprint`` is the hex digest of the operations
    as received; it distinguishes a repeated submission from another one with the same id. ``session_id`` is
    ``None`` if no session sent it (PUT, restore). ``timestamp`` is UTC.
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
