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

    An accepted suggestion has a ``thread_id``, and ``author_id`` and ``author_name`` of who suggested it; the user
    is then who accepted it. All other operations have none of the three: their user is their author.
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
    author_id: str | None = None
    author_name: str | None = None
    thread_id: str | None = None

    @property
    def author(self) -> str:
        """The userId of who wrote what the operation inserts."""
        return self.user_id if self.author_id is None else self.author_id

    @property
    def author_shown(self) -> str:
        """The author's name."""
        return self.user_name if self.author_name is None else self.author_name
