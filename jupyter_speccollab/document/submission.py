"""A submission: an operation that somebody wants committed."""

from __future__ import annotations

from msgspec import Struct

from jupyter_speccollab.document.cursor import Cursor
from jupyter_speccollab.document.user import User


class Submission(Struct, frozen=True):
    """An operation on the text of ``base_version``, not yet transformed.

    ``operations`` is a wire list as it came in, or an `Operation` made here. ``fingerprint`` tells a repeat
    from a reuse of the id. ``session_id`` is ``None`` for what no session sent. ``cursor`` holds after the
    operation. ``exact``: to be refused, not merged, where ``base_version`` is no longer the present one.
    """

    operation_id: str
    user: User
    base_version: int
    operations: object
    fingerprint: str
    session_id: str | None = None
    cursor: Cursor | None = None
    exact: bool = False
